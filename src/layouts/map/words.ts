/** Words about namespaces and devices that all forms of a map share. They are ready to be shown; see `visible`. */
import { visible } from '../../wire/visible.ts';
import {
  addressText,
  type MapDetail,
  type MapDevice,
  type MapNamespace,
  type MapPeer,
  type MapProcess,
} from './model.ts';

/** Processes named before the rest is only counted. */
const NAMED_PROCESSES = 12;
const SHORT_CONTAINER_ID = 12;

export interface Signs {
  readonly pair: string;
  readonly lower: string;
  /** Where only the namespace is known that a tunnel's packets go through. */
  readonly through: string;
}

export const UNICODE_SIGNS: Signs = { pair: '⇄', lower: '↧', through: '↧ through' };
export const ASCII_SIGNS: Signs = { pair: '<->', lower: '->', through: '-> through' };

/** `⇄ eth0 in red`: the other end of a device, or what it is stacked on. `own` is the device's namespace. */
export function peerText(peer: MapPeer, own: string, signs: Signs): string {
  if (peer.index === undefined) return `${signs.through} ${foreignText(peer)}`;
  const device = peer.device === undefined ? `if${peer.index}` : visible(peer.device);
  const text = `${signs[peer.relation]} ${device}`;
  return peer.namespace === own ? text : `${text} in ${foreignText(peer)}`;
}

function foreignText({ namespace, nsid }: MapPeer): string {
  if (namespace !== undefined) return visible(namespace);
  return nsid === undefined || nsid < 0 ? 'an unknown namespace' : `an unseen namespace, id ${nsid}`;
}

/** What there is to say of a namespace besides its label and its id. */
export function namespaceNotes({ label, isCurrent, names, containers }: MapNamespace): string[] {
  return [
    ...(isCurrent ? ['this namespace'] : []),
    ...names.filter(name => name !== label).map(name => `also ${visible(name)}`),
    ...containers
      .map(({ runtime, id }) => `${runtime ?? 'container'} ${visible(id.slice(0, SHORT_CONTAINER_ID))}`)
      .filter(text => text !== label),
  ];
}

/** The id by which the current namespace knows this one. */
export function idNotes({ nsid }: MapNamespace): string[] {
  return nsid === undefined ? [] : [`id ${nsid}`];
}

/** `12 nginx, 13 nginx`: processes by number and name, `most` of them; of a process's threads one stands for all. */
export function processesText(
  { processes }: { readonly processes: readonly MapProcess[] },
  most = NAMED_PROCESSES,
): string {
  const seen = new Set<number>();
  const named: string[] = [];
  for (const process of processes) {
    if (seen.has(process.pid)) continue;
    seen.add(process.pid);
    // What is only counted is not asked for its name.
    if (seen.size <= most) named.push(`${process.pid} ${visible(process.command)}`.trim());
  }
  const rest = seen.size - named.length;
  return [...named, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
}

/** All about a device that does not differ from one run of the same lab to the next, a line each. */
export function deviceFacts(device: MapDevice, own: string, detail: MapDetail): string[] {
  const {
    kind,
    status,
    operationState,
    mtu,
    hardwareAddress,
    alias,
    alternativeNames,
    master,
    peer,
    uppers,
  } = device;
  const kindText = kind === undefined ? '' : `${visible(kind)}, `;
  const state = status === 'no carrier' ? `${status} (${operationState})` : status;
  return [
    `${visible(device.name)}: ${kindText}${state}`,
    ...(hardwareAddress === undefined ? [] : [`address ${hardwareAddress}`]),
    ...(mtu === undefined ? [] : [`mtu ${mtu}`]),
    ...(master === undefined ? [] : [`belongs to ${visible(master)}`]),
    ...device.addresses
      .filter(
        ({ family, scope }) => detail.addresses && (detail.all || family === 'inet' || scope !== 'link'),
      )
      .map(addressText),
    ...(peer === undefined ? [] : [peerText(peer, own, UNICODE_SIGNS)]),
    ...uppers.map(
      upper =>
        `below ${visible(upper.device)}${upper.namespace === own ? '' : ` in ${visible(upper.namespace)}`}`,
    ),
    ...alternativeNames.map(name => `also ${visible(name)}`),
    ...(alias === undefined ? [] : [`alias ${visible(alias)}`]),
  ];
}
