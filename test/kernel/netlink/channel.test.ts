/** What every datagram is checked for, on both kinds of sockets and in all that is built on them. */

import assert from 'node:assert/strict';
import { messagesIn, type Outcome, readDump } from '../../../src/kernel/netlink/dump.ts';
import { asker } from '../../../src/kernel/netlink/request-sync.ts';
import { NetlinkSession } from '../../../src/kernel/netlink/session.ts';
import { listen } from '../../../src/kernel/netlink/subscription.ts';
import type { Connect } from '../../../src/kernel/netlink/transport.ts';
import { RequestWindow } from '../../../src/kernel/netlink/window.ts';
import { KernelError, SystemError } from '../../../src/kernel/system/errors.ts';
import { ENOBUFS } from '../../../src/linux/errno.ts';
import { NLM_F_DUMP_INTR, NLM_F_MULTI, NLMSG_NOOP, NLMSG_OVERRUN } from '../../../src/linux/netlink.ts';
import type { Message } from '../../../src/wire/message.ts';
import { MessageWriter } from '../../../src/wire/writer.ts';
import {
  acknowledgement,
  blocking,
  done,
  eventDriven,
  message,
  PORT,
  type Script,
  type Sent,
} from './seam.ts';

const EEXIST = 17;
const EMSGSIZE = 90;
const QUESTION = 18;
const ANSWER = 16;
const FOREIGN = 17;

/** Datagrams that are not an answer to the request with this number; each would be one if it were not for one field. */
const STRANGERS: Readonly<Record<string, (sequence: number) => Sent>> = {
  'another sequence number': sequence => ({ bytes: acknowledgement(sequence + 7, EEXIST) }),
  'another port': sequence => ({ bytes: acknowledgement(sequence, EEXIST, PORT + 1) }),
  'a sender other than the kernel': sequence => ({ bytes: acknowledgement(sequence, EEXIST), sender: 99 }),
  NLMSG_NOOP: sequence => ({ bytes: message(NLMSG_NOOP, sequence) }),
};

/** Datagrams after which no answer can be trusted, and the error that they are reported as. */
const LOSSES: Readonly<Record<string, readonly [ReturnType<Script>[number], number]>> = {
  'an overrun': [{ bytes: message(NLMSG_OVERRUN, 0) }, ENOBUFS],
  'a full receive buffer': [events => events.error(ENOBUFS), ENOBUFS],
  'a truncated datagram': [events => events.truncated(), EMSGSIZE],
  'a message that is longer than its datagram': [{ bytes: cut(message(ANSWER, 1), 64) }, EMSGSIZE],
  'a message that is shorter than its header': [{ bytes: cut(message(ANSWER, 1), 8) }, EMSGSIZE],
};

const SOCKETS: Readonly<Record<string, (script: Script) => Connect>> = { blocking, eventDriven };

/** Claims another length in the header of a message. */
function cut(bytes: Buffer, length: number): Buffer {
  bytes.writeUInt32LE(length, 0);
  return bytes;
}

const sequenceOf = ([request]: readonly Message[]): number => request!.sequence;

/** The messages of a dump that was read as bytes. */
async function* unpacked(runs: ReturnType<typeof readDump>): AsyncGenerator<readonly Message[], void> {
  for await (const run of runs) yield [...messagesIn(run)];
}

/** The types of the messages of a dump. */
async function typesOf(batches: AsyncIterable<readonly Message[]>): Promise<number[]> {
  const types: number[] = [];
  for await (const batch of batches) types.push(...batch.map(({ type }) => type));
  return types;
}

