/** Long dumps, whose datagrams another thread reads while this one works. */
import assert from 'node:assert/strict';
import { NetlinkSession } from '../../../src/kernel/netlink/session.ts';
import type { Connect, TransportEvents } from '../../../src/kernel/netlink/transport.ts';
import { SystemError } from '../../../src/kernel/system/errors.ts';
import { ENOBUFS } from '../../../src/linux/errno.ts';
import { NLM_F_MULTI } from '../../../src/linux/netlink.ts';
import { splitDatagram } from '../../../src/wire/message.ts';
import { MessageWriter } from '../../../src/wire/writer.ts';
import { done, message, PORT } from './seam.ts';

const RTM_NEWROUTE = 24;
const RTM_GETROUTE = 26;
/** Datagrams that are read in one go. */
const AT_ONCE = 8;

type Arrival = Buffer | ((events: TransportEvents) => void);

/** A kernel that answers a dump with `count` messages, a datagram each, of which the last may be followed by an end. */
function longDump(count: number, ending: (sequence: number) => readonly Arrival[]) {
  const seen = { reads: 0, readsAhead: 0, underWay: 0 };
  const connect: Connect = (_options, events) => {
    const arrivals: Arrival[] = [];
    const report = (arrival: Arrival) =>
      typeof arrival === 'function' ? arrival(events) : events.message(arrival, 0);
    return {
      port: PORT,
      send(bytes, onSent) {
        const [request] = splitDatagram(Buffer.from(bytes)).messages;
        const { sequence } = request!;
        for (let at = 0; at < count; at++)
          arrivals.push(message(RTM_NEWROUTE, sequence, { flags: NLM_F_MULTI | (at << 8) }));
        arrivals.push(...ending(sequence));
        onSent(0);
      },
      receive() {
        assert.equal(seen.underWay, 0, 'received while another thread reads');
        const next = arrivals.shift();
        assert.ok(next !== undefined, 'a datagram is waited for that will not come');
        seen.reads++;
        report(next);
        return true;
      },
      readAhead(onRead) {
        assert.equal(seen.underWay++, 0, 'two threads read');
        assert.ok(arrivals.length > 0, 'a datagram is waited for that will not come');
        seen.readsAhead++;
        setImmediate(() => {
          seen.underWay--;
          for (const arrival of arrivals.splice(0, AT_ONCE)) report(arrival);
          onRead();
        });
      },
      close: () => assert.equal(seen.underWay, 0, 'closed while another thread reads'),
      hold: () => undefined,
      join: () => undefined,
    };
  };
  return { session: new NetlinkSession(connect), seen };
}

/** Places of the messages that a dump has yielded, until `stopAfter` of them. */
async function placesOf(session: NetlinkSession, stopAfter = Number.POSITIVE_INFINITY): Promise<number[]> {
  const places: number[] = [];
  for await (const batch of session.dump(new MessageWriter(RTM_GETROUTE, 0), undefined, true)) {
    for (const { flags } of batch) places.push(flags >> 8);
    if (places.length >= stopAfter) break;
  }
  return places;
}

const upTo = (count: number) => Array.from({ length: count }, (_, place) => place);

describe('a long dump', () => {
  for (const count of [0, 1, 63, 64, 65, 66, 71, 72, 73, 80, 200])
    it(`of ${count} datagrams comes whole and in order, whether its end comes alone or not`, async () => {
      for (const ending of [
        (sequence: number) => [done(sequence)],
        (sequence: number) => [
          Buffer.concat([message(RTM_NEWROUTE, sequence, { flags: count << 8 }), done(sequence)]),
        ],
      ]) {
        const { session, seen } = longDump(count, ending);
        const places = await placesOf(session);
        assert.deepEqual(places, upTo(places.length));
        assert.ok(places.length >= count);
        if (count > 80) assert.ok(seen.readsAhead > 0 && seen.reads < 80);
        session.close();
      }
    });

  it('that nobody reads to its end is over when what another thread reads has come', async () => {
    for (const stop of [65, 66, 72, 73, 100]) {
      const { session } = longDump(200, sequence => [done(sequence)]);
      assert.equal((await placesOf(session, stop)).length, stop);
      session.close();
    }
  });

  it('ends with the error that another thread gets, after what came before', async () => {
    const { session } = longDump(90, () => [events => events.error(ENOBUFS)]);
    const places: number[] = [];
    await assert.rejects(
      async () => {
        for await (const batch of session.dump(new MessageWriter(RTM_GETROUTE, 0), undefined, true))
          for (const { flags } of batch) places.push(flags >> 8);
      },
      (error: unknown) => error instanceof SystemError && error.errno === ENOBUFS,
    );
    assert.deepEqual(places, upTo(90));
    session.close();
  });

  it('is read in turn unless the caller says that the session is used for nothing else', async () => {
    const { session, seen } = longDump(200, sequence => [done(sequence)]);
    const places: number[] = [];
    for await (const batch of session.dump(new MessageWriter(RTM_GETROUTE, 0)))
      for (const { flags } of batch) places.push(flags >> 8);
    assert.deepEqual(places, upTo(200));
    assert.deepEqual([seen.reads, seen.readsAhead], [201, 0]);
    session.close();
  });

  it('lets nothing else be received while another thread reads', async () => {
    const { session } = longDump(200, sequence => [done(sequence)]);
    let count = 0;
    for await (const _ of session.dump(new MessageWriter(RTM_GETROUTE, 0), undefined, true)) {
      if (++count !== 100) continue;
      await assert.rejects(session.request(new MessageWriter(RTM_GETROUTE, 0)), /while another thread reads/);
      break;
    }
    assert.equal(count, 100);
    session.close();
  });
});
