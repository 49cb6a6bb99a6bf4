/** Datagrams of a scripted kernel, and sockets over which it answers. */

import assert from 'node:assert/strict';
import type { Connect, TransportEvents } from '../../../src/kernel/netlink/transport.ts';
import { NLM_F_MULTI, NLMSG_DONE, NLMSG_ERROR } from '../../../src/linux/netlink.ts';
import { type Message, splitDatagram } from '../../../src/wire/message.ts';
import { MessageWriter } from '../../../src/wire/writer.ts';

/** Port of our sockets. */
export const PORT = 4711;

/** A datagram as it comes from the kernel, or from `sender`. */
export interface Sent {
  readonly bytes: Buffer;
  readonly sender?: number;
  readonly nsid?: number;
}

/** Answers the requests of a datagram. Functions are called instead of a datagram's arrival. */
export type Script = (
  requests: readonly Message[],
) => readonly (Sent | ((events: TransportEvents) => void))[];

/** A message of a dump, or any other. */
export function message(
  type: number,
  sequence: number,
  fields: { port?: number; flags?: number } = {},
): Buffer {
  const out = new MessageWriter(type, 0);
  out.flags = fields.flags ?? 0;
  return Buffer.from(out.finish(sequence, fields.port ?? PORT));
}

/** NLMSG_ERROR, which is an acknowledgement if `errno` is 0. */
export function acknowledgement(sequence: number, errno = 0, port = PORT): Buffer {
  return withStatus(NLMSG_ERROR, sequence, -errno, port, Buffer.alloc(16));
}

/** NLMSG_DONE. */
export function done(sequence: number, status = 0, flags: number = NLM_F_MULTI): Buffer {
  const end = withStatus(NLMSG_DONE, sequence, status, PORT, Buffer.alloc(0));
  end.writeUInt16LE(flags, 6);
  return end;
}

function withStatus(type: number, sequence: number, status: number, port: number, rest: Buffer): Buffer {
  const out = new MessageWriter(type, 0);
  out.flags = 0;
  const word = Buffer.alloc(4);
  word.writeInt32LE(status);
  out.raw(Buffer.concat([word, rest]));
  return Buffer.from(out.finish(sequence, port));
}

/** A socket that blocks; reading more than was scripted fails. */
export function blocking(script: Script, unasked: readonly Sent[] = []): Connect {
  return (_options, events) => {
    const queue: (Sent | ((events: TransportEvents) => void))[] = [...unasked];
    return {
      port: PORT,
      send(bytes, onSent) {
        queue.push(...script(splitDatagram(Buffer.from(bytes)).messages));
        onSent(0);
      },
      receive() {
        const next = queue.shift();
        assert.ok(next !== undefined, 'a datagram is waited for that will not come');
        arrive(next, events);
        return true;
      },
      close: () => undefined,
      hold: () => undefined,
      join: () => undefined,
    };
  };
}

/** A socket driven by the event loop. */
export function eventDriven(script: Script): Connect {
  return (_options, events) => ({
    port: PORT,
    send(bytes) {
      const answers = script(splitDatagram(Buffer.from(bytes)).messages);
      setImmediate(() => {
        for (const answer of answers) arrive(answer, events);
      });
    },
    close: () => undefined,
    hold: () => undefined,
    join: () => undefined,
  });
}

function arrive(next: Sent | ((events: TransportEvents) => void), events: TransportEvents): void {
  if (typeof next === 'function') next(events);
  else events.message(next.bytes, next.sender ?? 0, next.nsid);
}