for (const [kind, connect] of Object.entries(SOCKETS)) {
  describe(`a session on a socket of the kind ${kind}`, () => {
    for (const [what, stranger] of Object.entries(STRANGERS)) {
      it(`passes over ${what}`, async () => {
        const session = new NetlinkSession(
          connect(requests => [
            stranger(sequenceOf(requests)),
            { bytes: message(ANSWER, sequenceOf(requests)) },
            { bytes: acknowledgement(sequenceOf(requests)) },
          ]),
        );
        const answers = await session.request(new MessageWriter(QUESTION, 0));
        assert.deepEqual(
          answers.map(({ type }) => type),
          [ANSWER],
        );
      });

      it(`passes over ${what} in a dump`, async () => {
        const session = new NetlinkSession(
          connect(requests => {
            const part = { bytes: message(ANSWER, sequenceOf(requests), { flags: NLM_F_MULTI }) };
            return [part, stranger(sequenceOf(requests)), part, { bytes: done(sequenceOf(requests)) }];
          }),
        );
        assert.deepEqual(await typesOf(session.dump(new MessageWriter(QUESTION, 0))), [ANSWER, ANSWER]);
      });

      it(`passes over ${what} in a window`, async () => {
        const session = new NetlinkSession(
          connect(requests => [
            stranger(requests.at(-1)!.sequence),
            { bytes: acknowledgement(requests[0]!.sequence, EEXIST) },
            { bytes: acknowledgement(requests.at(-1)!.sequence) },
          ]),
        );
        const window = new RequestWindow();
        for (const type of [24, 25, 26]) window.add(new MessageWriter(type, 0));
        assert.deepEqual([...(await session.requestWindow(window)).keys()], [0]);
      });
    }

    for (const [what, [loss, errno]] of Object.entries(LOSSES)) {
      it(`refuses a request after ${what}`, async () => {
        const session = new NetlinkSession(connect(() => [loss]));
        await assert.rejects(session.request(new MessageWriter(QUESTION, 0)), { name: 'SystemError', errno });
      });

      it(`breaks off a dump after ${what}`, async () => {
        const session = new NetlinkSession(
          connect(requests => [
            { bytes: message(ANSWER, sequenceOf(requests), { flags: NLM_F_MULTI }) },
            loss,
          ]),
        );
        const seen: number[] = [];
        await assert.rejects(
          async () => {
            for await (const batch of session.dump(new MessageWriter(QUESTION, 0)))
              seen.push(...batch.map(({ type }) => type));
          },
          { name: 'SystemError', errno },
        );
        assert.deepEqual(seen, [ANSWER]);
      });
    }

    it('refuses a request whose acknowledgement has no error number', async () => {
      const session = new NetlinkSession(connect(requests => [{ bytes: message(2, sequenceOf(requests)) }]));
      await assert.rejects(session.request(new MessageWriter(QUESTION, 0)), { errno: EMSGSIZE });
    });

    it('reports an interrupted dump at its end', async () => {
      for (const flags of [NLM_F_MULTI, NLM_F_MULTI | NLM_F_DUMP_INTR]) {
        const session = new NetlinkSession(
          connect(requests => [{ bytes: done(sequenceOf(requests), 0, flags) }]),
        );
        const outcome: Outcome = { interrupted: false };
        assert.deepEqual(await typesOf(session.dump(new MessageWriter(QUESTION, 0), outcome)), []);
        assert.equal(outcome.interrupted, (flags & NLM_F_DUMP_INTR) !== 0);
      }
    });

    it('reads the rest of a dump that was left before the next one', async () => {
      const session = new NetlinkSession(
        connect(requests => {
          const part = { bytes: message(ANSWER, sequenceOf(requests), { flags: NLM_F_MULTI }) };
          return [part, part, part, { bytes: done(sequenceOf(requests)) }];
        }),
      );
      for await (const _batch of session.dump(new MessageWriter(QUESTION, 0))) break;
      assert.equal((await typesOf(session.dump(new MessageWriter(QUESTION, 0)))).length, 3);
    });
  });
}

