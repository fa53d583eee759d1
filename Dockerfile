# syntax=docker/dockerfile:1

# The newest long-term release of Node that Threefold was tried on; "npm run check:image" tries these steps without a container engine.
ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-bookworm-slim AS build
WORKDIR /app
# What seldom changes comes first, so that it is kept; scripts wait, for one of them builds.
COPY package.json package-lock.json ./
COPY bin/package.json bin/
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build
RUN npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund && node deploy/image/trim.mjs

# glibc, certificates and a user, and no shell: the native part of the Temporal SDK needs glibc, nothing here needs a shell.
FROM gcr.io/distroless/cc-debian12:nonroot
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Threefold" \
      org.opencontainers.image.description="Customer complaints through three levels, each one durable Temporal workflow" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
WORKDIR /app
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=build /app/package.json /app/LICENSE /app/NOTICE ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/bin/threefold.mjs bin/
COPY --from=build /app/deploy/image/health.mjs deploy/image/
ENV NODE_ENV=production \
    HOST=0.0.0.0
USER 65532:65532
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["/usr/local/bin/node", "deploy/image/health.mjs"]
ENTRYPOINT ["/usr/local/bin/node", "bin/threefold.mjs"]
CMD ["api"]
