/** A device that does not exist here: one of a similar name, or the same name in another namespace. */
import { ENODEV } from '../../linux/errno.ts';
import { isInside, ROOTLESS_VARIABLE } from '../../namespaces/rootless/variable.ts';
import { nearest } from '../../schema/nearest.ts';
import type { Hint } from './failure.ts';
import { thereAre } from './line.ts';
import { complaintOf, kernelErrorOf } from './request.ts';

const COMPLAINTS: readonly RegExp[] = [
  /^Cannot find device "(.+)"$/,
  /^Device "(.+)" does not exist\.$/,
  /^Error: argument "(.+)" is wrong: (?:Device does not exist|Invalid VRF|dev is invalid|invalid device)/,
];

export const missingDevice: Hint = ({ words, error }, system) => {
  const complaint = complaintOf(error);
  let name = COMPLAINTS.map(pattern => pattern.exec(complaint ?? '')?.[1]).find(found => found !== undefined);
  // `link show dev NAME` lets the kernel say that there is none.
  if (name === undefined && kernelErrorOf(error)?.errno === ENODEV) name = words.at(-1);
  if (name === undefined || system.devices().includes(name)) return undefined;
  const elsewhere = system.namespaces().filter(namespace => system.devices(namespace).includes(name));
  const [first] = elsewhere;
  if (first !== undefined) {
    const others = elsewhere.length > 1 ? `, and in ${elsewhere.length - 1} more` : '';
    return `there is a device "${name}" in the namespace ${first}${others}: tsip -n ${first} ...`;
  }
  if (system.devicesOutside().includes(name))
    return `there is no device "${name}" here, but in the namespace outside: there, 'link set ${name} netns NAME' moves it`;
  const devices = system.devices();
  const similar = nearest(name, devices);
  if (similar !== undefined) return `there is no device "${name}" here; did you mean "${similar}"?`;
  const host = isInside(system.variable(ROOTLESS_VARIABLE))
    ? '; those of the host, as physical ones, are out of reach of --rootless'
    : '';
  return `there is no device "${name}" here; ${thereAre(devices)}${host}`;
};
