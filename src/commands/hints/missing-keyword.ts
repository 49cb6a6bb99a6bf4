/** A word that stands where a keyword is expected: the keyword before it was left out, or is another program's. */
import { isIP } from 'node:net';
import { KIND_NAMES } from '../../rtnetlink/kinds/load.ts';
import { findKeyword } from '../../schema/keywords.ts';
import { packIp } from '../../wire/address.ts';
import { netmaskLength } from '../../wire/networks.ts';
import type { Place } from '../completion/place.ts';
import type { Hint } from './failure.ts';
import { inserted, placeAt } from './line.ts';
import { complaintOf } from './request.ts';
import type { SystemView } from './system-view.ts';

const COMPLAINTS: readonly RegExp[] = [
  /^Error: either ".*?" is duplicate, or "(.*?)" is garbage/,
  /^Error: duplicate ".*?": "(.*?)" is the second value/,
  /^Argument "(.*?)" is unknown/,
  /^\S+: unknown (?:command|option) "(.*?)"\?/,
  /^Garbage instead of arguments "(\S+)/,
];

/** Words of route(8), ifconfig(8) and others, with those that say the same here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  gw: 'via',
  gateway: 'via',
  nexthop: 'via',
  '-net': '',
  '-host': '',
  if: 'dev',
  interface: 'dev',
  iface: 'dev',
  hw: 'address',
  hwaddr: 'address',
  mac: 'lladdr',
  vrf: 'table',
};

export const missingKeyword: Hint = async ({ words, error }, system) => {
  const complaint = complaintOf(error) ?? '';
  const word = COMPLAINTS.map(pattern => pattern.exec(complaint)?.[1]).find(found => found !== undefined);
  const index = word === undefined ? -1 : words.lastIndexOf(word);
  if (word === undefined || index < 1) return undefined;
  const place = await placeAt(words, index);
  if (place === undefined) return undefined;
  return (
    otherProgram(words, index, place) ??
    netmask(words, index) ??
    leftOut(words, index, place, system) ??
    nameAfterKind(words, index)
  );
};

function accepts({ expected }: Place, word: string): boolean {
  return findKeyword(expected.keywords, word)?.word === word;
}

function otherProgram(words: readonly string[], index: number, place: Place): string | undefined {
  const word = words[index]!;
  const here = Object.hasOwn(ELSEWHERE, word) ? ELSEWHERE[word]! : undefined;
  if (here === undefined) return undefined;
  const line = [...words.slice(0, index), ...(here === '' ? [] : [here]), ...words.slice(index + 1)].join(
    ' ',
  );
  if (here === '') return `"${word}" is not needed here: '${line}'`;
  return accepts(place, here) ? `"${word}" is called "${here}" here: '${line}'` : undefined;
}

/** `netmask 255.255.255.0`. */
function netmask(words: readonly string[], index: number): string | undefined {
  const mask = words[index + 1];
  if (!/^(netmask|mask)$/.test(words[index]!) || mask === undefined || isIP(mask) !== 4) return undefined;
  const length = netmaskLength(packIp(mask));
  return length === undefined ? undefined : `a mask follows the address: '${words[index - 1]}/${length}'`;
}

/** The keyword that takes a word like this one, if it may stand here. */
function leftOut(
  words: readonly string[],
  index: number,
  place: Place,
  system: SystemView,
): string | undefined {
  const word = words[index]!;
  const isDevice = system.devices().includes(word);
  const say = (what: string, keyword: string) =>
    `${what} follows the word '${keyword}': '${inserted(words, index, keyword)}'`;
  if (isDevice && accepts(place, 'dev')) return say('a device', 'dev');
  if (KIND_NAMES.includes(word) && accepts(place, 'type')) return say('a kind of device', 'type');
  if (isIP(word) !== 0 && accepts(place, 'via')) return say('a gateway', 'via');
  if (system.namespaces().includes(word) && accepts(place, 'netns')) return say('a namespace', 'netns');
  // A word that resembles no keyword, where a device must be named.
  const isName = /^[a-z][\w.-]*\d$/.test(word) && index === words.length - 1;
  return isName && accepts(place, 'dev') ? say('a device', 'dev') : undefined;
}

/** `link add type bridge br0`: what stands after the kind is read by the kind. */
function nameAfterKind(words: readonly string[], index: number): string | undefined {
  const at = words.indexOf('type');
  const kind = words[at + 1];
  if (at < 1 || index !== at + 2 || kind === undefined || !/^[a-z][\w.-]*\d/.test(words[index]!))
    return undefined;
  const name = words[index]!;
  const rest = words.filter((_, place) => place !== index);
  return `the name comes before the type, whose parameters end the line: '${inserted(rest, at, name)}'`;
}