describe('a question while arguments are read', () => {
  for (const [what, stranger] of Object.entries(STRANGERS)) {
    it(`passes over ${what}`, () => {
      const ask = asker(
        blocking(requests => [
          stranger(sequenceOf(requests)),
          { bytes: message(ANSWER, sequenceOf(requests)) },
        ]),
      );
      const answer = ask(new MessageWriter(QUESTION, 0));
      assert.equal(answer instanceof KernelError || answer === undefined ? answer : answer.type, ANSWER);
    });
  }

  for (const [what, [loss]] of Object.entries(LOSSES)) {
    it(`has no answer after ${what}`, () => {
      assert.equal(asker(blocking(() => [loss]))(new MessageWriter(QUESTION, 0)), undefined);
    });
  }

  it('returns the refusal of the kernel', () => {
    const ask = asker(blocking(requests => [{ bytes: acknowledgement(sequenceOf(requests), EEXIST) }]));
    const answer = ask(new MessageWriter(QUESTION, 0));
    assert.ok(answer instanceof KernelError);
    assert.equal(answer.code, 'EEXIST');
  });

  it('has no answer where no socket can be opened', () => {
    const ask = asker(() => {
      throw new SystemError('Cannot open netlink socket', EEXIST);
    });
    assert.equal(ask(new MessageWriter(QUESTION, 0)), undefined);
  });
});

describe('a dump that is read as it is consumed', () => {
  for (const [what, stranger] of Object.entries(STRANGERS)) {
    it(`passes over ${what}`, async () => {
      const connect = blocking(requests => {
        const part = { bytes: message(ANSWER, sequenceOf(requests), { flags: NLM_F_MULTI }) };
        return [part, stranger(sequenceOf(requests)), part, { bytes: done(sequenceOf(requests)) }];
      });
      assert.deepEqual(await typesOf(unpacked(readDump(connect, 3, new MessageWriter(QUESTION, 0)))), [
        ANSWER,
        ANSWER,
      ]);
    });
  }

  it('reads no further than its consumer has asked for', async () => {
    let count = 0;
    const connect = blocking(requests =>
      Array.from({ length: 10 }, () => events => {
        count++;
        events.message(message(ANSWER, sequenceOf(requests), { flags: NLM_F_MULTI }), 0);
      }),
    );
    for await (const _batch of readDump(connect, 3, new MessageWriter(QUESTION, 0))) if (count === 4) break;
    assert.equal(count, 4);
  });

  it('throws the refusal of the kernel, and errors of the socket', async () => {
    const refused = blocking(requests => [{ bytes: done(sequenceOf(requests), -EEXIST) }]);
    await assert.rejects(typesOf(unpacked(readDump(refused, 3, new MessageWriter(QUESTION, 0)))), {
      name: 'KernelError',
      code: 'EEXIST',
      endsDump: true,
    });
    const broken = blocking(() => [events => events.error(EMSGSIZE)]);
    await assert.rejects(typesOf(unpacked(readDump(broken, 3, new MessageWriter(QUESTION, 0)))), {
      errno: EMSGSIZE,
    });
  });
});

describe('a listener', () => {
  /** The first `count` items that it yields. */
  function firstOf(count: number, unasked: readonly Sent[]): unknown[] {
    const items: unknown[] = [];
    for (const item of listen(
      blocking(() => [], unasked),
      { groups: [1] },
    )) {
      items.push(item.kind === 'messages' ? [item.messages.map(({ type }) => type), item.nsid] : item.kind);
      if (items.length === count) break;
    }
    return items;
  }

  it('yields the messages of the kernel with the namespace that they come from', () => {
    assert.deepEqual(
      firstOf(2, [
        { bytes: message(FOREIGN, 0, { port: 0 }), sender: 99 },
        { bytes: message(ANSWER, 0, { port: 0 }) },
        { bytes: Buffer.concat([message(ANSWER, 5, { port: 77 }), message(FOREIGN, 0)]), nsid: 4 },
      ]),
      [
        [[ANSWER], undefined],
        [[ANSWER, FOREIGN], 4],
      ],
    );
  });

  it('reports lost messages and continues', () => {
    assert.deepEqual(
      firstOf(2, [{ bytes: message(NLMSG_OVERRUN, 0) }, { bytes: message(ANSWER, 0, { port: 0 }) }]),
      ['overrun', [[ANSWER], undefined]],
    );
  });

  it('ends when its socket cannot receive', () => {
    const connect: Connect = (options, events) => ({
      ...blocking(() => [])(options, events),
      receive() {
        events.error(EMSGSIZE);
        return true;
      },
    });
    assert.throws(() => listen(connect, { groups: [1] }).next(), { name: 'SystemError', errno: EMSGSIZE });
  });
});
