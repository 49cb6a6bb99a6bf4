/**
 * `tsip install-links DIRECTORY [--force]`: links named ip, nsenter and unshare to the launchers, which start as the
 * originals do: a script in between would change the environment. The original has no such object.
 */
import { lstatSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { errnoOf, strerror } from '../kernel/system/errors.ts';
import { nativeFolder } from '../kernel/system/native.ts';
import { EXIT_FAILURE, EXIT_USAGE, UsageError } from '../schema/args.ts';
import type { Answer } from './completion/answer.ts';
import type { Command } from './frame/command.ts';

const USAGE = 'Usage: ip install-links DIRECTORY [--force]';

/** Names of the originals, and of the launchers that stand for them. */
const LINKS: Readonly<Record<string, string>> = { ip: 'tsip', nsenter: 'tsnsenter', unshare: 'tsunshare' };

export const installLinks: Command = (args, context) => {
  const words = args.rest;
  const [directory, another] = words.filter(word => word !== '--force');
  const force = words.includes('--force');
  if (directory === 'help' && another === undefined) {
    context.sink.write(`${USAGE}\n`);
    return 0;
  }
  if (directory === undefined || another !== undefined || directory.startsWith('-'))
    throw new UsageError(`install-links: one directory is required.\n${USAGE}`, EXIT_USAGE);
  const results = Object.entries(LINKS).map(([name, launcher]) =>
    makeLink(join(resolve(directory), name), join(nativeFolder(), launcher), force),
  );
  for (const problem of results) if (problem !== undefined) context.complain(problem);
  return results.every(problem => problem === undefined) ? 0 : EXIT_FAILURE;
};

/** The directory, which the shell completes, and the option. */
export function installLinksCandidates(before: readonly string[]): Answer {
  return {
    candidates: before.includes('--force')
      ? []
      : [{ word: '--force', about: 'replaces what has these names' }],
    ...(before.some(word => word !== '--force') ? {} : { paths: { kind: 'folders', prefix: '' } }),
  };
}

/** Makes a link, in the place of what stands there only if `force`; returns what is wrong. */
function makeLink(path: string, target: string, force: boolean): string | undefined {
  const fresh = `${path}.${process.pid}`;
  try {
    if (!force && lstatSync(path, { throwIfNoEntry: false }) !== undefined)
      return `${path} exists already; --force replaces it.`;
    symlinkSync(target, fresh);
    renameSync(fresh, path);
    return undefined;
  } catch (error) {
    rmSync(fresh, { force: true });
    return `Cannot make the link ${path}: ${strerror(errnoOf(error))}`;
  }
}
