/** A word that is no address or prefix: which part of it cannot be. */
import { isIP } from 'node:net';
import { parseHardwareAddress } from '../../wire/address.ts';
import type { Hint } from './failure.ts';
import { complaintOf } from './request.ts';
import type { SystemView } from './system-view.ts';

const COMPLAINT =
  /Error: (?:an )?(.*?) ?(address|prefix) is expected rather than "(.*?)"|"(.*?)" is invalid lladdr/s;
const MAX_OCTET = 255;
const BITS = { 4: 32, 6: 128 } as const;

export const wrongAddress: Hint = ({ words, error }, system) => {
  const found = COMPLAINT.exec(complaintOf(error) ?? '');
  if (found === null) return undefined;
  const [, family = '', what, word = '', lladdr] = found;
  if (lladdr !== undefined) return wrongLinkAddress(lladdr);
  return deviceForAddress(word, words, system) ?? wrongFamily(word, family) ?? wrongPart(word, what!);
};

/** `via v0`: a device where an address is expected. */
function deviceForAddress(word: string, words: readonly string[], system: SystemView): string | undefined {
  if (!system.devices().includes(word)) return undefined;
  const before = words[words.indexOf(word) - 1];
  if (before === 'via') {
    return `"${word}" is a device: a route through it without a gateway is 'dev ${word}', a gateway has an address`;
  }
  return `"${word}" is a device; devices follow the word 'dev'`;
}

function wrongFamily(word: string, family: string): string | undefined {
  const found = isIP(addressPart(word));
  if (found === 4 && family === 'inet6')
    return `"${word}" is of IPv4, but IPv6 is asked for here: leave out -6`;
  if (found === 6 && family === 'inet')
    return `"${word}" is of IPv6, but IPv4 is asked for here: -6 does that`;
  if (family === '???') return 'multicast rules do not select by addresses';
  return undefined;
}

function addressPart(word: string): string {
  return word.split('/', 1)[0]!;
}

/** The part of a word that makes it none. */
function wrongPart(word: string, what: string): string {
  if (word.startsWith('-')) return `"${word}" is not needed here: options stand before the object`;
  const [address = '', length, ...more] = word.split('/');
  if (more.length > 0) return `"${word}" has more than one /`;
  const family = isIP(address);
  if (family !== 0 && length !== undefined) {
    const most = BITS[family as 4 | 6];
    if (what === 'address') return `an address without a length belongs here: ${address}`;
    return `the length after the / is a number from 0 to ${most} for IPv${family}, not "${length}"`;
  }
  if (/^[\d.]+$/.test(address)) return wrongNumbers(address);
  if (/^[\da-fA-F:.]+$/.test(address) && address.includes(':')) return wrongGroups(address);
  if (/^[a-z][\w.-]*$/i.test(address)) {
    return `"${address}" is not an address; names of hosts are not looked up, 'getent ahosts ${address}' does that`;
  }
  return `"${address}" is neither an IPv4 address such as 10.0.0.1 nor an IPv6 address such as 2001:db8::1`;
}

function wrongNumbers(address: string): string {
  const parts = address.split('.');
  const large = parts.find(part => Number(part) > MAX_OCTET);
  if (large !== undefined)
    return `${large} in ${address} is more than 255, the most that one of the four numbers can be`;
  if (parts.length > 4) return `an IPv4 address has four numbers, "${address}" has ${parts.length}`;
  if (parts.includes('')) return `"${address}" has two dots without a number between, or one at its end`;
  return `"${address}" is not an IPv4 address such as 10.0.0.1`;
}

function wrongGroups(address: string): string {
  const groups = address.split(':');
  const long = groups.find(group => group.length > 4 && !group.includes('.'));
  if (long !== undefined)
    return `"${long}" in ${address} has more than the four hexadecimal digits of a group`;
  if (address.split('::').length > 2) return `"${address}" has :: more than once`;
  if (parseHardwareAddress(address) !== undefined && groups.length === 6) {
    return `"${address}" is a link-layer address; an IP address belongs here`;
  }
  return `"${address}" has ${groups.length} groups; an IPv6 address has eight, or :: in place of some`;
}

function wrongLinkAddress(word: string): string | undefined {
  if (/^([\da-f]{1,2}-)+[\da-f]{1,2}$/i.test(word)) {
    return `a link-layer address has colons between its bytes: ${word.replaceAll('-', ':')}`;
  }
  if (isIP(addressPart(word)) !== 0) {
    return `"${word}" is an IP address; a link-layer address such as 02:00:00:00:00:01 belongs here`;
  }
  return `"${word}" is not a link-layer address such as 02:00:00:00:00:01`;
}
