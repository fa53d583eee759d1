import { fileURLToPath } from 'node:url';

/** The workflow bundle that the build makes: what workers run and replays replay. */
export const BUNDLE = fileURLToPath(new URL('../workflows.bundle.js', import.meta.url));

/** The same workflows with what carries traces through them, for workers whose traces go somewhere. The histories are the same. */
export const TRACED_BUNDLE = fileURLToPath(new URL('../workflows.traced.bundle.js', import.meta.url));

/** The version that they were built from. */
export const BUNDLED = fileURLToPath(new URL('../workflows.version', import.meta.url));
