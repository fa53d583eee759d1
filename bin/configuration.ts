import { api } from './configuration/api.js';
import { embedded } from './configuration/settings.js';
import { HEADER_PREFIX, temporal } from './configuration/temporal.js';
import { worker } from './configuration/worker.js';

/** What a process is told by its environment: read once, here, and nowhere else. */
export { ownAlgorithm, ownAudience, ownIssuer, readApiConfiguration, type ApiConfiguration, type TokenSource } from './configuration/api.js';
export { databaseUrlOf, readCoreConfiguration, type CoreConfiguration } from './configuration/core.js';
export type { Environment } from './configuration/environment.js';
export type { ProcessConfiguration, TracingConfiguration } from './configuration/process.js';
export { readSettings, type Settings } from './configuration/settings.js';
export { temporalIfSet, temporalOf } from './configuration/temporal.js';
export type { TransportConfiguration } from './configuration/transports.js';
export { CACHED_WORKFLOWS, readWorkerConfiguration, type WorkerConfiguration } from './configuration/worker.js';

/** The names of all variables that are read; one that ends in `*` stands for all that begin so. */
export const variables: readonly string[] = [
  ...new Set([embedded, temporal, api, worker].flatMap((schema) => Object.keys(schema.shape))),
  `${HEADER_PREFIX}*`,
];
