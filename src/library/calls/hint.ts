/** What may help where the kernel refuses a call. */

import type { KernelError } from '../../kernel/system/errors.ts';
import {
  EEXIST,
  ENETUNREACH,
  ENODEV,
  ENOENT,
  ENOSYS,
  EOPNOTSUPP,
  EPERM,
  EPROTONOSUPPORT,
  ESRCH,
} from '../../linux/errno.ts';
import { RTEXT_FILTER_SKIP_STATS } from '../../linux/rtnetlink.ts';
import { linkRequest } from '../../rtnetlink/request.ts';
import type { Connection } from '../connection.ts';
import { DeviceDirectory } from '../values/devices.ts';
import { linkReading } from '../values/link-value.ts';
import { readRun } from '../values/reading.ts';

const MOST_NAMES = 8;

/** A sentence that may help; undefined where nothing is known. */
export function hintFor({ errno, code, call }: KernelError, connection: Connection): string | undefined {
  switch (errno) {
    case EPERM:
      if (call?.startsWith('tcpMetrics.'))
        return 'The kernel lets only root of the first user namespace do it.';
      return 'It needs CAP_NET_ADMIN in the user namespace that the network belongs to: be root, or run in `unshare -r -n`.';
    case EEXIST:
      if (call === 'xfrm.states.add') return `change() of the same changes what there is (${code}).`;
      return call?.endsWith('.add') && !call.startsWith('mptcp.')
        ? `replace() of the same makes it, or changes what there is (${code}).`
        : undefined;
    case ENODEV:
      return namesOfDevices(connection);
    case ENETUNREACH:
      return 'A gateway must be in the network of an address of this host, on a device that is up.';
    case EOPNOTSUPP:
      if (call === 'links.add') return 'The kernel has no such kind, or cannot load its module here.';
      return call?.startsWith('multicastRoutes.')
        ? 'Multicast routes of IPv6 are made by the socket of the routing daemon alone.'
        : undefined;
    case EPROTONOSUPPORT:
    case ENOSYS:
    case ENOENT:
      return call === 'xfrm.states.add' || call === 'xfrm.states.change' ? ofTransforms(errno) : undefined;
    case ESRCH:
      return call === 'xfrm.states.change' ? 'add() makes a state; allocate() reserves one.' : undefined;
    default:
      return undefined;
  }
}

/** Why the kernel cannot transform packets as a state wants it. */
function ofTransforms(errno: number): string {
  return errno === EPROTONOSUPPORT
    ? 'The kernel has no such protocol, or cannot load its module here: esp4, esp6, ah4, ah6, ipcomp, ipcomp6.'
    : 'The kernel has no algorithm of that name, or none with a key of that length: /proc/crypto lists them.';
}

function namesOfDevices(connection: Connection): string | undefined {
  if (connection.isClosed) return undefined;
  try {
    const read = linkReading(connection, new DeviceDirectory(connection.devices));
    const request = linkRequest({}, {}, { ext_mask: RTEXT_FILTER_SKIP_STATS });
    const names = connection
      .dumpWhole([request], { interrupted: false })
      .flatMap(run => readRun(run, read, undefined))
      .map(({ name }) => name);
    const more = names.length > MOST_NAMES ? ', ...' : '';
    return `There are the devices ${names.slice(0, MOST_NAMES).join(', ')}${more}.`;
  } catch {
    return undefined;
  }
}
