import { fileURLToPath } from 'node:url';

/** The workflow bundle that the build makes: what workers run and replays replay. */
export const BUNDLE = fileURLToPath(new URL('../workflows.bundle.js', import.meta.url));
