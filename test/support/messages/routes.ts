/** Route messages that kernels seldom send, of IPv4, IPv6, MPLS and families without routes, made attribute by attribute. */

const RTM_NEWROUTE = 24;
const RTM_DELROUTE = 25;
export const AF_INET = 2;
export const AF_INET6 = 10;
export const AF_MPLS = 28;
export const AF_BRIDGE = 7;
export const AF_PACKET = 17;
/** No kernel has it. */
export const AF_NONE = 99;
const RTN_UNICAST = 1;
const HIGHEST_TYPE = 13;

const RTA_VIA = 18;
const RTA_ENCAP_TYPE = 21;
const RTA_ENCAP = 22;
/** No program knows it. What is read behind an attribute that is too short is in it. */
export const UNKNOWN = 3000;

/** A message, and how it is made. */
export interface Made {
  readonly title: string;
  readonly bytes: Buffer;
}

/** The type and the payload of an attribute. */
export type Attribute = readonly [type: number, payload: Buffer];

export function u16(value: number): Buffer {
  return Buffer.from([value & 0xff, value >>> 8]);
}

export function u32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) bytes.writeUInt32LE(value, 4 * at);
  return bytes;
}

export function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex');
}

export function attributes(...all: readonly Attribute[]): Buffer {
  return Buffer.concat(
    all.map(([type, payload]) =>
      Buffer.concat([u16(4 + payload.length), u16(type), payload, Buffer.alloc(-payload.length & 3)]),
    ),
  );
}

/** struct rtnexthop with its attributes. */
function hop(flags: number, hops: number, device: number, ...own: readonly Attribute[]): Buffer {
  const rest = attributes(...own);
  return Buffer.concat([u16(8 + rest.length), Buffer.of(flags, hops), u32(device), rest]);
}

export const ADDRESSES: Readonly<Record<number, Buffer>> = {
  [AF_INET]: hex('0a010203'),
  [AF_INET6]: hex('fd00 0000 0000 0000 0000 0000 0000 0009'),
  [AF_MPLS]: hex('00064000 00065100'),
  [AF_BRIDGE]: hex('0200 0000 0001'),
  [AF_PACKET]: hex('0200 0000 0001 0002'),
  [AF_NONE]: hex('0a0b 0c0d 0e0f 1011'),
};

const METRICS = attributes(
  ...Array.from({ length: 17 }, (_, at): Attribute => {
    const metric = at + 1;
    if (metric === 1) return [metric, u32(0x14)];
    return metric === 16 ? [metric, Buffer.from('bbr\0')] : [metric, u32(40 * metric)];
  }),
);

/** Each attribute that a route of `family` may have, with a value of the right length. */
function valuesOf(family: number): readonly Attribute[] {
  const address = ADDRESSES[family]!;
  const via = Buffer.concat([u16(AF_INET), ADDRESSES[AF_INET]!]);
  return [
    [1, address],
    [2, address],
    [3, u32(11)],
    [4, u32(10)],
    [5, address],
    [6, u32(1024)],
    [7, address],
    [8, METRICS],
    [9, Buffer.concat([hop(1, 0, 10, [5, address]), hop(0x14, 4, 11, [RTA_VIA, via], [11, u32(0x50006)])])],
    [11, u32(0x50006)],
    [12, u32(1, 200, 300, 4, 5, 6, 7, 8)],
    [15, u32(77)],
    [16, u32(18)],
    [RTA_VIA, via],
    [19, address],
    [20, Buffer.of(1)],
    [23, u32(500)],
    [25, u32(1000)],
    [26, Buffer.of(1)],
    [27, Buffer.of(6)],
    [28, u16(80)],
    [29, u16(81)],
    [30, u32(5)],
    [31, u32(6)],
  ];
}

/** A route message of `family`: what is behind its attributes is the same for all. */
export function route(
  family: number,
  own: readonly Attribute[],
  { type = RTM_NEWROUTE, flags = 0, routeType = RTN_UNICAST, lengths = [0, 0] as readonly number[] } = {},
): Buffer {
  const header = Buffer.of(family, lengths[0]!, lengths[1]!, 0, 254, 4, 0, routeType);
  const body = Buffer.concat([header, u32(flags), attributes(...own, [UNKNOWN, Buffer.alloc(64, 0x21)])]);
  return Buffer.concat([u32(16 + body.length), u16(type), u16(0), u32(0, 0), body]);
}

