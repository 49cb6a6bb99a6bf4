/**
 * What is repeated of a dump is what would have been printed: long rows of messages, each a little different from the
 * one before, laid out in parts with and without memory.
 */

import assert from 'node:assert/strict';
import { ADDRESS_PARTS } from '../../src/layouts/address.ts';
import { BRIEF_LINK_PARTS, LINK_PARTS } from '../../src/layouts/link.ts';
import { ROUTE_PARTS } from '../../src/layouts/route.ts';
import {
  RTM_DELLINK,
  RTM_DELROUTE,
  RTM_NEWADDR,
  RTM_NEWLINK,
  RTM_NEWROUTE,
} from '../../src/linux/rtnetlink.ts';
import { jsonOutput } from '../../src/output/json.ts';
import { RecordPrinter } from '../../src/output/record-printer.ts';
import type { CapturingSink } from '../../src/output/sink.ts';
import { paletteFor, textOutput } from '../../src/output/text.ts';
import { AddressReader, address } from '../../src/rtnetlink/address.ts';
import { findKind } from '../../src/rtnetlink/kinds/index.ts';
import { type LinkReader, link, linkReader } from '../../src/rtnetlink/link.ts';
import { RouteReader, routeAttributes } from '../../src/rtnetlink/route.ts';
import type { Part } from '../../src/schema/output.ts';
import type { Rows } from '../../src/schema/row.ts';
import type { View } from '../../src/schema/view.ts';
import { type Message, splitDatagram } from '../../src/wire/message.ts';
import type { MessageReader } from '../../src/wire/reader.ts';
import { memoryTape } from '../support/memory-tape.ts';

