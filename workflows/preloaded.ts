import './index.js';

// What a worker evaluates once for all its workflows (bin/build.mjs): pure code, which keeps nothing of any of them.
// The SDK takes a stack trace of every promise; three frames tell where it was made, and cost a quarter of a worker's time less
// than ten (docs/performance.md).
Error.stackTraceLimit = 3;
