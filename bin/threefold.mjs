#!/usr/bin/env node
import { existsSync } from 'node:fs';

const command = new URL('../dist/bin/threefold.js', import.meta.url);
if (existsSync(command)) {
  // Stack traces tell lines of the source. Not by Node's option: the threads that workflows run in would have it too, where the SDK
  // takes a trace of every promise.
  process.setSourceMapsEnabled(true);
  const { main } = await import(command.href);
  await main(process.argv.slice(2));
} else {
  console.error('Threefold is not built yet: run "npm run build" first.');
  process.exitCode = 2;
}
