#!/usr/bin/env node
import { existsSync } from 'node:fs';

const command = new URL('../dist/bin/threefold.js', import.meta.url);
if (existsSync(command)) {
  const { main } = await import(command.href);
  await main(process.argv.slice(2));
} else {
  console.error('Threefold is not built yet: run "npm run build" first.');
  process.exitCode = 2;
}
