/** Devices that the kernel does not make, change or delete: names, ranges, and what a kind needs. */

import type { KernelError } from '../../../kernel/system/errors.ts';
import { EEXIST, EINVAL, ENOTCONN, EOPNOTSUPP, ERANGE } from '../../../linux/errno.ts';
import { RTM_DELLINK, RTM_NEWLINK } from '../../../linux/rtnetlink.ts';
import type { LinkAttributes } from '../../../rtnetlink/link.ts';
import { linkHeader } from '../../../rtnetlink/link.ts';
import { HEADER_LENGTH } from '../../../wire/message.ts';
import type { Hint } from '../failure.ts';
import { inserted, thereAre } from '../line.ts';
import { complaintOf, isCreation, kernelErrorOf, linkOf, requestType, wordAfter } from '../request.ts';
import type { SystemView } from '../system-view.ts';

/** IFNAMSIZ without the NUL at the end. */
const LONGEST_NAME = 15;

/** Kinds that stand on another device. */
const STANDING: ReadonlySet<string> = new Set(['ipvlan', 'ipvtap', 'macsec', 'macvlan', 'macvtap', 'vlan']);

export const linkRefused: Hint = ({ words, error }, system) => {
  const name = /^Error: argument "(.*?)" is wrong: "\w+" not a valid ifname/s.exec(
    complaintOf(error) ?? '',
  )?.[1];
  if (name !== undefined) return wrongName(name);
  const mtu = /^Error: argument "(.*?)" is wrong: Invalid "mtu" value/.exec(complaintOf(error) ?? '')?.[1];
  if (mtu !== undefined) return mtuRange(deviceIn(words, system), system);
  const kernelError = kernelErrorOf(error);
  if (kernelError === undefined) return undefined;
  const type = requestType(kernelError);
  if (type === RTM_DELLINK && kernelError.errno === EOPNOTSUPP) return undeletable(kernelError, system);
  const attributes = type === RTM_NEWLINK ? linkOf(kernelError) : undefined;
  return attributes && newLinkRefused(words, kernelError, attributes, system);
};

function newLinkRefused(
  words: readonly string[],
  error: KernelError,
  { ifname, mtu, link, linkinfo }: LinkAttributes,
  system: SystemView,
): string | undefined {
  const kind = linkinfo?.kind;
  const { errno } = error;
  if (ifname !== undefined && (errno === ERANGE || errno === EINVAL)) {
    const complaint = wrongName(ifname);
    if (complaint !== undefined) return complaint;
  }
  if (mtu !== undefined && (errno === EINVAL || errno === ERANGE) && !isCreation(error)) {
    return mtuRange(nameOf(error, system), system);
  }
  if (errno === ENOTCONN && kind === 'veth' && words.includes('up')) {
    return "the other end of a pair cannot be up before the pair is made: leave out 'up' after 'peer', and set it up then";
  }
  if (errno === EEXIST && kind === 'veth' && ifname !== undefined && ifname === peerName(words)) {
    return `both ends are called "${ifname}": give the other one another name, 'peer name NAME'`;
  }
  if (
    kind !== undefined &&
    STANDING.has(kind) &&
    link === undefined &&
    errno === EINVAL &&
    isCreation(error)
  ) {
    return `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind} stands on another device: '${inserted(words, 2, 'link', 'DEVICE')}'; ${thereAre(system.devices())}`;
  }
  return undefined;
}

function peerName(words: readonly string[]): string | undefined {
  const [first, second] = words.slice(words.indexOf('peer') + 1);
  return first === 'name' ? second : first;
}

/** Why a name is none. */
function wrongName(name: string): string | undefined {
  const bytes = Buffer.byteLength(name);
  if (bytes > LONGEST_NAME) {
    return `a name has ${LONGEST_NAME} bytes at most, "${name}" has ${bytes}; 'link property add dev DEVICE altname ${name}' gives a second, longer name`;
  }
  if (name === '') return 'a name has one byte at least';
  if (name === '.' || name === '..') return `"${name}" cannot be a name: names are folders in /sys/class/net`;
  const wrong = /[/\s:]/.exec(name)?.[0];
  return wrong === undefined
    ? undefined
    : `a name cannot have ${wrong.trim() === '' ? 'white space' : `a "${wrong}"`} in it`;
}

function mtuRange(name: string | undefined, system: SystemView): string | undefined {
  const found = name === undefined ? undefined : system.device(name);
  if (found?.mtu === undefined) return undefined;
  const [least, most] = found.mtu;
  return `${name} takes an MTU of ${least}${most === 0 ? ' and more' : ` to ${most}`} bytes`;
}

/** The device of a line that was not sent: after `dev`, or the first word that is one. */
function deviceIn(words: readonly string[], system: SystemView): string | undefined {
  return wordAfter(words, 'dev') ?? words.find(word => system.devices().includes(word));
}

function nameOf({ request }: KernelError, system: SystemView): string | undefined {
  const { index } = linkHeader.read(request, HEADER_LENGTH, linkHeader.size)!;
  return system.nameOfDevice(index) ?? linkOf({ request } as KernelError)?.ifname;
}

function undeletable(error: KernelError, system: SystemView): string | undefined {
  const name = nameOf(error, system);
  if (name === 'lo')
    return "lo belongs to its network namespace and ends with it; 'link set lo down' is possible";
  if (name === undefined || system.device(name)?.kind !== undefined) return undefined;
  return `${name} is a device of hardware, which cannot be deleted; 'link set ${name} netns NAME' moves it away`;
}
