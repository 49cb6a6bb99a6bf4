/** The objects of `ip` in the order in which abbreviations are tried, each loaded when it is called. */
import { isPrefixOf } from '../schema/args.ts';
import { type Command, late } from './command.ts';

interface ObjectEntry {
  readonly name: string;
  /** Undefined for the objects of iproute2 that are not supported. */
  readonly load?: () => Command | Promise<Command>;
  /** What may come next after the words after the object, where the object's parser is one of yargs. */
  readonly complete?: (before: readonly string[]) => Promise<readonly string[]>;
}

export const OBJECTS: readonly ObjectEntry[] = [
  { name: 'address', load: late(async () => (await import('./address.ts')).address) },
  { name: 'addrlabel', load: late(async () => (await import('./addrlabel.ts')).addrlabel) },
  { name: 'maddress', load: late(async () => (await import('./maddress.ts')).maddress) },
  { name: 'route', load: late(async () => (await import('./route.ts')).route) },
  { name: 'rule', load: late(async () => (await import('./rule.ts')).rule) },
  { name: 'neighbor', load: late(async () => (await import('./neighbour.ts')).neighbour) },
  { name: 'neighbour', load: late(async () => (await import('./neighbour.ts')).neighbour) },
  { name: 'ntable', load: late(async () => (await import('./ntable.ts')).ntable) },
  { name: 'ntbl', load: late(async () => (await import('./ntable.ts')).ntable) },
  { name: 'link', load: late(async () => (await import('./link.ts')).link) },
  { name: 'l2tp' },
  { name: 'fou' },
  { name: 'ila' },
  { name: 'macsec' },
  { name: 'tunnel', load: late(async () => (await import('./tunnel.ts')).tunnel) },
  { name: 'tunl', load: late(async () => (await import('./tunnel.ts')).tunnel) },
  { name: 'tuntap', load: late(async () => (await import('./tuntap.ts')).tuntap) },
  { name: 'tap', load: late(async () => (await import('./tuntap.ts')).tuntap) },
  { name: 'token', load: late(async () => (await import('./token.ts')).token) },
  { name: 'tcpmetrics' },
  { name: 'tcp_metrics' },
  { name: 'monitor', load: late(async () => (await import('./monitor.ts')).monitor) },
  { name: 'xfrm' },
  { name: 'mroute' },
  { name: 'mrule' },
  { name: 'netns', load: late(async () => (await import('./netns.ts')).netns) },
  { name: 'netconf', load: late(async () => (await import('./netconf.ts')).netconf) },
  { name: 'vrf', load: late(async () => (await import('./vrf.ts')).vrf) },
  { name: 'sr' },
  { name: 'nexthop', load: late(async () => (await import('./nexthop.ts')).nexthop) },
  { name: 'mptcp' },
  { name: 'ioam' },
  { name: 'stats' },
];

/** Objects that the original does not have. They are never abbreviated: every abbreviation is the original's. */
export const OWN_OBJECTS: readonly ObjectEntry[] = [
  {
    name: 'map',
    load: late(async () => (await import('./map.ts')).map),
    complete: async before => (await import('./map.ts')).mapCandidates(before),
  },
  {
    name: 'completion',
    load: late(async () => (await import('./completion-command.ts')).completion),
    complete: async before => (await import('./completion-help.ts')).completionCandidates(before),
  },
];

/** The object that `word` names or abbreviates. */
export function findObject(word: string): ObjectEntry | undefined {
  return OBJECTS.find(({ name }) => isPrefixOf(word, name)) ?? OWN_OBJECTS.find(({ name }) => name === word);
}
