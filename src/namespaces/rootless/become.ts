/** Replaces this process by a program in the namespaces that a process of the user holds. */
import { systemPlans } from '../../kernel/plans/exec.ts';
import { native } from '../../kernel/system/native.ts';
import { F_SETFD } from '../../linux/sockets.ts';
import type { Warn } from '../named.ts';
import { joiningPlan } from '../plans/rootless-plan.ts';
import { rootlessFolder } from './folder.ts';
import { openOrStart } from './holder.ts';
import { ROOTLESS_VARIABLE } from './variable.ts';

/**
 * Becomes `argv`, in the working directory that this process has. `program` is what complaints begin with, `title` what the
 * command line shows until then. Returns only by throwing: RootlessError where there can be no such namespaces.
 */
export function becomeInside(
  program: string,
  argv: readonly string[],
  title: readonly string[],
  warn: Warn = () => undefined,
): never {
  const folder = rootlessFolder(true)!;
  const joined = openOrStart(folder, warn);
  for (const descriptor of joined.values()) native.fcntl(descriptor, F_SETFD, 0);
  // Where a program inside finds what is kept.
  const variables = {
    [ROOTLESS_VARIABLE]: folder.path,
    TSIP_NETNS_DIR: folder.names,
    TSIP_LAB_DIR: folder.labs,
  };
  systemPlans.exec(joiningPlan({ program, joined, cwd: process.cwd(), variables, argv }), title);
  throw new Error('this process has not been replaced');
}
