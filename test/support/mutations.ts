/** Messages made odd: each attribute missing, given twice, unknown, marked, or with other bytes. */
import type { Attribute, NetlinkMessage } from './capture/bytes.ts';

/** A message that differs from one that the kernel sends. `padding` fills what no value fills. */
export interface OddMessage {
  readonly title: string;
  bytes(padding: number): Buffer;
}

type Node = Pick<Attribute, 'type' | 'flagBits' | 'payload' | 'header' | 'nested'>;

/**
 * What an attribute may become. Nothing shorter than it should be, and no text without an end: there the original reads
 * on in what follows. It comes last, so that where it does so all the same, the filler shows.
 */
const CHANGES: Readonly<Record<string, (node: Node, padding: number) => Node[]>> = {
  missing: () => [],
  twice: (node, padding) => [node, leaf(node, Buffer.from(payloadOf(node, padding).map(byte => byte ^ 1)))],
  unknown: node => [{ ...node, type: node.type + 300 }],
  'marked as a nest': node => [{ ...node, flagBits: node.flagBits ^ 0x8000 }],
  'in network order': node => [{ ...node, flagBits: node.flagBits ^ 0x4000 }],
  'a byte longer': (node, padding) => [leaf(node, Buffer.concat([payloadOf(node, padding), Buffer.of(7)]))],
  'twelve bytes longer': (node, padding) => [
    leaf(node, Buffer.concat([payloadOf(node, padding), Buffer.alloc(12, 7)])),
  ],
  'all 0': (node, padding) => [leaf(node, Buffer.alloc(payloadOf(node, padding).length))],
  'beginning with 3': (node, padding) => [leaf(node, beginningWith(3, payloadOf(node, padding)))],
  'beginning with 200': (node, padding) => [leaf(node, beginningWith(200, payloadOf(node, padding)))],
};

function beginningWith(byte: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.of(byte), payload.subarray(1)]).subarray(0, payload.length);
}

/** Values that each byte of the struct at the beginning is given. */
const HEADER_BYTES = [0, 1, 2, 3, 7, 10, 11, 0x40, 0x80, 0xff];

/** Everything that `message` is made to, one change at a time. */
export function oddMessages(message: NetlinkMessage): OddMessage[] {
  const { type, flags, header, attributes } = message;
  const found: OddMessage[] = [
    { title: 'no attributes', bytes: padding => write(type, flags, header, [], padding) },
    { title: 'deleted', bytes: padding => write(type + 1, flags, header, attributes, padding) },
  ];
  for (const path of pathsOf(attributes)) {
    const types = typesOn(path, attributes).join('.');
    for (const [title, change] of Object.entries(CHANGES)) {
      found.push({
        title: `attribute ${types} ${title}`,
        bytes: padding => write(type, flags, header, changed(attributes, path, change, padding), padding),
      });
    }
  }
  for (let at = 0; at < header.length; at++) {
    for (const value of HEADER_BYTES) {
      const own = Buffer.from(header);
      own[at] = value;
      const title = `byte ${at} of the struct ${value}`;
      found.push({ title, bytes: padding => write(type, flags, own, attributes, padding) });
    }
  }
  return found;
}

/** A message that the programs pass over, to have `value` where they read beyond the one that follows. */
export function filler(value: number, length: number): Buffer {
  const NLMSG_NOOP = 1;
  return write(NLMSG_NOOP, 0, Buffer.alloc(length & ~3, value), [], 0);
}

function pathsOf(nodes: readonly Node[], before: readonly number[] = []): number[][] {
  return nodes.flatMap((node, at) => [[...before, at], ...pathsOf(node.nested ?? [], [...before, at])]);
}

function typesOn([at, ...rest]: readonly number[], nodes: readonly Node[]): number[] {
  if (at === undefined) return [];
  const node = nodes[at]!;
  return [node.type, ...typesOn(rest, node.nested ?? [])];
}

function changed(
  nodes: readonly Node[],
  [at, ...rest]: readonly number[],
  change: (node: Node, padding: number) => Node[],
  padding: number,
): Node[] {
  const node = nodes[at!]!;
  const others = nodes.filter((_, index) => index !== at);
  if (rest.length === 0) return [...others, ...change(node, padding)];
  return [...others, { ...node, nested: changed(node.nested!, rest, change, padding) as Attribute[] }];
}

/** An attribute that nobody knows, for the eyes of who reads beyond the one before: its very header depends on `value`. */
function trailer(value: number): Node {
  return leaf({ type: 3000 + value, flagBits: 0 }, Buffer.alloc(64 + 4 * value, value));
}

function leaf({ type, flagBits }: Pick<Node, 'type' | 'flagBits'>, payload: Buffer): Node {
  return { type, flagBits, payload, header: Buffer.alloc(0), nested: undefined };
}

function payloadOf({ header, nested, payload }: Node, padding: number): Buffer {
  return nested === undefined ? payload : Buffer.concat([header, writeAll(nested, padding)]);
}

function writeAll(nodes: readonly Node[], padding: number): Buffer {
  return Buffer.concat(
    nodes.map(node => {
      const payload = payloadOf(node, padding);
      const head = Buffer.alloc(4);
      head.writeUInt16LE(4 + payload.length, 0);
      head.writeUInt16LE(node.type | node.flagBits, 2);
      return Buffer.concat([head, payload, Buffer.alloc(-payload.length & 3, padding)]);
    }),
  );
}

function write(type: number, flags: number, header: Buffer, nodes: readonly Node[], padding: number): Buffer {
  const payload = Buffer.concat([header, writeAll([...nodes, trailer(padding)], padding)]);
  const head = Buffer.alloc(16);
  head.writeUInt32LE(head.length + payload.length, 0);
  head.writeUInt16LE(type, 4);
  head.writeUInt16LE(flags, 6);
  return Buffer.concat([head, payload]);
}
