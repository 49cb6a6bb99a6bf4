/** Long dumps over a socket that blocks: what is received in another thread, and whose memory it is. */

import assert from 'node:assert/strict';
import { NetlinkSession } from '../../../src/kernel/netlink/conversation.ts';
import type { Transport, TransportEvents } from '../../../src/kernel/netlink/transport.ts';
import { NLM_F_DUMP, NLM_F_MULTI, NLMSG_DONE } from '../../../src/linux/netlink.ts';
import { type Message, splitDatagram } from '../../../src/wire/message.ts';
import { MessageWriter } from '../../../src/wire/writer.ts';

const PORT = 4711;
const DATA = 24;
const QUESTION = 30;
/** Datagrams of a dump, more than are received at a time, and messages in each. */
const DATAGRAMS = 200;
const MESSAGES = 100;
/** Datagrams that a room has place for. */
const AT_A_TIME = 8;

/** A kernel that answers a dump by numbered messages, and any other request by one message with its own number. */
class Kernel {
  /** All memory that was received in by another thread. */
  readonly rooms = new Set<ArrayBufferLike>();
  readonly #queue: Buffer[] = [];

  connect(events: TransportEvents): Transport {
    return {
      port: PORT,
      send: (bytes, onSent) => {
        for (const request of splitDatagram(Buffer.from(bytes)).messages) this.#answer(request);
        onSent(0);
      },
      close: () => undefined,
      hold: () => undefined,
      join: () => undefined,
      receive: () => events.message(this.#next(), 0),
      // As a thread that is faster than ours.
      receiveInBackground: (room, onReceived) => {
        this.rooms.add(room.bytes.buffer);
        let count = 0;
        for (; count < AT_A_TIME && this.#queue.length > 0; count++) {
          const datagram = this.#next();
          datagram.copy(room.bytes, count * room.part);
          room.lengths.writeInt32LE(datagram.length, 4 * count);
        }
        setImmediate(() => onReceived(room.datagrams(count)));
      },
    };
  }

  #next(): Buffer {
    const datagram = this.#queue.shift();
    assert.ok(datagram !== undefined, 'nothing is received that is not due');
    return datagram;
  }

  #answer({ type, flags, sequence }: Message): void {
    // An answer comes before what is left of a dump.
    if ((flags & NLM_F_DUMP) !== NLM_F_DUMP) this.#queue.unshift(encode(type, 0, sequence, 0xffff));
    else
      for (let datagram = 0; datagram <= DATAGRAMS; datagram++)
        this.#queue.push(
          datagram === DATAGRAMS
            ? encode(NLMSG_DONE, NLM_F_MULTI, sequence, 0)
            : Buffer.concat(
                Array.from({ length: MESSAGES }, (_, at) =>
                  encode(DATA, NLM_F_MULTI, sequence, datagram * MESSAGES + at),
                ),
              ),
        );
  }
}

function encode(type: number, flags: number, sequence: number, number: number): Buffer {
  const out = new MessageWriter(type, 0);
  out.flags = flags;
  out.raw(Buffer.from(new Uint32Array([number]).buffer));
  return Buffer.from(out.finish(sequence, PORT));
}

const numberOf = ({ bytes, payload }: Message) => bytes.readUInt32LE(payload);

function assertNumbers(messages: readonly Message[], first: number): void {
  assert.deepEqual(
    messages.map(numberOf),
    messages.map((_, at) => first + at),
  );
}

describe('long dumps', () => {
  it('use the memory of what is lent again, and not before the next batch but one is asked for', async () => {
    const kernel = new Kernel();
    const session = new NetlinkSession((_options, events) => kernel.connect(events));
    let before: readonly Message[] = [];
    let count = 0;
    for await (const batch of session.dump(new MessageWriter(DATA, 0), undefined, true)) {
      assertNumbers(batch, count);
      assertNumbers(before, count - before.length);
      count += batch.length;
      before = batch;
    }
    assertNumbers(before, count - before.length);
    assert.equal(count, DATAGRAMS * MESSAGES);
    assert.ok(kernel.rooms.size <= 4, `${kernel.rooms.size} rooms`);
  });

  it('leave to whoever reads them what is not lent, in memory of its own', async () => {
    const kernel = new Kernel();
    const session = new NetlinkSession((_options, events) => kernel.connect(events));
    const messages: Message[] = [];
    for await (const batch of session.dump(new MessageWriter(DATA, 0))) messages.push(...batch);
    assert.equal(messages.length, DATAGRAMS * MESSAGES);
    assertNumbers(messages, 0);
    assert.equal(kernel.rooms.size, 1);
  });

  it('lend nothing while somebody else waits for an answer', async () => {
    const kernel = new Kernel();
    const session = new NetlinkSession((_options, events) => kernel.connect(events));
    const answers: Promise<readonly Message[]>[] = [];
    let batches = 0;
    let count = 0;
    for await (const batch of session.dump(new MessageWriter(DATA, 0), undefined, true)) {
      assertNumbers(batch, count);
      count += batch.length;
      if (batches++ % 20 === 10) answers.push(session.request(new MessageWriter(QUESTION, 0), 'answer'));
    }
    assert.equal(count, DATAGRAMS * MESSAGES);
    const told = await Promise.all(answers);
    assert.ok(told.length > 5);
    for (const [answer] of told) assert.equal(numberOf(answer!), 0xffff);
  });

  it('may be left in the middle, and followed by another', async () => {
    const kernel = new Kernel();
    const session = new NetlinkSession((_options, events) => kernel.connect(events));
    let batches = 0;
    for await (const _batch of session.dump(new MessageWriter(DATA, 0), undefined, true))
      if (++batches === 20) break;
    let count = 0;
    for await (const batch of session.dump(new MessageWriter(DATA, 0), undefined, true)) {
      assertNumbers(batch, count);
      count += batch.length;
    }
    assert.equal(count, DATAGRAMS * MESSAGES);
  });
});
