/** `links`: cables between two nodes, each a pair of devices. */

import type { ImpairmentModel, Words } from '../model.ts';
import type { DeviceDraft, Draft, NodeDraft } from './draft.ts';
import { macOf } from './identity.ts';
import { pathText, unknownWord } from './problems.ts';
import { readImpairment, readNumber } from './quantities.ts';
import type { LabCable, LabEnd } from './shape.ts';
import { type Path, type Place, placeAt } from './tree.ts';
import { words, wordsList } from './words.ts';

const DEVICE_NAME = /^[^\s/:%]{1,15}$/;
const JOINT = ' -- ';

/** One end of a cable as it is written. */
interface End {
  readonly node: NodeDraft;
  readonly device: string;
  readonly addresses: readonly Words[];
  readonly mac: string | undefined;
  readonly impair: ImpairmentModel | undefined;
  readonly place: Place | undefined;
  readonly path: Path;
}

/** Gives the nodes the devices of the cables. */
export function joinCables(cables: readonly LabCable[], draft: Draft, hasAutomaticAddresses: boolean): void {
  let number = 0;
  cables.forEach((cable, at) => {
    const path = ['links', at];
    const ends = endsOf(cable, path, draft);
    if (ends === undefined) return;
    const [first, second] = ends;
    number++;
    const isBare = ends.every(({ node, device, addresses }) => {
      const said = node.devices.get(device);
      return addresses.length === 0 && (said?.addresses.length ?? 0) === 0;
    });
    const automatic = hasAutomaticAddresses && isBare ? automaticAddresses(number, path) : [[], []];
    const common: Exclude<LabCable, string> = typeof cable === 'string' ? { ends: [] } : cable;
    const impair = readImpairment(common.impair, [...path, 'impair'], draft.tree, draft.problems);
    const mtu = readNumber(common.mtu);
    place(first, second, true, { mtu, impair, addresses: automatic[0]! }, draft);
    place(second, first, false, { mtu, impair, addresses: automatic[1]! }, draft);
  });
}

interface Common {
  readonly mtu: number | undefined;
  readonly impair: ImpairmentModel | undefined;
  readonly addresses: readonly Words[];
}

function place(end: End, peer: End, isFirst: boolean, common: Common, { lab, problems }: Draft): void {
  const { node, device } = end;
  const said = node.devices.get(device);
  if (said?.origin !== undefined) {
    problems.add(`device "${device}" of ${node.name} has another end already`, pathText(end.path), end.place);
    return;
  }
  const made: DeviceDraft = {
    name: device,
    origin: { kind: 'cable', peerNode: peer.node.name, peerDevice: peer.device, isFirst },
    master: said?.master,
    addresses: [...(said?.addresses ?? []), ...end.addresses, ...common.addresses],
    mac: end.mac ?? said?.mac ?? macOf(lab, node.name, device),
    mtu: said?.mtu ?? common.mtu,
    up: said?.up ?? true,
    dad: said?.dad ?? false,
    impair: end.impair ?? said?.impair ?? common.impair,
    place: said?.place ?? end.place,
    path: said?.path ?? pathText(end.path),
  };
  node.devices.set(device, made);
}

/** A /30 and a /64 that no other cable has. */
function automaticAddresses(number: number, path: Path): [Words[], Words[]] {
  const base = number * 4;
  const ipv4 = (host: number) => {
    const value = base + host;
    return `10.${(value >> 16) & 0xff}.${(value >> 8) & 0xff}.${value & 0xff}/30`;
  };
  const ipv6 = (host: number) => `fd00:0:0:${number.toString(16)}::${host}/64`;
  const of = (host: number): Words[] =>
    [ipv4(host), ipv6(host)].map(text => ({ text, path: pathText(path), place: undefined }));
  return [of(1), of(2)];
}

function endsOf(cable: LabCable, path: Path, draft: Draft): [End, End] | undefined {
  const { tree, problems } = draft;
  const place = placeAt(tree, path);
  let ends: (End | undefined)[];
  if (typeof cable === 'string') {
    const parts = cable.split(JOINT);
    if (parts.length !== 2) {
      problems.add(
        'is not a cable: "NODE:DEVICE ADDRESS... -- NODE:DEVICE ADDRESS..."',
        pathText(path),
        place,
      );
      return undefined;
    }
    const starts = [0, parts[0]!.length + JOINT.length];
    ends = parts.map((part, at) =>
      endOfText(part, path, within(place, cable, starts[at]!, part.length), draft),
    );
  } else {
    ends = cable.ends.map((end, at) => endOf(end, [...path, 'ends', at], draft));
  }
  const [first, second] = ends;
  if (first === undefined || second === undefined) return undefined;
  if (first.node === second.node && first.device === second.device) {
    problems.add('both ends are the same device', pathText(path), place);
    return undefined;
  }
  return [first, second];
}

/** The place of a part of a text, if the text stands in one line as it is. */
function within(place: Place | undefined, text: string, start: number, length: number): Place | undefined {
  if (place === undefined) return undefined;
  const quote = place.length - text.length;
  const isPlain = quote === 0 || quote === 2;
  return isPlain ? { ...place, column: place.column + quote / 2 + start, length } : place;
}

function endOf(end: LabEnd, path: Path, draft: Draft): End | undefined {
  const { tree, problems } = draft;
  if (typeof end === 'string') return endOfText(end, path, placeAt(tree, path), draft);
  const found = named(end.at, [...path, 'at'], placeAt(tree, [...path, 'at']), draft);
  if (found === undefined) return undefined;
  return {
    ...found,
    addresses: wordsList(end.address, [...path, 'address'], tree),
    mac: end.mac,
    impair: readImpairment(end.impair, [...path, 'impair'], tree, problems),
    path,
  };
}

function endOfText(text: string, path: Path, place: Place | undefined, draft: Draft): End | undefined {
  const [at = '', ...addresses] = text.trim().split(/\s+/);
  const lead = text.length - text.trimStart().length;
  const own = place && { ...place, column: place.column + lead, length: Math.max(1, at.length) };
  const found = named(at, path, own, draft);
  if (found === undefined) return undefined;
  return {
    ...found,
    addresses: addresses.map(address => ({ ...words(address, path, draft.tree), place: own })),
    mac: undefined,
    impair: undefined,
    path,
  };
}

/** The node and device that `NODE:DEVICE` means; without a device the next `ethN`. */
function named(
  at: string,
  path: Path,
  place: Place | undefined,
  { nodes, problems }: Draft,
): Pick<End, 'node' | 'device' | 'place'> | undefined {
  const colon = at.indexOf(':');
  const name = colon < 0 ? at : at.slice(0, colon);
  const node = nodes.get(name);
  if (node === undefined) {
    problems.add(unknownWord(name, 'a node', nodes.keys()), pathText(path), place);
    return undefined;
  }
  const device = colon < 0 ? nextDevice(node) : at.slice(colon + 1);
  if (!DEVICE_NAME.test(device) || device === 'lo' || device === '.' || device === '..') {
    problems.add(
      device.length > 15
        ? `"${device}" is longer than 15 characters`
        : `"${device}" is not a name for the end of a cable`,
      pathText(path),
      place,
    );
    return undefined;
  }
  return { node, device, place };
}

function nextDevice({ devices }: NodeDraft): string {
  for (let number = 0; ; number++) {
    const device = devices.get(`eth${number}`);
    if (device === undefined || device.origin === undefined) return `eth${number}`;
  }
}
