/** How plans of nsenter and unshare end: with the user's program, or the login shell where none is named. */
import type { Step } from '../../kernel/plans/plan.ts';

/** Exit statuses as shells use them: no such program, and one that cannot be executed. */
const STATUSES = { missing: 127, otherwise: 126 } as const;

/** The last step of a plan that runs `command`. */
export function programSteps(command: readonly string[]): Step[] {
  if (command.length === 0) return [{ step: 'shell', ...STATUSES, fails: '' }];
  return [{ step: 'exec', argv: command, ...STATUSES, fails: `failed to execute ${command[0]}` }];
}
