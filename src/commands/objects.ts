/** The objects of `ip` in the order in which abbreviations are tried, each loaded when it is called. */
import { isPrefixOf } from '../schema/args.ts';
import { type Command, lazy } from './frame/command.ts';
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
}

function object(name: string, subcommands: () => Promise<ObjectCommands>): ObjectEntry {
  return { name, run: lazy(async () => commandOf(await subcommands())), subcommands };
}

const tunnel = {
  run: lazy(async () => (await import('./tunnel/subcommands.ts')).tunnel),
  subcommands: async () => (await import('./tunnel/subcommands.ts')).TUNNEL,
};

const neighbour = async () => (await import('./neighbour/subcommands.ts')).NEIGHBOUR;

export const OBJECTS: readonly ObjectEntry[] = [
  { name: 'address', run: lazy(async () => (await import('./address/subcommands.ts')).address) },
  { name: 'addrlabel', run: lazy(async () => (await import('./addrlabel.ts')).addrlabel) },
  { name: 'maddress', run: lazy(async () => (await import('./maddress.ts')).maddress) },
  object('route', async () => (await import('./route/subcommands.ts')).ROUTE),
  object('rule', async () => (await import('./rule/subcommands.ts')).RULE),
  object('neighbor', neighbour),
  object('neighbour', neighbour),
  { name: 'ntable', run: lazy(async () => (await import('./ntable.ts')).ntable) },
  { name: 'ntbl', run: lazy(async () => (await import('./ntable.ts')).ntable) },
  { name: 'link', run: lazy(async () => (await import('./link/subcommands.ts')).link) },
  { name: 'l2tp' },
  { name: 'fou' },
  { name: 'ila' },
  { name: 'macsec' },
  { name: 'tunnel', ...tunnel },
  { name: 'tunl', ...tunnel },
  { name: 'tuntap', run: lazy(async () => (await import('./tuntap.ts')).tuntap) },
  { name: 'tap', run: lazy(async () => (await import('./tuntap.ts')).tuntap) },
  { name: 'token', run: lazy(async () => (await import('./token.ts')).token) },
  { name: 'tcpmetrics' },
  { name: 'tcp_metrics' },
  object('monitor', async () => (await import('./monitor/command.ts')).MONITOR),
  { name: 'xfrm' },
  { name: 'mroute' },
  { name: 'mrule' },
  object('netns', async () => (await import('./netns/subcommands.ts')).NETNS),
  { name: 'netconf', run: lazy(async () => (await import('./netconf.ts')).netconf) },
  { name: 'vrf', run: lazy(async () => (await import('./vrf.ts')).vrf) },
  { name: 'sr' },
  object('nexthop', async () => (await import('./nexthop/subcommands.ts')).NEXTHOP),
  { name: 'mptcp' },
  { name: 'ioam' },
  { name: 'stats' },
];

/** Objects that the original does not have. They are never abbreviated: every abbreviation is the original's. */
export const OWN_OBJECTS: readonly ObjectEntry[] = [
  {
    name: 'map',
    run: lazy(async () => (await import('./map/map.ts')).map),
    complete: async before => (await import('./map/map.ts')).mapCandidates(before),
  },
  {
    name: 'completion',
    run: lazy(async () => (await import('./completion/command.ts')).completion),
    complete: async before => (await import('./completion/script.ts')).completionCandidates(before),
  },
];

/** The object that `word` names or abbreviates. */
export function findObject(word: string): ObjectEntry | undefined {
  return OBJECTS.find(({ name }) => isPrefixOf(word, name)) ?? OWN_OBJECTS.find(({ name }) => name === word);
}