/**
 * Every message that is made of `family`: each attribute alone, of each wrong length, and all together, each flag, each
 * type, each encapsulation.
 */
export function routeMessages(family: number): readonly Made[] {
  const values = valuesOf(family);
  const whole = ADDRESSES[family]!.length * 8;
  const found: Made[] = [];
  for (const lengths of [
    [0, 0],
    [whole, whole],
    [8, 3],
    [20, 20],
  ])
    found.push(
      { title: `lengths ${lengths}`, bytes: route(family, [], { lengths }) },
      { title: `lengths ${lengths} with addresses`, bytes: route(family, values.slice(0, 2), { lengths }) },
    );
  for (const type of [RTM_NEWROUTE, RTM_DELROUTE])
    found.push({ title: `all attributes, message ${type}`, bytes: route(family, values, { type }) });
  for (let bit = 0; bit < 32; bit++)
    found.push({ title: `flag ${bit}`, bytes: route(family, values.slice(0, 4), { flags: 2 ** bit }) });
  for (let routeType = 0; routeType <= HIGHEST_TYPE; routeType++)
    found.push({ title: `type ${routeType}`, bytes: route(family, values.slice(0, 4), { routeType }) });
  for (const [type, payload] of values) {
    for (const bytes of lengthsOf(payload))
      found.push({
        title: `attribute ${type} of ${bytes.length} bytes`,
        bytes: route(family, [[type, bytes]]),
      });
  }
  for (const [type, payload] of values)
    found.push({
      title: `attribute ${type} twice`,
      bytes: route(family, [
        [type, payload],
        [type, Buffer.from(payload.map(byte => byte ^ 1))],
      ]),
    });
  // Of length 20, the original prints memory that nothing has been written to.
  found.push({ title: '40 labels', bytes: route(family, [[1, LABELS]]) });
  return [...found, ...viasOf(family), ...encapsOf(family), ...nestedOf(family)];
}

/** More labels than the text of a prefix has room for; the last has the bit that ends the stack. */
const LABELS = Buffer.from(`${'00064000'.repeat(39)}00065100`, 'hex');

/** `payload` with its right length, with each shorter one of a short one, and with longer ones. */
export function lengthsOf(payload: Buffer): readonly Buffer[] {
  const longer = [0, 1, 4, 16].map(more => Buffer.concat([payload, Buffer.alloc(more, 7)]));
  const shorter = Array.from({ length: Math.min(payload.length, 36) }, (_, length) =>
    payload.subarray(0, length),
  );
  return [...shorter, ...longer];
}

function viasOf(family: number): readonly Made[] {
  return [0, AF_INET, 7, AF_INET6, 17, AF_MPLS].map(other => {
    const address = ADDRESSES[other] ?? hex('020000000001');
    return {
      title: `via of family ${other}`,
      bytes: route(family, [[RTA_VIA, Buffer.concat([u16(other), address])]]),
    };
  });
}

/** A segment routing header of two segments. */
const SEGMENTS = Buffer.concat([hex('0004 0401 0100 0000'), ADDRESSES[AF_INET6]!, ADDRESSES[AF_INET6]!]);

