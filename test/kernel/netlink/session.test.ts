import assert from 'node:assert/strict';
import type { Outcome } from '../../../src/kernel/netlink/dump.ts';
import { Session } from '../../../src/kernel/netlink/event-session.ts';
import type { TransportEvents } from '../../../src/kernel/netlink/transport.ts';
import { RequestWindow } from '../../../src/kernel/netlink/window.ts';
import { KernelError, SystemError } from '../../../src/kernel/system/errors.ts';
import * as codec from '../../../src/wire/codec.ts';
import { type Message, splitDatagram } from '../../../src/wire/message.ts';
import { MessageWriter } from '../../../src/wire/writer.ts';

const PORT = 4711;
const ENOBUFS = 105;
const EEXIST = 17;

/** A session whose kernel is a script: each datagram sent is answered by what `answer` returns. */
function scripted(answer: (requests: readonly Message[], events: TransportEvents) => readonly Buffer[]) {
  const warnings: string[] = [];
  let held = false;
  let events: TransportEvents | undefined;
  const session = Session.open({
    onWarning: reason => warnings.push(reason),
    connect: (_options, given) => {
      events = given;
      return {
        port: PORT,
        send(bytes, onSent) {
          const { messages } = splitDatagram(Buffer.from(bytes));
          onSent(0);
          for (const datagram of answer(messages, given)) given.message(datagram, 0);
        },
        close: () => undefined,
        hold: isHeld => {
          held = isHeld;
        },
        join: () => undefined,
      };
    },
  });
  return { session, warnings, isHeld: () => held, events: () => events as TransportEvents };
}

interface Fields {
  type: number;
  flags?: number;
  sequence: number;
  port?: number;
  payload?: Buffer;
}

function message({ type, flags = 0, sequence, port = PORT, payload = Buffer.alloc(0) }: Fields): Buffer {
  const out = new MessageWriter(type, 0);
  out.flags = flags;
  out.raw(payload);
  out.align();
  return Buffer.from(out.finish(sequence, port));
}

/** NLMSG_ERROR with an optional extended acknowledgement; `copy` is the request's bytes. */
function error(errno: number, request: Message, tlvs: Buffer = Buffer.alloc(0), isCapped = false): Buffer {
  const status = Buffer.alloc(4);
  status.writeInt32LE(-errno);
  const copy = request.bytes.subarray(request.start, isCapped ? request.start + 16 : request.end);
  const flags = (tlvs.length > 0 ? 0x200 : 0) | (isCapped ? 0x100 : 0);
  return message({
    type: 2,
    flags,
    sequence: request.sequence,
    payload: Buffer.concat([status, copy, tlvs]),
  });
}

function done(sequence: number, status = 0, flags = 2): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeInt32LE(status);
  return message({ type: 3, flags, sequence, payload });
}

function reasonTlv(reason: string, offset?: number): Buffer {
  const out = new MessageWriter(0, 0);
  out.attribute(1, codec.text, reason);
  if (offset !== undefined) out.attribute(2, codec.u32, offset);
  return Buffer.from(out.bytes.subarray(16, out.length));
}

async function collect(session: Session, outcome?: Outcome): Promise<number[]> {
  const types: number[] = [];
  for await (const batch of session.dump(new MessageWriter(18, 0), outcome))
    types.push(...batch.map(one => one.type));
  return types;
}

