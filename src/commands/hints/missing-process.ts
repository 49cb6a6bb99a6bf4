/** A process that has ended, or never was. */
import { ENOENT } from '../../linux/errno.ts';
import type { Hint } from './failure.ts';
import { systemErrorOf, wordAfter } from './request.ts';

export const missingProcess: Hint = ({ words, error }, system) => {
  const systemError = systemErrorOf(error);
  if (systemError?.errno !== ENOENT) return undefined;
  const pid =
    /\/proc\/(\d+)\/ns\//.exec(systemError.phrase)?.[1] ??
    (systemError.phrase === 'Cannot open network namespace' ? wordAfter(words, 'identify') : undefined);
  if (pid === undefined || !/^\d+$/.test(pid) || system.isProcess(Number(pid))) return undefined;
  return `there is no process ${pid} here: it has ended, or is in another PID namespace`;
};
