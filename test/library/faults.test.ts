/** The library over a kernel that misbehaves: datagrams cut, out of order, late, twice, and answers that are lost. */
import assert from 'node:assert/strict';
import { openSync } from 'node:fs';
import fc from 'fast-check';
import { type Kernel, systemKernel } from '../../src/kernel/kernel.ts';
import type { Connect, TransportEvents } from '../../src/kernel/netlink/transport.ts';
import { KernelError, SystemError } from '../../src/kernel/system/errors.ts';
import { Links } from '../../src/library/collections/links.ts';
import { Routes } from '../../src/library/collections/routes.ts';
import { Connection } from '../../src/library/connection.ts';
import { EEXIST, ENOBUFS } from '../../src/linux/errno.ts';
import { NLM_F_ACK, NLM_F_DUMP, NLM_F_MULTI } from '../../src/linux/netlink.ts';
import { RTM_GETROUTE, RTM_NEWROUTE } from '../../src/linux/rtnetlink.ts';
import { loadKinds } from '../../src/rtnetlink/kinds/load.ts';
import { routeRequest } from '../../src/rtnetlink/request.ts';
import { decodeRoute } from '../../src/rtnetlink/route.ts';
import { type Message, splitDatagram } from '../../src/wire/message.ts';
import { acknowledgement, done, PORT } from '../kernel/netlink/seam.ts';
import { SEED } from '../support/random/sample.ts';

const ROUTES = 40;
/** The pretended kernel has the routes of even numbers. */
const destinationOf = (number: number) => `20.0.${number}.0/24`;

/** What happens to the datagrams that answer one that is sent. */
interface Fault {
  readonly kind: 'none' | 'cut' | 'swapped' | 'reversed' | 'twice' | 'lost' | 'late';
  /** Which datagram, and at which byte, of as many as there are. */
  readonly place: number;
  readonly at: number;
}

const fault: fc.Arbitrary<Fault> = fc.record({
  kind: fc.constantFrom('none', 'none', 'cut', 'swapped', 'reversed', 'twice', 'lost', 'late'),
  place: fc.nat(1000),
  at: fc.nat(1000),
});

/** What a socket delivers next: a datagram, nothing yet, or that messages were lost. */
type Delivery = Buffer | 'not yet' | 'lost';

function routeMessage(sequence: number, number: number): Buffer {
  const request = routeRequest(
    { type: RTM_NEWROUTE, flags: NLM_F_MULTI },
    { family: 2, dst_len: 24, table: 254, type: 1, protocol: 3 },
    { dst: `20.0.${number}.0`, oif: 1 },
  );
  request.flags = NLM_F_MULTI;
  return Buffer.from(request.finish(sequence, PORT));
}

/** The datagrams that answer a request. */
function answersTo({ type, flags, sequence, bytes, payload, end }: Message): Buffer[] {
  if (type === RTM_GETROUTE && (flags & NLM_F_DUMP) === NLM_F_DUMP) {
    if (bytes[payload] !== 2) return [done(sequence)];
    const messages = Array.from({ length: ROUTES }, (_, number) => routeMessage(sequence, number));
    const half = ROUTES / 2;
    return [Buffer.concat(messages.slice(0, half)), Buffer.concat(messages.slice(half)), done(sequence)];
  }
  const destination = decodeRoute({ bytes, payload, end })?.attributes.dst ?? '';
  const exists = Number(destination.split('.')[2]) % 2 === 0;
  if (exists) return [acknowledgement(sequence, EEXIST)];
  return flags & NLM_F_ACK ? [acknowledgement(sequence)] : [];
}

function spoil(datagrams: readonly Buffer[], { kind, place, at }: Fault): Delivery[] {
  const spoilt: Delivery[] = [...datagrams];
  const chosen = place % Math.max(1, datagrams.length);
  const datagram = datagrams[chosen];
  if (datagram === undefined) return spoilt;
  // Within a message: what ends after one is a whole datagram.
  if (kind === 'cut') spoilt[chosen] = datagram.subarray(0, (at % datagram.length) | 1);
  if (kind === 'swapped') spoilt.push(...spoilt.splice(chosen, 1));
  if (kind === 'reversed') spoilt.reverse();
  if (kind === 'twice') spoilt.splice(chosen, 0, datagram);
  if (kind === 'lost') spoilt.splice(chosen, spoilt.length, 'lost');
  if (kind === 'late') spoilt.splice(chosen, 0, 'not yet', 'not yet');
  return spoilt;
}

