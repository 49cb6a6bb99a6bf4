/** `ip vrf`: VRF devices, and which processes are associated with them. Sources: ip-vrf(8), vrf.rst of the kernel. */
import { readFileSync } from 'node:fs';
import { errnoOf, strerror } from '../kernel/errors.ts';
import { processesOfVrf, vrfOfProcess } from '../namespaces/vrf-association.ts';
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
import { decodeText, padEndBytes } from '../wire/text.ts';
import type { Context } from './context.ts';
import { isDeviceName, linkDumpRequest, linkGetRequest, SKIP_STATISTICS } from './link-filter.ts';

const USAGE = `Usage: ip vrf [show | list | lst] [NAME]
       ip vrf identify [PID]
       ip vrf pids NAME`;

const NAME_WIDTH = 16;
const NUMBER_WIDTH = 5;

/** Runs `ip vrf`. */
export async function vrf(args: Args, context: Context): Promise<number> {
  if (args.done || args.acceptPrefix('show', 'list', 'lst')) return showVrfs(args, context);
  if (args.acceptPrefix('identify')) return identifyProcess(args, context);
  if (args.acceptPrefix('pids')) return showProcesses(args, context);
  if (args.acceptPrefix('exec')) return refuseToExecute(args, context);
  if (args.acceptPrefix('help')) throw new UsageRequest(USAGE);
  throw new UsageError(`Command "${args.peek()}" is unknown, try "ip vrf help".`, EXIT_USAGE);
}

async function showVrfs(args: Args, context: Context): Promise<number> {
  const name = args.peek();
  if (name === undefined) return listVrfs(context);
  args.skip();
  if (!args.done) throw new UsageRequest(USAGE);
  const table = await findTable(name, context);
  if (table === undefined) throw new UsageError('Invalid VRF', EXIT_USAGE);
  const out = context.textOutput();
  out.list();
  out.open();
  out.field('name', name, `${name} `);
  out.field('table', table, `${table}\n`);
  out.close();
  out.end();
  return 0;
}

async function listVrfs(context: Context): Promise<number> {
  const out = context.output();
  let count = 0;
  out.list(undefined, `${padEndBytes('Name', NAME_WIDTH)}  Table\n${'-'.repeat(23)}\n`);
  for await (const batch of context.dump(linkDumpRequest({ kind: 'vrf' }, context.view, 0))) {
    for (const message of batch) {
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

/** The routing table of the VRF `name`; undefined if there is no such VRF. */
async function findTable(name: string, context: Context): Promise<number | undefined> {
  if (!isDeviceName(name)) return undefined;
  try {
    const request = linkGetRequest({ name }, SKIP_STATISTICS, 0);
    const [answer] = await context.session.request(request, 'answer');
    return answer === undefined ? undefined : tableOf(decodeLink(answer, DECODE));
  } catch {
    return undefined;
  }
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

async function showProcesses(args: Args, context: Context): Promise<number> {
  const [name, ...others] = args.rest;
  if (name === undefined || others.length > 0) throw new UsageError('Invalid arguments');
  if ((await findTable(name, context)) === undefined) throw new UsageError('Invalid VRF name');
  const processes = processesOfVrf(name, line => context.complain(line));
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

async function refuseToExecute(args: Args, context: Context): Promise<number> {
  const [name, command] = args.rest;
  if (name === undefined) throw new UsageError('No VRF name specified');
  if (command === undefined) throw new UsageError('No command specified');
  if (name !== 'default' && (await findTable(name, context)) === undefined) {
    throw new UsageError('Invalid VRF name', EXIT_USAGE);
  }
  throw new UsageError('Command "vrf exec" is not supported by tsip yet.');
}
