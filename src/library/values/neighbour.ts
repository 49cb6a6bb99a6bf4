/** Neighbours as values. Source: linux/neighbour.h struct ndmsg, NDA_*, NUD_*, NTF_*. */

import { AF_BRIDGE } from '../../linux/families.ts';
import {
  decodeNeighbour,
  NEIGHBOUR_EXTENDED_FLAGS,
  NEIGHBOUR_FLAGS,
  NEIGHBOUR_STATES,
  type NeighbourAttributes,
  type Neighbour as RawNeighbour,
} from '../../rtnetlink/neighbour.ts';
import { formatHardwareAddress } from '../../wire/address.ts';
import { type Message, messageAt } from '../../wire/message.ts';
import type { DeviceDirectory } from './devices.ts';
import { type Family, familyName } from './prefix.ts';
import type { Reading } from './reading.ts';
import { FlagLists, sourceOf, Value } from './value.ts';
import type { Words } from './words.ts';

/** What is known of a neighbour's link-layer address (NUD_*). */
export type NeighbourState = keyof typeof NEIGHBOUR_STATES;

/** A flag of a neighbour (NTF_*, NTF_EXT_*). */
export type NeighbourFlag = keyof typeof NEIGHBOUR_FLAGS | keyof typeof NEIGHBOUR_EXTENDED_FLAGS;

/** A neighbour. */
export interface Neighbour {
  readonly family: Family;
  /** Its address. */
  readonly address: string;
  /** Name of the device that it is reached by; undefined for proxies of all devices. */
  readonly device?: string;
  readonly device_index?: number;
  /** Link-layer address as hex bytes joined by colons. */
  readonly lladdr?: string;
  readonly states: readonly NeighbourState[];
  readonly flags: readonly NeighbourFlag[];
  /** Who made it, as /etc/iproute2/rt_protos names it. */
  readonly protocol?: string;
  /** All attributes with their NDA_* names, decoded each time that they are asked for. */
  readonly attributes: NeighbourAttributes;
}

/** What the neighbours of one dump share. */
interface NeighbourNames {
  readonly words: Words;
  readonly directory: DeviceDirectory;
}

const STATE_LISTS = new FlagLists(NEIGHBOUR_STATES);
const FLAG_LISTS = new FlagLists(NEIGHBOUR_FLAGS);
const EXTENDED_LISTS = new FlagLists(NEIGHBOUR_EXTENDED_FLAGS);

/** A neighbour, with what is seldom wanted decoded from its message. */
class NeighbourValue extends Value {
  declare readonly family: Family;
  declare readonly address: string;
  declare readonly device: string | undefined;
  declare readonly device_index: number | undefined;
  declare readonly lladdr: string | undefined;
  declare readonly states: readonly NeighbourState[];
  declare readonly flags: readonly NeighbourFlag[];
  declare readonly protocol: string | undefined;

  constructor(message: Message, { header, ...attributes }: RawNeighbour, names: NeighbourNames) {
    super(message.bytes, message.start);
    const { lladdr, protocol } = attributes;
    const device = header.ifindex === 0 ? undefined : header.ifindex;
    this.family = familyName(header.family);
    this.address = attributes.dst ?? '';
    this.device = device === undefined ? undefined : names.directory.name(device);
    this.device_index = device;
    this.lladdr = lladdr === undefined || lladdr.length === 0 ? undefined : formatHardwareAddress(lladdr);
    this.states = STATE_LISTS.of(header.state);
    this.flags = [...FLAG_LISTS.of(header.flags), ...EXTENDED_LISTS.of(attributes.flags_ext ?? 0)];
    this.protocol = protocol === undefined ? undefined : names.words.name('protocols', protocol);
  }

  get attributes(): NeighbourAttributes {
    const { header, ...attributes } = decodeNeighbour(sourceOf(this))!;
    return attributes;
  }
}

/** How neighbour messages become values. */
export const neighbourReading: Reading<Neighbour> = ({ words }, directory) => {
  const names: NeighbourNames = { words, directory };
  return (bytes, start) => {
    const message = messageAt(bytes, start);
    const raw = decodeNeighbour(message);
    // Those of bridges are forwarding entries.
    return raw === undefined || raw.header.family === AF_BRIDGE
      ? undefined
      : (new NeighbourValue(message, raw, names) as Neighbour);
  };
};