describe('a session', () => {
  it('resolves a request at its acknowledgement and then lets the process end', async () => {
    const { session, isHeld } = scripted(([request]) => [error(0, request!)]);
    assert.deepEqual(await session.request(new MessageWriter(16, 0)), []);
    assert.equal(isHeld(), false);
  });

  it('asks for an acknowledgement only where no other answer is expected', async () => {
    const flags: number[] = [];
    const { session } = scripted(([request]) => {
      flags.push(request!.flags);
      return [message({ type: 16, sequence: request!.sequence })].concat(
        request!.flags & 4 ? [error(0, request!)] : [],
      );
    });
    assert.equal((await session.request(new MessageWriter(18, 0), 'answer')).length, 1);
    assert.equal((await session.request(new MessageWriter(18, 0))).length, 1);
    assert.deepEqual(flags, [1, 5]);
  });

  it('rejects with the error number, the reason and the offset of the refused attribute', async () => {
    for (const isCapped of [false, true]) {
      const { session } = scripted(([request]) => [
        error(EEXIST, request!, reasonTlv('taken', 36), isCapped),
      ]);
      await assert.rejects(session.request(new MessageWriter(16, 0)), (thrown: KernelError) => {
        assert.ok(thrown instanceof KernelError);
        assert.deepEqual([thrown.errno, thrown.code, thrown.reason], [EEXIST, 'EEXIST', 'taken']);
        assert.equal(thrown.extendedAck.offset, 36);
        return true;
      });
    }
  });

  it('passes on the words of the kernel that come with success', async () => {
    const { session, warnings } = scripted(([request]) => [error(0, request!, reasonTlv('deprecated'))]);
    await session.request(new MessageWriter(16, 0));
    assert.deepEqual(warnings, ['deprecated']);
  });

  it('yields a dump that is split over datagrams', async () => {
    const { session } = scripted(([request]) => {
      const part = (type: number) => message({ type, flags: 2, sequence: request!.sequence });
      return [Buffer.concat([part(16), part(17)]), part(18), done(request!.sequence)];
    });
    assert.deepEqual(await collect(session), [16, 17, 18]);
  });

  it('reports that a dump was interrupted', async () => {
    for (const place of ['message', 'end'] as const) {
      const { session } = scripted(([request]) => [
        message({ type: 16, flags: place === 'message' ? 0x12 : 2, sequence: request!.sequence }),
        done(request!.sequence, 0, place === 'end' ? 0x12 : 2),
      ]);
      const outcome = { interrupted: false };
      assert.deepEqual(await collect(session, outcome), [16]);
      assert.equal(outcome.interrupted, true, place);
    }
  });

  it('throws at the end of a dump that the kernel broke off, after what came before', async () => {
    const { session } = scripted(([request]) => [
      message({ type: 16, flags: 2, sequence: request!.sequence }),
      done(request!.sequence, -90),
    ]);
    const types: number[] = [];
    await assert.rejects(async () => {
      for await (const batch of session.dump(new MessageWriter(18, 0)))
        types.push(...batch.map(one => one.type));
    }, /Message too long/);
    assert.deepEqual(types, [16]);
  });

  it('runs one dump after the other', async () => {
    let running = 0;
    const { session } = scripted(([request], events) => {
      assert.equal(running++, 0);
      setImmediate(() => {
        running--;
        events.message(done(request!.sequence), 0);
      });
      return [];
    });
    assert.deepEqual(await Promise.all([collect(session), collect(session)]), [[], []]);
  });

  it('matches answers to pending requests by their sequence numbers', async () => {
    const waiting: Message[] = [];
    const { session, events } = scripted(requests => {
      waiting.push(...requests);
      return [];
    });
    const first = session.request(new MessageWriter(16, 0));
    const second = session.request(new MessageWriter(17, 0));
    events().message(error(EEXIST, waiting[1]!), 0);
    await assert.rejects(second, KernelError);
    events().message(error(0, waiting[0]!), 0);
    await first;
  });

  it('ignores foreign sequence numbers, foreign ports and senders other than the kernel', async () => {
    const { session, events } = scripted(([request]) => [
      error(EEXIST, { ...request!, sequence: request!.sequence + 7 }),
      message({
        type: 2,
        sequence: request!.sequence,
        port: PORT + 1,
        payload: Buffer.from('efffffff', 'hex'),
      }),
    ]);
    const pending = session.request(new MessageWriter(16, 0));
    const forged = Buffer.alloc(36);
    events().message(forged, 99);
    const outcome = await Promise.race([
      pending.then(
        () => 'answered',
        () => 'refused',
      ),
      new Promise(resolve => setImmediate(resolve, 'waiting')),
    ]);
    assert.equal(outcome, 'waiting');
    session.close();
    await assert.rejects(pending, SystemError);
  });

  it('reports errors of a window by message and asks only for the last acknowledgement', async () => {
    const flags: number[] = [];
    const { session } = scripted(requests => {
      flags.push(...requests.map(request => request.flags & 4));
      return [error(EEXIST, requests[1]!), error(0, requests[2]!)];
    });
    const window = new RequestWindow();
    for (const type of [24, 25, 26]) window.add(new MessageWriter(type, 0));
    const refusals = await session.requestWindow(window);
    assert.deepEqual(
      [...refusals].map(([place, { code, request }]) => [place, code, request.readUInt16LE(4)]),
      [[1, 'EEXIST', 25]],
    );
    assert.deepEqual(flags, [0, 0, 4]);
  });

  it('asks for acknowledgements of requests of a window that may carry a warning', async () => {
    const flags: number[] = [];
    const { session } = scripted(requests => {
      flags.push(...requests.map(request => request.flags & 4));
      return requests.map(request => error(0, request));
    });
    const window = new RequestWindow();
    for (const type of [24, 25, 26]) window.add(new MessageWriter(type, 4), type === 25);
    assert.equal((await session.requestWindow(window)).size, 0);
    assert.deepEqual(flags, [0, 4, 4]);
  });

  it('asks for no acknowledgement where what the kernel refuses is there once it has been sent to', () => {
    const flags: number[] = [];
    const arrived: Buffer[] = [];
    const session = Session.open({
      connect: (_options, events) => ({
        port: PORT,
        send(bytes, onSent) {
          const { messages } = splitDatagram(Buffer.from(bytes));
          flags.push(...messages.map(request => request.flags & 4));
          arrived.push(error(EEXIST, messages[1]!));
          onSent(0);
        },
        receive(mayWait) {
          assert.equal(mayWait, false);
          const next = arrived.shift();
          if (next !== undefined) events.message(next, 0);
          return next !== undefined;
        },
        close: () => undefined,
        hold: () => undefined,
        join: () => undefined,
      }),
    });
    const window = new RequestWindow();
    for (const type of [24, 25, 26]) window.add(new MessageWriter(type, 0));
    assert.deepEqual([...session.requestUnacknowledged(window).keys()], [1]);
    assert.deepEqual(flags, [0, 0, 0]);
  });

  it('reports lost messages to subscribers and continues', async () => {
    const { session, events } = scripted(() => []);
    const notifications = session.subscribe([1])[Symbol.asyncIterator]();
    events().message(message({ type: 16, sequence: 0, port: 0 }), 0);
    events().error(ENOBUFS);
    events().message(message({ type: 17, sequence: 0, port: 0 }), 0);
    const kinds: string[] = [];
    for (let count = 0; count < 3; count++) {
      const { value } = await notifications.next();
      kinds.push(value.kind === 'messages' ? String(value.messages[0].type) : value.kind);
    }
    assert.deepEqual(kinds, ['16', 'overrun', '17']);
    session.close();
    assert.equal((await notifications.next()).done, true);
  });

  it('refuses pending requests when answers are lost or truncated', async () => {
    for (const lose of [
      (events: TransportEvents) => events.error(ENOBUFS),
      (events: TransportEvents) => events.truncated(),
    ]) {
      const { session, events } = scripted(() => []);
      const pending = session.request(new MessageWriter(16, 0));
      lose(events());
      await assert.rejects(pending, SystemError);
    }
  });

  it('survives acknowledgements that are cut off anywhere', async () => {
    const request = splitDatagram(Buffer.from(new MessageWriter(16, 0).finish(1))).messages[0]!;
    const whole = error(EEXIST, request, reasonTlv('taken', 36));
    for (let length = 16; length < whole.length; length++) {
      const { session } = scripted(([sent]) => {
        const cut = Buffer.from(whole.subarray(0, length));
        cut.writeUInt32LE(length, 0);
        cut.writeUInt32LE(sent!.sequence, 8);
        return [cut];
      });
      await session
        .request(new MessageWriter(16, 0))
        .catch(thrown => assert.ok(thrown instanceof KernelError || thrown instanceof SystemError));
    }
  });
});