/** LWTUNNEL_ENCAP_*: the attributes of each. */
const ENCAPS: Readonly<Record<number, readonly Attribute[]>> = {
  1: [
    [1, hex('00064000 00065100')],
    [2, Buffer.of(9)],
  ],
  2: [
    [1, hex('0000000000000005')],
    [2, hex('0a000001')],
    [3, hex('0a000002')],
    [4, Buffer.of(7)],
    [5, Buffer.of(8)],
    [6, hex('001c')],
  ],
  3: [
    [1, hex('0000000000000007')],
    [2, Buffer.of(1)],
    [3, Buffer.of(0)],
    [4, Buffer.of(1)],
  ],
  4: [
    [1, hex('0000000000000005')],
    [2, ADDRESSES[AF_INET6]!],
    [3, ADDRESSES[AF_INET6]!],
    [4, Buffer.of(7)],
    [5, Buffer.of(8)],
    [6, hex('001c')],
  ],
  5: [
    [1, Buffer.concat([u32(1), SEGMENTS])],
    [2, ADDRESSES[AF_INET6]!],
    [3, u32(77)],
  ],
  6: [
    [1, attributes([1, u32(5)], [2, Buffer.from('first\0')])],
    [2, attributes([2, Buffer.from('second\0')])],
    [3, attributes([1, u32(5)])],
    [4, u32(256)],
  ],
  7: [
    [1, u32(15)],
    [2, SEGMENTS],
    [3, u32(77)],
    [4, ADDRESSES[AF_INET]!],
    [5, ADDRESSES[AF_INET6]!],
    [6, u32(10)],
    [7, u32(11)],
    [8, attributes([1, u32(5)], [2, Buffer.from('first\0')])],
    [9, u32(78)],
    [10, attributes([2, u32(5, 0)], [3, u32(6, 0)], [4, u32(7, 0)])],
    [11, attributes([1, u32(0x1e)], [2, Buffer.of(32)], [3, Buffer.of(16)])],
  ],
  8: [[1, Buffer.concat([Buffer.of(0, 4, 3, 2), u32(0), ADDRESSES[AF_INET6]!, ADDRESSES[AF_INET6]!])]],
  9: [
    [1, Buffer.of(2)],
    [2, ADDRESSES[AF_INET6]!],
    [3, hex('0005 0003 00c00000')],
    [4, u32(1)],
    [5, u32(3)],
    [6, ADDRESSES[AF_INET6]!],
  ],
  10: [
    [1, u32(9)],
    [2, u32(10)],
  ],
};

function encapsOf(family: number): readonly Made[] {
  const found: Made[] = [];
  const add = (kind: number, title: string, own: readonly Attribute[]) =>
    found.push({
      title: `encapsulation ${kind} ${title}`,
      bytes: route(family, [
        [RTA_ENCAP_TYPE, u16(kind)],
        [RTA_ENCAP, attributes(...own)],
        [19, ADDRESSES[family]!],
      ]),
    });
  add(99, 'unknown', []);
  for (const [name, own] of Object.entries(ENCAPS)) {
    const kind = Number(name);
    add(kind, 'empty', []);
    add(kind, 'whole', own);
    for (const [type, payload] of own)
      for (const bytes of lengthsOf(payload))
        add(kind, `with attribute ${type} of ${bytes.length} bytes`, [
          ...own.filter(([other]) => other !== type),
          [type, bytes],
          [UNKNOWN, Buffer.alloc(64, 0x21)],
        ]);
  }
  return found;
}

/** Metrics and next hops of which an attribute has each wrong length, and next hops that claim other lengths. */
function nestedOf(family: number): readonly Made[] {
  const found: Made[] = [];
  const behind: Attribute = [UNKNOWN, Buffer.alloc(64, 0x21)];
  for (const [metric, payload] of [
    [1, u32(0x14)],
    [2, u32(1400)],
    [4, u32(80)],
    [12, u32(1)],
  ] as const)
    for (const bytes of lengthsOf(payload))
      found.push({
        title: `metric ${metric} of ${bytes.length} bytes`,
        bytes: route(family, [[8, attributes([metric, bytes], behind)]]),
      });
  for (const [type, payload] of valuesOf(family).filter(([number]) => [5, 11, RTA_VIA, 19].includes(number)))
    for (const bytes of lengthsOf(payload))
      found.push({
        title: `next hop with attribute ${type} of ${bytes.length} bytes`,
        bytes: route(family, [[9, hop(0, 0, 10, [type, bytes], behind)]]),
      });
  // Of one that claims no bytes, the original prints without end.
  for (const length of [1, 4, 7, 8, 9, 12, 15, 17, 40]) {
    const odd = hop(0, 0, 10, [11, u32(5)]);
    odd.writeUInt16LE(length);
    found.push({
      title: `next hop that claims ${length} bytes`,
      bytes: route(family, [[9, Buffer.concat([odd, hop(0, 1, 11)])]]),
    });
  }
  return found;
}
