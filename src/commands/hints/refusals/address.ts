/** An address that a device does not have, and a link-layer address of the wrong length. */
import { EADDRNOTAVAIL } from '../../../linux/errno.ts';
import { RTM_DELADDR, RTM_NEWNEIGH } from '../../../linux/rtnetlink.ts';
import { addressHeader } from '../../../rtnetlink/address.ts';
import { neighbour, neighbourHeader } from '../../../rtnetlink/neighbour.ts';
import { HEADER_LENGTH } from '../../../wire/message.ts';
import type { Failure, Hint } from '../failure.ts';
import { listed } from '../line.ts';
import { complaintOf, kernelErrorOf, requestType, wordAfter } from '../request.ts';
import type { SystemView } from '../system-view.ts';

export const addressRefused: Hint = (failure, system) => {
  const length = /^Invalid address length (\d+) - must be (\d+) bytes/.exec(
    complaintOf(failure.error)?.replace(/^Error: /, '') ?? '',
  );
  if (length !== null) return wrongLength(failure.words, Number(length[1]), Number(length[2]));
  const error = kernelErrorOf(failure.error);
  if (error === undefined) return undefined;
  const type = requestType(error);
  if (type === RTM_DELADDR && error.errno === EADDRNOTAVAIL) {
    const { index } = addressHeader.read(error.request, HEADER_LENGTH, addressHeader.size)!;
    return absentAddress(index, system);
  }
  return type === RTM_NEWNEIGH ? neighbourRefused(failure, system) : undefined;
};

async function absentAddress(index: number, system: SystemView): Promise<string | undefined> {
  const device = system.nameOfDevice(index);
  if (device === undefined) return undefined;
  const found = await system.addresses(index);
  return found.length === 0 ? `${device} has no address` : `${device} has ${listed(found)}`;
}

/** An IP address that was given for one of the link layer has four bytes. */
function wrongLength(words: readonly string[], given: number, wanted: number): string {
  const word = words.find(one => /^\d+\.\d+\.\d+\.\d+$/.test(one));
  const example = Array.from({ length: wanted }, (_, at) => (at === 0 ? '02' : '00')).join(':');
  if (given === 4 && word !== undefined) {
    return `this is the link-layer address, ${wanted} bytes such as ${example}; an IP address is set by 'address add ${word}/24 dev DEVICE'`;
  }
  return `the link-layer address of this device has ${wanted} bytes, such as ${example}`;
}

function neighbourRefused({ words, error }: Failure, system: SystemView): string | undefined {
  const { request, reason } = kernelErrorOf(error)!;
  const { ifindex } = neighbourHeader.read(request, HEADER_LENGTH, neighbourHeader.size)!;
  const { lladdr } = neighbour.decode(request, HEADER_LENGTH + neighbourHeader.size, request.length);
  const name = system.nameOfDevice(ifindex);
  const size = name === undefined ? undefined : system.device(name)?.addressLength;
  if (lladdr !== undefined && size !== undefined && size !== lladdr.length) {
    return `${wordAfter(words, 'lladdr')} has ${lladdr.length} bytes, link-layer addresses of ${name} have ${size}`;
  }
  if (lladdr === undefined && /link layer address|No link/i.test(reason ?? '')) {
    return `the neighbour's link-layer address is missing: 'lladdr ADDRESS'`;
  }
  return undefined;
}
