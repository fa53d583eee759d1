/** Where the bare workflow's tasks go: the same namespace and server, workers of its own. */
export const BARE_QUEUE = 'bench-bare';
