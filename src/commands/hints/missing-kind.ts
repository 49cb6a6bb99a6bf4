/** A kind of device that the kernel does not know: a wrong word, or a module that is missing. */
import { EOPNOTSUPP } from '../../linux/errno.ts';
import { KIND_NAMES } from '../../rtnetlink/kinds/load.ts';
import { nearest } from '../../schema/nearest.ts';
import type { Hint } from './failure.ts';
import { isCreation, kernelErrorOf, linkOf } from './request.ts';

/** Modules that are not called like the kind. */
const MODULES: Readonly<Record<string, string>> = {
  bond: 'bonding',
  can: 'can-dev',
  erspan: 'ip_gre',
  gre: 'ip_gre',
  gretap: 'ip_gre',
  ip6erspan: 'ip6_gre',
  ip6gre: 'ip6_gre',
  ip6gretap: 'ip6_gre',
  ip6tnl: 'ip6_tunnel',
  ipoib: 'ib_ipoib',
  vlan: '8021q',
  vti: 'ip_vti',
  vti6: 'ip6_vti',
  xfrm: 'xfrm_interface',
};

export const missingKind: Hint = ({ error }) => {
  const kernelError = kernelErrorOf(error);
  if (kernelError?.errno !== EOPNOTSUPP || !isCreation(kernelError)) return undefined;
  const { reason } = kernelError;
  if (reason !== undefined && !/^Unknown device type/.test(reason)) return undefined;
  const { kind, data } = linkOf(kernelError)?.linkinfo ?? {};
  if (kind === undefined) return undefined;
  if (!KIND_NAMES.includes(kind)) {
    const similar = nearest(kind, KIND_NAMES);
    if (similar !== undefined) return `"${kind}" is no kind of device; did you mean "${similar}"?`;
  }
  const otherwise =
    reason === undefined && data !== undefined ? ', or it was built without one of the settings' : '';
  return `this kernel has no devices of kind "${kind}": its module ${MODULES[kind] ?? kind} is not there${otherwise}`;
};
