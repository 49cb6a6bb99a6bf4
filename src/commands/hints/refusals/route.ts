/** Routes that the kernel does not have, or does not take. */

import { EINVAL, ENETUNREACH, ESRCH } from '../../../linux/errno.ts';
import { AF_INET, AF_INET6 } from '../../../linux/families.ts';
import { RT_TABLE_MAIN, RTM_DELROUTE, RTM_GETROUTE, RTM_NEWROUTE } from '../../../linux/rtnetlink.ts';
import { NameFiles } from '../../../rtnetlink/names/name-files.ts';
import { type Route, routeAttributes, routeHeader } from '../../../rtnetlink/route.ts';
import { formatIp, packIp } from '../../../wire/address.ts';
import { HEADER_LENGTH } from '../../../wire/message.ts';
import type { Hint } from '../failure.ts';
import { listed } from '../line.ts';
import { kernelErrorOf, requestType } from '../request.ts';
import type { SystemView } from '../system-view.ts';

export const routeRefused: Hint = ({ error }, system) => {
  const kernelError = kernelErrorOf(error);
  if (kernelError === undefined) return undefined;
  const type = requestType(kernelError);
  if (![RTM_NEWROUTE, RTM_DELROUTE, RTM_GETROUTE].includes(type)) return undefined;
  const { request, errno, reason } = kernelError;
  const header = routeHeader.read(request, HEADER_LENGTH, routeHeader.size)!;
  const attributes = routeAttributes.decode(request, HEADER_LENGTH + routeHeader.size, request.length);
  const table = attributes.table ?? (header.table || RT_TABLE_MAIN);
  const { dst } = attributes;
  if (errno === EINVAL && dst !== undefined && /prefix/i.test(reason ?? 'prefix')) {
    return hostBits(dst, header.dst_len);
  }
  if (type === RTM_DELROUTE && errno === ESRCH) {
    return noSuchRoute(dst, header.dst_len, header.family, table, system);
  }
  if (type === RTM_GETROUTE && errno === ENETUNREACH && dst !== undefined) {
    return unreachable(dst, header.family, system);
  }
  return undefined;
};

/** Bits of an address after its prefix. */
function hostBits(address: string, length: number): string | undefined {
  const network = networkOf(address, length);
  if (network === address) return undefined;
  return `${address}/${length} has bits after the first ${length}: the network is ${network}/${length}, the host ${address}/${address.includes(':') ? 128 : 32}`;
}

/** The address with the bits after the first `length` cleared. */
export function networkOf(address: string, length: number): string {
  const bytes = Buffer.from(packIp(address));
  for (let bit = length; bit < bytes.length * 8; bit++) bytes[bit >> 3]! &= ~(0x80 >> (bit & 7));
  return formatIp(bytes, 0, bytes.length) ?? address;
}

async function noSuchRoute(
  dst: string | undefined,
  length: number,
  family: number,
  table: number,
  system: SystemView,
): Promise<string> {
  const name = nameOfTable(table);
  const wanted = dst === undefined ? 'default' : `${dst}/${length}`;
  const routes = await system.routes(family === AF_INET6 ? AF_INET6 : AF_INET);
  const here = routes.filter(route => route.table === table);
  const same = routes.find(route => destinationOf(route) === wanted);
  if (same !== undefined && same.table !== table) {
    return `table ${name} has no route to ${wanted}, table ${nameOfTable(same.table)} has one: add 'table ${nameOfTable(same.table)}'`;
  }
  if (same !== undefined)
    return `table ${name} has a route to ${wanted}, but not with all that was said of it`;
  if (here.length === 0) return `table ${name} has no route to ${wanted}: it is empty`;
  return `table ${name} has no route to ${wanted}; it has ${listed([...new Set(here.map(destinationOf))])}`;
}

async function unreachable(address: string, family: number, system: SystemView): Promise<string> {
  const routes = await system.routes(family);
  const main = routes.filter(({ table }) => table === RT_TABLE_MAIN);
  const here = [...new Set(main.map(destinationOf))];
  const gateway = `'route add default via GATEWAY' leads to all others`;
  if (here.length === 0) {
    return `table main has no route at all: no device that is up has an address ('address add', 'link set ... up'); ${gateway}`;
  }
  return `no route leads to ${address}: table main has ${listed(here)}; ${gateway}`;
}

function destinationOf({ attributes: { dst }, dst_len: length }: Route): string {
  return dst === undefined ? 'default' : `${dst}/${length}`;
}

function nameOfTable(table: number): string {
  return new NameFiles(() => undefined).name('tables', table, false);
}
