/** `ip vrf identify`, `pids` and `exec`: processes associated with VRFs. */

import { readFileSync } from 'node:fs';
import { dropCapabilities } from '../../kernel/system/capabilities.ts';
import { errnoOf, strerror } from '../../kernel/system/errors.ts';
import { joinVrf, processesOfVrf, vrfOfProcess } from '../../namespaces/inventory/vrf-association.ts';
import { programPlan } from '../../namespaces/plans/named-plan.ts';
import { type Args, EXIT_FAILURE, UsageError, wrongArgument } from '../../schema/args.ts';
import { parseUnsigned } from '../../schema/number.ts';
import { decodeText } from '../../wire/text.ts';
import type { Context } from '../frame/context.ts';
import { CommandFailed } from '../frame/report.ts';
import { findVrf, singleExitCode } from './show.ts';

const NUMBER_WIDTH = 5;

/** `ip vrf identify [PID]`. */
export function identifyProcess(args: Args, context: Context): number {
  const word = args.done ? String(process.pid) : args.next();
  const pid = parseUnsigned(word, 0xffffffff, 10);
  if (!args.done) throw wrongArgument(args.next(), 'Extra arguments specified\n');
  if (pid === undefined) throw wrongArgument(word, 'Invalid pid\n');
  try {
    const name = vrfOfProcess(pid);
    const out = context.textOutput();
    out.list();
    out.open();
    if (name !== undefined) out.field('name', name, `${name}\n`);
    out.close();
    out.end();
    return 0;
  } catch (error) {
    throw new UsageError(`Failed to lookup vrf association: ${strerror(errnoOf(error))}`, EXIT_FAILURE);
  }
}

/** `ip vrf pids NAME`. */
export function showProcesses(args: Args, context: Context): number {
  const [name, ...others] = args.rest;
  if (name === undefined || others.length > 0) throw new UsageError('Invalid arguments');
  if (findVrf(context.ask, name) === undefined) throw new UsageError('Invalid VRF name');
  const processes = processesOfVrf(context.kernel, name, line => context.complain(line));
  if (processes === undefined) return EXIT_FAILURE;
  const out = context.textOutput();
  out.list();
  for (const pid of processes) {
    const command = commandOf(pid);
    out.open();
    out.field('pid', Number(pid), `${pid.padStart(NUMBER_WIDTH)}  `);
    out.field('name', command, `${command}\n`);
    out.close();
  }
  out.end();
  return 0;
}

function commandOf(pid: string): string {
  try {
    return decodeText(readFileSync(`/proc/${pid}/comm`)).trimEnd();
  } catch {
    return '';
  }
}

/** `ip vrf exec`: becomes the program, associated with the VRF; in a batch, runs it in a child. `default` is not a VRF. */
export function execute(args: Args, context: Context): number {
  const [name, ...argv] = args.rest;
  if (name === undefined) throw new UsageError('No VRF name specified');
  if (argv.length === 0) throw new UsageError('No command specified');
  if (context.strict !== undefined) context.strict.isGivenAway = true;
  const exitCode = singleExitCode(context);
  const vrf = name === 'default' ? undefined : findVrf(context.ask, name);
  if (name !== 'default' && vrf === undefined) throw new UsageError('Invalid VRF name', exitCode);
  const complain = (line: string) => context.complain(line);
  context.giveTerminalAway();
  const rejoin = context.options.dryRun ? () => undefined : joinVrf(context.kernel, vrf, complain);
  if (rejoin === undefined) throw new CommandFailed(exitCode);
  const title = ['ip', 'vrf', 'exec', name];
  if (!context.isBatch) {
    dropCapabilities();
    return context.kernel.plans.exec(programPlan(argv), title);
  }
  const { status } = context.kernel.plans.spawn(programPlan(argv), title);
  rejoin();
  // A child killed by a signal ends the batch, as with netns exec.
  if (status === undefined) process.exit(EXIT_FAILURE);
  return status === 0 ? 0 : EXIT_FAILURE;
}