/** The same numbers, 0 up to `limit`, for the same seed. */
function numbersFrom(seed: number): (limit: number) => number {
  let state = Math.imul(seed + 1, 2_654_435_761) >>> 0;
  return limit => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** A message as it is drafted: header, and attributes by number, in order. */
interface Draft {
  type: number;
  header: Buffer;
  attributes: { type: number; payload: Buffer }[];
}

/** What one object's messages are like. */
interface Object<R extends MessageReader, C> {
  readonly types: readonly number[];
  readonly headerLength: number;
  readonly rows: Rows;
  readonly parts: readonly Part<R, C>[];
  readonly makeReader: () => R;
  readonly context: C;
}

const TEXTS = ['', 'v9', 'v10', 'w10', 'a-name', 'a\0b', 'veth', 'bridge'];

function payloadFor(length: number, random: (limit: number) => number): Buffer {
  if (random(4) === 0) return Buffer.from(`${TEXTS[random(TEXTS.length)]}\0`);
  return Buffer.from(Array.from({ length }, () => (random(3) === 0 ? random(256) : random(3))));
}

/** Lengths that attributes have: fitting, too short, and those of addresses and structs. */
const LENGTHS = [0, 1, 2, 3, 4, 4, 4, 4, 6, 8, 16, 20, 64, 200];

function mutate(
  draft: Draft,
  types: readonly number[],
  highest: number,
  random: (limit: number) => number,
): void {
  const { header, attributes } = draft;
  const chosen = attributes[random(attributes.length)];
  const type = random(8) === 0 ? 80 + random(30) : random(highest + 3);
  switch (random(9)) {
    case 0:
      header[random(header.length)] = random(2) === 0 ? random(256) : random(4);
      break;
    case 1:
      attributes.splice(random(attributes.length + 1), 0, {
        type,
        payload: payloadFor(LENGTHS[random(14)]!, random),
      });
      break;
    case 2:
      if (attributes.length > 3) attributes.splice(random(attributes.length), 1);
      break;
    case 3:
      if (chosen !== undefined) chosen.payload = payloadFor(LENGTHS[random(14)]!, random);
      break;
    case 4:
      if (random(6) === 0) draft.type = types[random(types.length)]!;
      break;
    default:
      // Most often what a message has becomes something else of the same length.
      if (chosen !== undefined) chosen.payload = payloadFor(chosen.payload.length, random);
  }
}

function encode({ type, header, attributes }: Draft, random: (limit: number) => number): Buffer {
  const parts = attributes.map(({ type: number, payload }) => {
    const head = Buffer.alloc(4);
    // Sometimes one that is longer or shorter than the place it takes.
    const isWrong = random(40) === 0;
    head.writeUInt16LE(isWrong ? 4 + random(2 * payload.length + 8) : 4 + payload.length, 0);
    head.writeUInt16LE(number, 2);
    return Buffer.concat([head, payload, Buffer.alloc(-payload.length & 3)]);
  });
  // Sometimes something at the end that is no attribute.
  const tail = random(12) === 0 ? [Buffer.from([2, 0, random(3), 0])] : [];
  const head = Buffer.alloc(16);
  const message = Buffer.concat([head, header, ...parts, ...tail]);
  message.writeUInt32LE(message.length, 0);
  message.writeUInt16LE(type, 4);
  return message;
}

/** Messages in datagrams of several, each a little different from the one before. */
function messagesOf(
  { types, headerLength, rows }: Pick<Object<never, never>, 'types' | 'headerLength' | 'rows'>,
  seed: number,
): Message[] {
  const random = numbersFrom(seed);
  const highest = Math.max(...Object.values(rows).map(({ type }) => type));
  const draft: Draft = { type: types[0]!, header: Buffer.alloc(headerLength), attributes: [] };
  for (let count = 0; count < 12; count++) {
    const row = Object.values(rows)[random(Object.keys(rows).length)]!;
    draft.attributes.push({ type: row.type, payload: payloadFor(LENGTHS[random(14)]!, random) });
  }
  const datagrams: Buffer[] = [];
  for (let count = 0; count < 40; count++) {
    const messages: Buffer[] = [];
    for (let inside = 0; inside < 5; inside++) {
      const changes = random(3);
      for (let change = 0; change < changes; change++) mutate(draft, types, highest, random);
      messages.push(encode(draft, random));
    }
    datagrams.push(Buffer.concat(messages));
  }
  return datagrams.flatMap(datagram => splitDatagram(datagram).messages);
}

function outputs(tape: CapturingSink) {
  return {
    text: { out: textOutput(tape, { oneLine: false, palette: undefined }), tape },
    'one line, coloured': { out: textOutput(tape, { oneLine: true, palette: paletteFor(undefined) }), tape },
    JSON: { out: jsonOutput(tape, false), tape },
    'pretty JSON': { out: jsonOutput(tape, true), tape },
  };
}

function printAll<R extends MessageReader, C>(
  object: Object<R, C>,
  messages: readonly Message[],
  format: keyof ReturnType<typeof outputs>,
  hasMemory: boolean,
): string {
  const tape = memoryTape();
  const recording = outputs(tape)[format];
  const { parts, makeReader, context, rows } = object;
  const { type } = Object.values(rows)[0]!;
  const chooses = (record: R) => record.headerU8(1) % 5 !== 4 && (record.attributes.u8(type) ?? 0) % 4 !== 3;
  const printer = new RecordPrinter(
    hasMemory ? recording : recording.out,
    parts,
    makeReader,
    context,
    chooses,
  );
  printer.out.list();
  for (const [place, message] of messages.entries()) {
    if (printer.read(message) === undefined || !printer.isChosen || place % 11 === 5) continue;
    printer.out.open();
    printer.print();
    printer.out.close();
  }
  printer.out.end();
  return tape.text;
}

function viewOf(details: number): View {
  return {
    details,
    statistics: details,
    oneLine: false,
    brief: false,
    scale: 'none',
    numeric: false,
    names: {
      device: index => `dev${index}`,
      deviceIndex: () => undefined,
      deviceState: index => ({ name: `dev${index}`, flags: index % 2 === 0 ? 0 : 1 }),
      remember: () => undefined,
      name: (table, number) => `${table}${number}`,
      number: () => undefined,
      namespace: () => undefined,
      host: address => address,
      user: () => undefined,
      userGroup: () => undefined,
    },
  };
}

function describeObject<R extends MessageReader, C>(title: string, object: Object<R, C>): void {
  for (const format of ['text', 'one line, coloured', 'JSON', 'pretty JSON'] as const) {
    it(`${title}, ${format}`, () => {
      for (let seed = 0; seed < 25; seed++) {
        const messages = messagesOf(object, seed);
        const repeated = printAll(object, messages, format, true);
        assert.equal(repeated, printAll(object, messages, format, false), `seed ${seed}`);
        assert.ok(repeated.length > 200);
      }
    });
  }
}

describe('records printed from memory', () => {
  for (const details of [0, 1]) {
    const view = viewOf(details);
    const links = {
      types: [RTM_NEWLINK, RTM_DELLINK],
      headerLength: 16,
      rows: link.rows,
      makeReader: linkReader,
    };
    const context = { ...view, layout: { as: 'link', family: 0, findKind } as const };
    describeObject(`links, details ${details}`, { ...links, parts: LINK_PARTS, context });
    describeObject(`links in brief, details ${details}`, { ...links, parts: BRIEF_LINK_PARTS, context });
    describeObject(`routes, details ${details}`, {
      types: [RTM_NEWROUTE, RTM_DELROUTE],
      headerLength: 12,
      rows: routeAttributes.rows,
      parts: ROUTE_PARTS,
      makeReader: () => new RouteReader(),
      context: { ...view, known: {} },
    });
    describeObject(`addresses, details ${details}`, {
      types: [RTM_NEWADDR],
      headerLength: 8,
      rows: address.rows,
      parts: ADDRESS_PARTS,
      makeReader: () => new AddressReader(),
      context: { ...view, layout: { hasDevice: true } },
    });
  }

  it('runs the parts that read what differs, and no other', () => {
    const runs = { name: 0, mtu: 0, choice: 0 };
    const parts = [
      ({ ifname }: LinkReader) => {
        if (ifname !== undefined) runs.name++;
      },
      ({ mtu }: LinkReader) => {
        if (mtu !== undefined) runs.mtu++;
      },
    ];
    const recording = outputs(memoryTape()).text;
    const printer = new RecordPrinter(recording, parts, linkReader, undefined, ({ mtu }) => {
      runs.choice++;
      return mtu !== undefined;
    });
    for (let count = 0; count < 100; count++) {
      const attributes = [
        { type: link.rows.ifname.type, payload: Buffer.from(`v${count % 10}\0`) },
        { type: link.rows.mtu.type, payload: Buffer.from([220, 5, 0, 0]) },
      ];
      const bytes = encode({ type: RTM_NEWLINK, header: Buffer.alloc(16), attributes }, () => 1);
      assert.ok(printer.read(splitDatagram(bytes).messages[0]!));
      assert.ok(printer.isChosen);
      printer.print();
    }
    assert.equal(runs.name, 100);
    assert.ok(runs.choice < 10, `${runs.choice}`);
    assert.ok(runs.mtu < 10, `${runs.mtu}`);
  });
});
