/**
 * Which devices `link show` and `address show` select: keywords, the part of the filter that the kernel applies, and
 * the part applied here.
 */
import { IFF_UP, IFLA_INFO_KIND } from '../../linux/interfaces.ts';
import { RTEXT_FILTER_SKIP_STATS, RTEXT_FILTER_VF, RTM_GETLINK } from '../../linux/rtnetlink.ts';
import { type Link, link, linkHeader } from '../../rtnetlink/link.ts';
import { duplicateOrGarbage, EXIT_FAILURE, UsageError } from '../../schema/args.ts';
import { anyWord, exact, flag, type Keyword } from '../../schema/keywords.ts';
import type { Names } from '../../schema/names.ts';
import type { View } from '../../schema/view.ts';
import * as codec from '../../wire/codec.ts';
import { MessageWriter } from '../../wire/writer.ts';
import { isDeviceName } from './device-names.ts';
import { DEVICE, DEVICE_NAME, named, VRF } from './values.ts';

const SLAVE_SUFFIX = '_slave';
/** IFLA_MASTER in a request for devices without a master. */
const NO_MASTER = 0xffffffff;

/** What the keywords about devices select. */
export interface LinkFilter {
  /** The device as it was named. */
  deviceName?: string;
  isUp?: boolean;
  isDown?: boolean;
  /** Index of the master; NO_MASTER for devices without a master. */
  master?: number;
  group?: number;
  kind?: string;
  slaveKind?: string;
  withoutVfs?: boolean;
}

/** What the keywords need of a command's context. */
interface Tools {
  readonly names: Names;
}

/** `dev NAME` of a command that shows devices. */
export const FILTER_DEVICE: Keyword<LinkFilter, unknown> = exact(
  'dev',
  { ...DEVICE_NAME, synopsis: 'IFNAME' },
  'deviceName',
  { once: duplicateOrGarbage },
);

/** The keywords about devices. */
export const LINK_FILTER_KEYWORDS: readonly Keyword<LinkFilter, Tools>[] = [
  flag('up', filter => {
    filter.isUp = true;
  }),
  flag('down', filter => {
    filter.isDown = true;
  }),
  exact('group', named('GROUP', 'groups', 'Invalid "group" value\n'), 'group'),
  exact('master', DEVICE, 'master'),
  exact('vrf', VRF, 'master'),
  flag('nomaster', filter => {
    filter.master = NO_MASTER;
  }),
  exact('type', anyWord({ synopsis: 'TYPE', names: 'kind' }), (filter, word) => {
    if (word.endsWith(SLAVE_SUFFIX)) filter.slaveKind = word.slice(0, -SLAVE_SUFFIX.length);
    else filter.kind = word;
  }),
  flag('novf', filter => {
    filter.withoutVfs = true;
  }),
];

/** Index of the device that `show` names. Throws the complaint that it does not exist. */
export function filterDeviceIndex(filter: LinkFilter, names: Names): number | undefined {
  if (filter.deviceName === undefined) return undefined;
  const index = names.deviceIndex(filter.deviceName);
  if (index === undefined) {
    throw new UsageError(`Device "${filter.deviceName}" does not exist.`, EXIT_FAILURE);
  }
  return index;
}

/** Whether a device is to be shown. */
export type DeviceChooser = (candidate: Link) => boolean;

/** Applies the whole filter, also the part that the kernel applies. */
export function deviceChooser(filter: LinkFilter): DeviceChooser {
  const conditions = conditionsOf(filter);
  return candidate => {
    const { ifname } = candidate;
    if (ifname !== undefined && !isDeviceName(ifname)) return false;
    return conditions.every(isMet => isMet(candidate));
  };
}

function conditionsOf({ isUp, isDown, master, group, kind, slaveKind }: LinkFilter): DeviceChooser[] {
  const conditions: DeviceChooser[] = [];
  if (isUp) conditions.push(({ header }) => (header.flags & IFF_UP) !== 0);
  if (isDown) conditions.push(({ header }) => (header.flags & IFF_UP) === 0);
  // `nomaster` is for the kernel alone, and has no effect where one device is asked for.
  if (master !== undefined && master !== NO_MASTER) conditions.push(found => found.master === master);
  if (group !== undefined) conditions.push(found => found.group === group);
  if (kind !== undefined) conditions.push(({ linkinfo }) => linkinfo?.kind === kind);
  if (slaveKind !== undefined)
    conditions.push(({ linkinfo }) => linkinfo !== undefined && (linkinfo.slave_kind ?? '') === slaveKind);
  return conditions;
}

/** A request for the devices that `filter` lets the kernel choose. */
export function linkDumpRequest(filter: LinkFilter, view: View, family: number): MessageWriter {
  const request = new MessageWriter(RTM_GETLINK, 0);
  linkHeader.write(request, { ...linkHeader.zero(), family });
  link.encode(request, { ext_mask: extensionMask(filter, view) });
  if (filter.master !== undefined) link.encode(request, { master: filter.master });
  if (filter.kind !== undefined) {
    const info = request.open(link.rows.linkinfo.type, 0);
    request.attribute(IFLA_INFO_KIND, codec.bareText, filter.kind);
    request.close(info);
  }
  return request;
}

/** What the kernel reports of each device: virtual functions unless `novf` is given, counters if they are shown. */
export function extensionMask(filter: LinkFilter, view: View): number {
  return (filter.withoutVfs ? 0 : RTEXT_FILTER_VF) | (view.statistics > 0 ? 0 : RTEXT_FILTER_SKIP_STATS);
}
