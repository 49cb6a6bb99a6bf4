/** Which calls of ip the engine makes: those that need nothing of their process but what it can take on for a call. */
import { isPrefixOf } from '../../schema/args.ts';
import type { GlobalOptions } from '../frame/options.ts';
import { findObject } from '../objects.ts';
import { type Caller, isInVrf } from './caller.ts';

/** How calls of an object are made: by the engine, by a process for each, or by a process for some of its commands. */
type Service = 'engine' | 'process' | SomeByProcess;

interface SomeByProcess {
  /**
   * The shortest beginnings that mean a command which needs a process: what begins with one is such a command. The command
   * that an object has without a word is `show`.
   */
  readonly process: readonly string[];
}

/** Dumps as bytes, on standard output or from standard input: save, showdump, restore. */
const DUMPS = ['sa', 'showd', 'res'];
/** Lists that end when they are ended: monitor. */
const MONITOR: SomeByProcess = { process: ['m'] };
/** Processes, and devices as /sys has them, which belongs to the network namespace in which it was mounted: show. */
const TUNTAP: SomeByProcess = { process: ['s', 'l'] };
/** The process that calls, or that is to be started: identify, pids, exec. */
const VRF: SomeByProcess = { process: ['i', 'p', 'e'] };
/** Where there is no `replace`, any beginning is that of `restore`. */
const RULE: SomeByProcess = { process: [...DUMPS, 'r'] };

/** Each object of the original; those of ours have a process for each call. */
export const SERVICES: Readonly<Record<string, Service>> = {
  address: { process: DUMPS },
  addrlabel: 'engine',
  maddress: 'engine',
  route: { process: DUMPS },
  rule: RULE,
  neighbor: 'engine',
  neighbour: 'engine',
  ntable: 'engine',
  ntbl: 'engine',
  link: 'engine',
  l2tp: 'engine',
  fou: 'engine',
  ila: 'engine',
  macsec: 'engine',
  tunnel: 'engine',
  tunl: 'engine',
  tuntap: TUNTAP,
  tap: TUNTAP,
  token: 'engine',
  tcpmetrics: 'engine',
  tcp_metrics: 'engine',
  monitor: 'process',
  xfrm: MONITOR,
  mroute: 'engine',
  mrule: RULE,
  // See `isNetnsServed`.
  netns: 'engine',
  netconf: 'engine',
  vrf: VRF,
  sr: 'engine',
  nexthop: 'engine',
  mptcp: MONITOR,
  ioam: MONITOR,
  stats: 'engine',
};

/** Commands of `netns` that need nothing but the files of the run directory, and those that change them. */
const NETNS_LISTS = ['list', 'show', 'lst', 'list-id'];
const NETNS_SERVED = [...NETNS_LISTS, 'set', 'exec'];
const NETNS_CHANGES = ['add', 'delete', 'attach'];

/** Whether calls with these options can be made by the engine. */
export function areServed(options: GlobalOptions): boolean {
  const { batchFile, strictJson, table, trace, dryRun, timestamp, all, resolve } = options;
  // To look up names of hosts takes as long as other machines take to answer.
  const needsProcess = strictJson || table || trace || dryRun || all || resolve;
  return batchFile === undefined && timestamp === 'none' && !needsProcess;
}

/** Whether a call of `object` can be made by the engine; one that is answered by a complaint or a help text can. */
export function isServed([object = '', command, operand]: readonly string[], caller: Caller): boolean {
  const name = findObject(object)?.name;
  if (name === undefined) return !isPrefixOf(object, 'help');
  if (command === '--help') return false;
  if (name === 'netns') return isNetnsServed(command, operand, caller);
  const service = SERVICES[name] ?? 'process';
  if (typeof service === 'string') return service === 'engine';
  return !service.process.some(beginning => (command ?? 'show').startsWith(beginning));
}

function isNetnsServed(command: string | undefined, operand: string | undefined, caller: Caller): boolean {
  // Options of ours.
  if (operand?.startsWith('--')) return false;
  const isOneOf = (names: readonly string[]) => names.some(full => isPrefixOf(command ?? 'list', full));
  if (isOneOf(NETNS_CHANGES)) return caller.hasSameMounts;
  // A program that is started in another namespace leaves its VRF, and only itself can.
  if (isPrefixOf(command ?? '', 'exec') && isInVrf(caller)) return false;
  return isOneOf(operand === undefined ? NETNS_LISTS : NETNS_SERVED);
}
