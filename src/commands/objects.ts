/** The objects of `ip` in the order in which abbreviations are tried, each loaded when it is called. */
import { isPrefixOf } from '../schema/args.ts';
import type { Answer } from './completion/answer.ts';
import { type Command, onFirstRun } from './frame/command.ts';
import { commandOf, type ObjectCommands } from './frame/subcommands.ts';

/** One object of `ip`. */
export interface ObjectEntry {
  readonly name: string;
  /** Undefined for the objects of iproute2 that are not supported. */
  readonly run?: Command;
  /** Loads its commands and their grammars. */
  readonly subcommands?: () => Promise<ObjectCommands>;
  /** What may come next after the words after the object, where the object's parser is one of yargs. */
  readonly complete?: (before: readonly string[]) => Promise<readonly string[]>;
  /** The same with what the shell shall do; a command's place counts from the word after the object, 0. */
  readonly answer?: (before: readonly string[], current: string) => Promise<Answer>;
}

function object(name: string, subcommands: () => Promise<ObjectCommands>): ObjectEntry {
  return { name, run: onFirstRun(async () => commandOf(await subcommands())), subcommands };
}

const tunnel = {
  run: onFirstRun(async () => (await import('./tunnel/subcommands.ts')).tunnel),
  subcommands: async () => (await import('./tunnel/subcommands.ts')).TUNNEL,
};

const neighbour = async () => (await import('./neighbour/subcommands.ts')).NEIGHBOUR;

const tcpMetrics = async () => (await import('./tcp-metrics/subcommands.ts')).TCP_METRICS;

export const OBJECTS: readonly ObjectEntry[] = [
  object('address', async () => (await import('./address/subcommands.ts')).ADDRESS),
  object('addrlabel', async () => (await import('./addrlabel.ts')).ADDRLABEL),
  object('maddress', async () => (await import('./maddress.ts')).MADDRESS),
  object('route', async () => (await import('./route/subcommands.ts')).ROUTE),
  object('rule', async () => (await import('./rule/subcommands.ts')).RULE),
  object('neighbor', neighbour),
  object('neighbour', neighbour),
  object('ntable', async () => (await import('./ntable.ts')).NTABLE),
  object('ntbl', async () => (await import('./ntable.ts')).NTABLE),
  object('link', async () => (await import('./link/subcommands.ts')).LINK),
  object('l2tp', async () => (await import('./l2tp/subcommands.ts')).L2TP),
  object('fou', async () => (await import('./fou/subcommands.ts')).FOU),
  object('ila', async () => (await import('./ila/subcommands.ts')).ILA),
  object('macsec', async () => (await import('./macsec/subcommands.ts')).MACSEC),
  { name: 'tunnel', ...tunnel },
  { name: 'tunl', ...tunnel },
  object('tuntap', async () => (await import('./tuntap/subcommands.ts')).TUNTAP),
  object('tap', async () => (await import('./tuntap/subcommands.ts')).TUNTAP),
  object('token', async () => (await import('./token.ts')).TOKEN),
  object('tcpmetrics', tcpMetrics),
  object('tcp_metrics', tcpMetrics),
  object('monitor', async () => (await import('./monitor/command.ts')).MONITOR),
  object('xfrm', async () => (await import('./xfrm/subcommands.ts')).XFRM),
  object('mroute', async () => (await import('./mroute/subcommands.ts')).MROUTE),
  object('mrule', async () => (await import('./mrule/subcommands.ts')).MRULE),
  object('netns', async () => (await import('./netns/subcommands.ts')).NETNS),
  object('netconf', async () => (await import('./netconf.ts')).NETCONF),
  object('vrf', async () => (await import('./vrf/subcommands.ts')).VRF),
  object('sr', async () => (await import('./sr/subcommands.ts')).SR),
  object('nexthop', async () => (await import('./nexthop/subcommands.ts')).NEXTHOP),
  object('mptcp', async () => (await import('./mptcp/subcommands.ts')).MPTCP),
  object('ioam', async () => (await import('./ioam/subcommands.ts')).IOAM),
  object('stats', async () => (await import('./stats/subcommands.ts')).STATS),
];

/** Objects that the original does not have. They are never abbreviated: every abbreviation is the original's. */
export const OWN_OBJECTS: readonly ObjectEntry[] = [
  {
    name: 'map',
    run: onFirstRun(async () => (await import('./map/map.ts')).map),
    complete: async before => (await import('./map/map.ts')).mapCandidates(before),
  },
  {
    name: 'why',
    run: onFirstRun(async () => (await import('./why/why.ts')).why),
    complete: async before => (await import('./why/why.ts')).whyCandidates(before),
  },
  {
    name: 'doctor',
    run: onFirstRun(async () => (await import('./doctor/doctor.ts')).doctor),
    complete: async before => (before.length === 0 ? ['help'] : []),
  },
  {
    name: 'lab',
    run: onFirstRun(async () => (await import('./lab/lab.ts')).lab),
    complete: async before => (await import('./lab/lab.ts')).labCandidates(before),
  },
  {
    name: 'run',
    answer: async (before, current) => (await import('./run/options.ts')).runCandidates(before, current),
  },
  {
    name: 'rootless',
    run: onFirstRun(async () => (await import('./rootless/rootless.ts')).rootless),
    complete: async before => (await import('./rootless/rootless.ts')).rootlessCandidates(before),
  },
  {
    name: 'completion',
    run: onFirstRun(async () => (await import('./completion/command.ts')).completion),
    complete: async before => (await import('./completion/script.ts')).completionCandidates(before),
  },
  {
    name: 'install-links',
    run: onFirstRun(async () => (await import('./install-links.ts')).installLinks),
    answer: async before => (await import('./install-links.ts')).installLinksCandidates(before),
  },
];

/** The object that `word` names or abbreviates. */
export function findObject(word: string): ObjectEntry | undefined {
  return OBJECTS.find(({ name }) => isPrefixOf(word, name)) ?? OWN_OBJECTS.find(({ name }) => name === word);
}