/** Sockets of a kernel whose answers suffer from faults, each in its turn. */
function faulty(faults: readonly Fault[]): Connect {
  let sent = 0;
  return (_options, events: TransportEvents) => {
    const queue: Delivery[] = [];
    return {
      port: PORT,
      descriptor: 1000,
      send(bytes, onSent) {
        const requests = splitDatagram(Buffer.from(bytes)).messages;
        const next = faults[sent++] ?? { kind: 'none', place: 0, at: 0 };
        queue.push(...spoil(requests.flatMap(answersTo), next));
        onSent(0);
      },
      receive(mayWait) {
        const next = queue.shift();
        if (next === 'not yet') return mayWait;
        if (next === undefined) {
          assert.ok(!mayWait, 'nothing is waited for that will not come');
          return false;
        }
        if (next === 'lost') events.error(ENOBUFS);
        else events.message(next, 0);
        return true;
      },
      close: () => undefined,
      hold: () => undefined,
      join: () => undefined,
    };
  };
}

/** The kernel of a connection: devices are named by their numbers. */
function kernelOf(connect: Connect): Kernel {
  const ioctlBytes = (_fd: number, _request: number, bytes: Buffer) => {
    bytes.write(`if${bytes.readInt32LE(16)}\0`, 'latin1');
    return 0;
  };
  return {
    ...systemKernel,
    calls: { ...systemKernel.calls, ioctlBytes },
    sockets: { ...systemKernel.sockets, blocking: connect },
  };
}

async function withConnection(
  faults: readonly Fault[],
  use: (connection: Connection) => Promise<void>,
): Promise<void> {
  // Only closed again.
  const connection = new Connection(openSync('/dev/null', 'r'), undefined, kernelOf(faulty(faults)));
  try {
    await use(connection);
  } finally {
    connection.close();
  }
}

/** How each of several calls ended. */
async function outcomes(calls: readonly Promise<unknown>[]): Promise<string[]> {
  const results = await Promise.allSettled(calls);
  return results.map(result => {
    if (result.status === 'fulfilled') return 'made';
    const { reason } = result;
    assert.ok(reason instanceof KernelError || reason instanceof SystemError, String(reason));
    return reason.code;
  });
}

const numbers = Array.from({ length: ROUTES }, (_, number) => number);
const right = numbers.map(number => (number % 2 === 0 ? 'EEXIST' : 'made'));

describe('the library over a faulty kernel', () => {
  before(() => loadKinds());

  const add = (routes: Routes, number: number) =>
    routes.add({ destination: destinationOf(number), device: 1 });

  it('settles every call, and the calls after a fault are right', async () => {
    await fc.assert(
      fc.asyncProperty(fault, first =>
        withConnection([first], async connection => {
          const routes = new Routes(connection);
          const found = await outcomes(numbers.map(number => add(routes, number)));
          assert.equal(found.length, ROUTES);
          if (first.kind === 'none' || first.kind === 'late') assert.deepEqual(found, right);
          if (first.kind === 'cut' || first.kind === 'lost')
            for (const [number, code] of found.entries())
              assert.ok(['EMSGSIZE', 'ENOBUFS', right[number]].includes(code), code);
          assert.deepEqual(await outcomes(numbers.map(number => add(routes, number))), right);
        }),
      ),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('ends every listing: whole, or with an error', async () => {
    await fc.assert(
      fc.asyncProperty(fault, first =>
        withConnection([first], async connection => {
          const routes = new Routes(connection);
          const found = await routes.all().then(
            values => values.length,
            error => {
              assert.ok(error instanceof KernelError || error instanceof SystemError, String(error));
              return error.code;
            },
          );
          if (first.kind === 'none' || first.kind === 'late') assert.equal(found, ROUTES);
          if (first.kind === 'cut' || first.kind === 'lost')
            assert.ok(found === 'EMSGSIZE' || found === 'ENOBUFS', String(found));
          assert.deepEqual(
            (await routes.all()).map(({ destination }) => destination),
            numbers.map(destinationOf),
          );
        }),
      ),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('refuses what waits for an answer when the network is closed', async () => {
    const late: Fault = { kind: 'late', place: 0, at: 0 };
    let calls: Promise<string[]> | undefined;
    await withConnection([late], async connection => {
      const routes = new Routes(connection);
      calls = outcomes([add(routes, 1), add(routes, 3)]);
      await new Promise(process.nextTick);
    });
    assert.deepEqual(await calls, ['ECANCELED', 'ECANCELED']);
  });

  it('asks for names of devices without waiting', () =>
    withConnection([], async connection => {
      const [route] = await new Routes(connection).all();
      assert.deepEqual([route?.device, route?.device_index], ['if1', 1]);
      assert.ok(new Links(connection) instanceof Links);
    }));
});
