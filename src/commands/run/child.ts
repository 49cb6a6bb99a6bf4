/** The command that `tsip run` is about: started as a program of this process group, waited for, and its end passed on. */
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { startPlan } from '../../kernel/plans/exec.ts';
import { SystemError } from '../../kernel/system/errors.ts';
import { native } from '../../kernel/system/native.ts';

/** How a command ends that cannot be found, or not be executed. */
const PROGRAM_STATUSES = { missing: 127, otherwise: 126 } as const;
/** Signals that a terminal sends to us and the command alike: we wait for its end. */
const SHARED_SIGNALS = ['SIGINT', 'SIGQUIT'] as const;
/** Signals that are sent to us alone, and meant for the command. */
const FORWARDED_SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGALRM'] as const;

/** How a command has ended. */
export interface CommandEnd {
  readonly status: number;
  /** Number of the signal that killed it; 0 if none did. */
  readonly signal: number;
}

/** Starts a command with this process's variables, and resolves when it ends. Rejects if there can be no child. */
export async function runCommand(argv: readonly string[], program: string): Promise<CommandEnd> {
  const [name = ''] = argv;
  const plan = {
    program,
    failure: PROGRAM_STATUSES.otherwise,
    steps: [{ step: 'exec', argv, ...PROGRAM_STATUSES, fails: `failed to execute ${name}` }],
  } as const;
  let end = (): void => undefined;
  const ended = new Promise<void>(resolve => {
    end = resolve;
  });
  let child = 0;
  // Node reaps no children but those that it has started itself.
  const onChild = () => child > 0 && isZombie(child) && end();
  process.on('SIGCHLD', onChild);
  const ignore = () => undefined;
  for (const signal of SHARED_SIGNALS) process.on(signal, ignore);
  for (const signal of FORWARDED_SIGNALS) process.on(signal, () => process.kill(child, signal));
  child = startPlan(plan, [program, 'run']);
  const keepAlive = setInterval(ignore, 1 << 30);
  onChild();
  await ended;
  clearInterval(keepAlive);
  process.off('SIGCHLD', onChild);
  const status = native.waitpid(child, 0);
  if (status < 0) throw new SystemError('waitpid', -status);
  return { status: (status >> 8) & 0xff, signal: status & 0x7f };
}

function isZombie(pid: number): boolean {
  try {
    return /^\d+ \(.*\) Z /s.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return true;
  }
}

/** Ends this process as the command has ended: by its status, or its signal. */
export function endAs({ status, signal }: CommandEnd): number {
  if (signal === 0) return status;
  for (const name of [...SHARED_SIGNALS, ...FORWARDED_SIGNALS]) process.removeAllListeners(name);
  const [name] = Object.entries(constants.signals).find(([, number]) => number === signal) ?? [];
  if (name !== undefined && name !== 'SIGKILL') {
    process.removeAllListeners(name as NodeJS.Signals);
    process.kill(process.pid, name as NodeJS.Signals);
  }
  return 128 + signal;
}
