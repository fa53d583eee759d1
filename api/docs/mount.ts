import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import express, { type Express } from 'express';
import type { OpenApiDocument } from '../openapi/document.js';

const initializer = `window.onload = () => {
  window.ui = SwaggerUIBundle({
    url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis], layout: 'BaseLayout',
  });
};
`;

/** Where its files lie: found, and not loaded, for its scripts are the browser's. */
const assets = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/**
 * `/openapi.json`, and `/docs` from files of the package alone: nothing is fetched from elsewhere. The document is made when it is
 * first asked for.
 */
export function mountDocs(app: Express, describe: () => OpenApiDocument): void {
  let document: OpenApiDocument | null = null;
  const page = readFileSync(`${assets}/index.html`, 'utf8')
    .replaceAll(/(href|src)="(\.\/)?/g, '$1="/docs/')
    .replace('<title>Swagger UI</title>', '<title>Threefold API</title>');
  app.get('/openapi.json', (_request, response) => {
    response.locals['route'] = '/openapi.json';
    document ??= describe();
    response.json(document);
  });
  app.get('/docs', (_request, response) => {
    response.locals['route'] = '/docs';
    response.type('html').send(page);
  });
  app.get('/docs/swagger-initializer.js', (_request, response) => {
    response.type('js').send(initializer);
  });
  app.use('/docs', (_request, response, next) => {
    response.locals['route'] = '/docs/*';
    next();
  }, express.static(assets, { index: false, maxAge: '1h' }));
}
