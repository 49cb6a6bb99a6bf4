/** Words of the route commands that are read in several of them: types, families, realms, VRF names. */

import { requestSync } from '../../kernel/netlink/request-sync.ts';
import { AF_BRIDGE, AF_INET, AF_INET6, AF_MPLS, AF_PACKET } from '../../linux/families.ts';
import { IFLA_IFNAME, IFLA_LINKINFO } from '../../linux/interfaces.ts';
import { RT_TABLE_MAIN, RTM_GETLINK } from '../../linux/rtnetlink.ts';
import { ROUTE_TYPES } from '../../rtnetlink/route.ts';
import { isPrefixOf } from '../../schema/args.ts';
import type { Names } from '../../schema/names.ts';
import { parseUnsigned } from '../../schema/number.ts';
import * as codec from '../../wire/codec.ts';
import { walkAttributes } from '../../wire/message.ts';
import { MessageWriter } from '../../wire/writer.ts';

/** Names of types in the order in which abbreviations are tried; three of them are never abbreviated. */
const TYPE_WORDS: readonly (readonly [string, 'exact' | 'prefix'])[] = [
  ['local', 'exact'],
  ['nat', 'exact'],
  ['broadcast', 'prefix'],
  ['anycast', 'prefix'],
  ['multicast', 'prefix'],
  ['prohibit', 'prefix'],
  ['unreachable', 'prefix'],
  ['blackhole', 'prefix'],
  ['xresolve', 'prefix'],
  ['unicast', 'prefix'],
  ['throw', 'exact'],
];

/** Reads a route type by name or number; undefined when the word is none. */
export function parseRouteType(word: string): number | undefined {
  if (word === 'brd') return ROUTE_TYPES.indexOf('broadcast');
  const found = TYPE_WORDS.find(([name, mode]) =>
    mode === 'exact' ? name === word : isPrefixOf(word, name),
  );
  if (found !== undefined) return (ROUTE_TYPES as readonly string[]).indexOf(found[0]);
  return parseUnsigned(word, 0xff);
}

const FAMILIES: Readonly<Record<string, number>> = {
  inet: AF_INET,
  inet6: AF_INET6,
  link: AF_PACKET,
  mpls: AF_MPLS,
  bridge: AF_BRIDGE,
};

/** The family that a word names, as before an address of another family; undefined when it names none. */
export function readFamily(word: string): number | undefined {
  return FAMILIES[word];
}

/** Reads `[FROM/]TO` with names or numbers as the 32 bits of RTA_FLOW; undefined when it is none. `FROM/` and no word are to 0. */
export function parseRealms(word: string, names: Names): number | undefined {
  const slash = word.indexOf('/');
  const from = slash < 0 ? 0 : names.number('realms', word.slice(0, slash));
  const toWord = word.slice(slash + 1);
  const to = toWord === '' ? 0 : names.number('realms', toWord);
  return from === undefined || to === undefined ? undefined : from * 0x10000 + to;
}

const LINK_HEADER = 16;
const INFO_KIND = 1;
const INFO_DATA = 2;
const VRF_TABLE = 1;

interface Vrf {
  readonly index: number;
  readonly table: number;
}

/** The routing table of a VRF device, or of none for `default`; undefined when no device of this name and kind exists. */
export function vrfTable(name: string): number | undefined {
  return name === 'default' ? RT_TABLE_MAIN : askVrf(name)?.table || undefined;
}

/** The index of a VRF device; undefined when no device of this name and kind exists. */
export function vrfDevice(name: string): number | undefined {
  return askVrf(name)?.index;
}

function askVrf(name: string): Vrf | undefined {
  const request = new MessageWriter(RTM_GETLINK, 0);
  request.reserve(LINK_HEADER);
  request.attribute(IFLA_IFNAME, codec.text, name);
  const answer = requestSync(request);
  if (answer === undefined || answer.end - answer.payload < LINK_HEADER) return undefined;
  const { bytes } = answer;
  let kind = '';
  let table = 0;
  walkAttributes(bytes, answer.payload + LINK_HEADER, answer.end, (type, at, length) => {
    if (type !== IFLA_LINKINFO) return;
    walkAttributes(bytes, at, at + length, (infoType, infoAt, infoLength) => {
      if (infoType === INFO_KIND) kind = codec.text.read(bytes, infoAt, infoLength) ?? '';
      if (infoType !== INFO_DATA) return;
      walkAttributes(bytes, infoAt, infoAt + infoLength, (dataType, dataAt, dataLength) => {
        if (dataType === VRF_TABLE && dataLength >= 4) table = bytes.readUInt32LE(dataAt);
      });
    });
  });
  return kind === 'vrf' ? { index: bytes.readInt32LE(answer.payload + 4), table } : undefined;
}
