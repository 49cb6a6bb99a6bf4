/** Messages of addresses that kernels seldom send, of every kind of family, made attribute by attribute. */
import {
  ADDRESSES,
  AF_PACKET,
  type Attribute,
  attributes,
  hex,
  lengthsOf,
  type Made,
  UNKNOWN,
  u16,
  u32,
} from './routes.ts';

const RTM_NEWADDR = 20;
const RTM_DELADDR = 21;
const LABEL = 3;
const IFA_FLAGS = 8;

/** Each attribute that an address of `family` may have, with a value of the right length. */
function valuesOf(family: number): readonly Attribute[] {
  const address = ADDRESSES[family]!;
  const other = Buffer.from(address.map(byte => byte ^ 5));
  return [
    [1, other],
    [2, address],
    [LABEL, Buffer.from('eth0:x\0')],
    [4, other],
    [5, address],
    [6, u32(500, 1000, 3, 4)],
    [7, other],
    [IFA_FLAGS, u32(0x80)],
    [9, u32(1024)],
    [10, u32(5)],
    [11, Buffer.of(3)],
  ];
}

/** A message of an address of `family`: what is behind its attributes is the same for all. */
export function address(
  family: number,
  own: readonly Attribute[],
  { type = RTM_NEWADDR, flags = 0x80, length = 24, scope = 0, device = 10 } = {},
): Buffer {
  const rest = attributes(...own, [UNKNOWN, Buffer.alloc(64, 0x21)]);
  const body = Buffer.concat([Buffer.of(family, length, flags, scope), u32(device), rest]);
  return Buffer.concat([u32(16 + body.length), u16(type), u16(0), u32(0, 0), body]);
}

/** Every message that is made of `family`: as {@link routeMessages} of routes. */
export function addressMessages(family: number): readonly Made[] {
  const values = valuesOf(family);
  const few = values.slice(0, 3);
  const found: Made[] = [];
  const add = (title: string, bytes: Buffer) => found.push({ title, bytes });
  for (const type of [RTM_NEWADDR, RTM_DELADDR]) {
    add(`all attributes, message ${type}`, address(family, values, { type }));
    add(`no attributes, message ${type}`, address(family, [], { type }));
    add(`of no device, message ${type}`, address(family, values, { type, device: 0 }));
    add(`of a device without name, message ${type}`, address(family, values, { type, device: 77 }));
  }
  for (const length of [0, 8, 32, 48, 64, 128, 255]) {
    add(`length ${length}`, address(family, few, { length }));
    add(`length ${length} without peer`, address(family, values.slice(1, 3), { length }));
    add(`length ${length} with peer alone`, address(family, values.slice(0, 1), { length }));
  }
  for (const scope of [0, 7, 200, 253, 254, 255]) add(`scope ${scope}`, address(family, few, { scope }));
  for (let bit = 0; bit < 8; bit++)
    add(`flag ${bit} of the header`, address(family, few, { flags: 2 ** bit }));
  for (let bit = 0; bit < 32; bit++)
    add(`flag ${bit}`, address(family, [...few, [IFA_FLAGS, u32(2 ** bit)]]));
  for (const [valid, preferred] of [
    [0, 0],
    [5, 0],
    [0, 5],
    [0xffffffff, 7],
    [7, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x80000000, 0x80000000],
  ])
    for (const flag of [0x80, 0, 0x20])
      add(
        `lifetimes ${valid} and ${preferred} with flags ${flag}`,
        address(family, [...few, [6, u32(preferred!, valid!, 0, 0)], [IFA_FLAGS, u32(flag)]]),
      );
  for (let number = 0; number < 6; number++)
    add(`protocol ${number}`, address(family, [...few, [11, Buffer.of(number)]]));
  // Behind a label that does not end, and of an address of a packet without bytes, the original reads on.
  const isDefined = (type: number, bytes: Buffer) =>
    type === LABEL ? bytes.includes(0) : family !== AF_PACKET || bytes.length > 0;
  for (const [type, payload] of values)
    for (const bytes of lengthsOf(payload).filter(cut => isDefined(type, cut))) {
      const title = `attribute ${type} of ${bytes.length} bytes`;
      add(title, address(family, [[type, bytes]]));
      add(
        `${title} with others`,
        address(family, [...values.filter(([other]) => other !== type), [type, bytes]]),
      );
    }
  for (const [type, payload] of values)
    add(
      `attribute ${type} twice`,
      address(family, [
        [type, payload],
        [type, Buffer.from(payload.map(byte => byte ^ 1))],
      ]),
    );
  add('a label of other bytes', address(family, [...few, [LABEL, hex('65ff0a2200')]]));
  return found;
}
