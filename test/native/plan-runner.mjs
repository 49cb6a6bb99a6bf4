/**
 * Runs a program with words before its environment, as exec.ts runs nsexec, for tests: reads a JSON list of
 * `{ path, argv, words }` (strings of latin1) on stdin and writes the list of wait statuses on descriptor 3.
 * Node's own child_process cannot pass such an environment.
 */
import { readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const addon = createRequire(import.meta.url)(
  resolve(import.meta.dirname, `../../native/${process.arch}/tsip.node`),
);
const bytes = text => Buffer.from(text, 'latin1');
const F_SETFD = 2;
for (const descriptor of [0, 1, 2]) addon.fcntl(descriptor, F_SETFD, 0);
const statuses = JSON.parse(readFileSync(0, 'utf8')).map(({ path, argv, words }) => {
  const child = addon.spawn(bytes(path), argv.map(bytes), words.map(bytes));
  return child < 0 ? child : addon.waitpid(child, 0);
});
writeSync(3, JSON.stringify(statuses));
