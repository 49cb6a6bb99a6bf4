/** The commands of `ip` and their keywords, as they are completed: what help texts and manual pages must have. */
import { wordsAfter } from '../../../src/commands/completion/completion.ts';
import { defaultOptions } from '../../../src/commands/frame/options.ts';
import { type LinkKind, takesArguments } from '../../../src/rtnetlink/kind.ts';
import { LINK_KINDS } from '../../rtnetlink/kinds/list.ts';

/** Lines that commands go on from, besides each object and each of its commands. */
const LINES: readonly string[] = [
  'link set lo',
  'link set lo vf 0',
  'link set lo inet',
  'link add x',
  'link add x type veth peer',
  'link property add',
  'address add 10.0.0.1/24',
  'address add 10.0.0.1/24 dev lo',
  'route add default',
  'route add default dev lo',
  'route add 10.0.0.0/8 nexthop',
  'route get 10.0.0.1',
  'rule add from 10.0.0.0/8',
  'neighbour add 10.0.0.1',
  'nexthop add id 1',
  'tuntap add x',
  'ntable change name arp_cache dev lo',
  ...LINK_KINDS.filter(kind => takesArguments(kind as unknown as LinkKind)).map(
    ({ name }) => `link add x type ${name}`,
  ),
];

const offered = new Map<string, Promise<readonly string[]>>();

/** The keywords that are offered after a line, whatever devices and namespaces there are. */
export function keywordsAfter(line: string): Promise<readonly string[]> {
  const known = offered.get(line);
  if (known !== undefined) return known;
  const [object = '', ...rest] = line.split(' ');
  const found = wordsAfter(object, rest, '', defaultOptions()).then(({ candidates }) => [
    ...new Set(
      candidates.filter(({ about }) => about === 'keyword' || about === 'command').map(({ word }) => word),
    ),
  ]);
  offered.set(line, found);
  return found;
}

/** The lines of one object that commands go on from: itself, with each of its commands, and further ones. */
export async function linesOf(object: string): Promise<string[]> {
  const lines = [object, ...LINES.filter(line => line.startsWith(`${object} `))];
  if (object === 'monitor') return lines; // It has objects, no commands.
  const commands = (await keywordsAfter(object)).filter(command => command !== 'help');
  return [...lines, ...commands.map(command => `${object} ${command}`)];
}
