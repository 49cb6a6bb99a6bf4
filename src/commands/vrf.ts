/** `ip vrf`: VRF devices, and processes associated with them. Sources: ip-vrf(8), vrf.rst of the kernel. */

import { readFileSync } from 'node:fs';
import { type Ask, answerTo } from '../kernel/netlink/request-sync.ts';
import { dropCapabilities } from '../kernel/system/capabilities.ts';
import { errnoOf, strerror } from '../kernel/system/errors.ts';
import { RTEXT_FILTER_SKIP_STATS } from '../linux/rtnetlink.ts';
import { joinVrf, processesOfVrf, type Vrf, vrfOfProcess } from '../namespaces/inventory/vrf-association.ts';
import { programPlan } from '../namespaces/plans/named-plan.ts';
import { vrf as vrfKind } from '../rtnetlink/kinds/vrf.ts';
import { decodeLink, type Link, link } from '../rtnetlink/link.ts';
import {
  type Args,
  EXIT_FAILURE,
  EXIT_USAGE,
  UsageError,
  UsageRequest,
  wrongArgument,
} from '../schema/args.ts';
import { parseUnsigned } from '../schema/number.ts';
import type { Message } from '../wire/message.ts';
import { decodeText, padEndBytes } from '../wire/text.ts';
import type { Context } from './frame/context.ts';
import { CommandFailed } from './frame/report.ts';
import { isDeviceName, linkDumpRequest, linkGetRequest } from './grammar/link-filter.ts';

const USAGE = `Usage: ip vrf [show | list | lst] [NAME]
       ip vrf identify [PID]
       ip vrf pids NAME
       ip vrf exec NAME|default PROGRAM [ARGUMENT ...]`;

const NAME_WIDTH = 16;
const NUMBER_WIDTH = 5;

/** Runs `ip vrf`. */
export async function vrf(args: Args, context: Context): Promise<number> {
  if (args.done || args.acceptPrefix('show', 'list', 'lst')) return showVrfs(args, context);
  if (args.acceptPrefix('identify')) return identifyProcess(args, context);
  if (args.acceptPrefix('pids')) return showProcesses(args, context);
  if (args.acceptPrefix('exec')) return execute(args, context);
  if (args.acceptPrefix('help')) throw new UsageRequest(USAGE);
  throw new UsageError(`Command "${args.peek()}" is unknown, try "ip vrf help".`, EXIT_USAGE);
}

async function showVrfs(args: Args, context: Context): Promise<number> {
  const name = args.peek();
  if (name === undefined) return listVrfs(context);
  args.skip();
  if (!args.done) throw new UsageRequest(USAGE);
  const found = findVrf(context.ask, name);
  if (found === undefined) throw new UsageError('Invalid VRF', singleExitCode(context));
  const out = context.textOutput();
  out.list();
  out.open();
  out.field('name', name, `${name} `);
  out.field('table', found.table, `${found.table}\n`);
  out.close();
  out.end();
  return 0;
}

async function listVrfs(context: Context): Promise<number> {
  // Of a refused list nothing is shown.
  const messages: Message[] = [];
  const request = linkDumpRequest({ kind: 'vrf' }, context.view, 0);
  for await (const batch of context.dump(request, { exitCode: EXIT_USAGE })) messages.push(...batch);
  const out = context.output();
  let count = 0;
  out.list(undefined, `${padEndBytes('Name', NAME_WIDTH)}  Table\n${'-'.repeat(23)}\n`);
  for (const message of messages) {
    const found = decodeLink(message, DECODE);
    const table = tableOf(found);
    if (found?.ifname === undefined || table === undefined) continue;
    out.open();
    out.field('name', found.ifname, padEndBytes(found.ifname, NAME_WIDTH));
    out.field('table', table, ` ${String(table).padStart(NUMBER_WIDTH)}`);
    out.text('\n');
    out.close();
    count++;
  }
  out.end(count === 0 ? 'No VRF has been configured\n' : '');
  return 0;
}

const DECODE = link.select(['ifname', 'linkinfo']);

/** The routing table of a VRF device; undefined for devices of other kinds. */
function tableOf(found: Link | undefined): number | undefined {
  const { kind, data } = found?.linkinfo ?? {};
  if (kind !== 'vrf' || data === undefined) return undefined;
  return vrfKind.table.decode(data, 0, data.length).table;
}

/** What the original ends with for want of a VRF: 255 alone, an ordinary failure in a batch. */
function singleExitCode({ isBatch }: Context): number {
  return isBatch ? EXIT_FAILURE : EXIT_USAGE;
}

interface FoundVrf extends Vrf {
  /** Its routing table. */
  readonly table: number;
}

/** The VRF `name`; undefined if there is no such VRF. */
function findVrf(ask: Ask, name: string): FoundVrf | undefined {
  if (!isDeviceName(name)) return undefined;
  const answer = answerTo(ask, linkGetRequest({ name }, RTEXT_FILTER_SKIP_STATS, 0));
  const found = answer === undefined ? undefined : decodeLink(answer, DECODE);
  const table = tableOf(found);
  return found === undefined || table === undefined ? undefined : { name, index: found.header.index, table };
}

function identifyProcess(args: Args, context: Context): number {
  const word = args.done ? String(process.pid) : args.next();
  const pid = parseUnsigned(word, 0xffffffff, 10);
  if (pid === undefined) throw wrongArgument(word, 'Invalid pid\n');
  if (!args.done) throw wrongArgument(args.next(), 'Extra arguments specified\n');
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

function showProcesses(args: Args, context: Context): number {
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

/** Becomes the program, associated with the VRF; in a batch, runs it in a child. `default` is no VRF. */
function execute(args: Args, context: Context): number {
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
