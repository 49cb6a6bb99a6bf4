/**
 * Dumps that are read as fast as they are consumed, and no faster: the kernel makes the next datagram of a dump when
 * the one before is read, so reading here only on demand keeps memory constant however long the table is. Each dump
 * has a socket of its own: several may run at once.
 */

import { closeSync } from 'node:fs';
import { EAGAIN, EINTR, EMSGSIZE } from '../../linux/errno.ts';
import { NLM_F_DUMP, NLM_F_DUMP_INTR, NLMSG_DONE, NLMSG_ERROR } from '../../linux/netlink.ts';
import { MSG_DONTWAIT, MSG_TRUNC } from '../../linux/sockets.ts';
import { type Message, splitDatagram } from '../../wire/message.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import { check, KernelError, SystemError } from '../system/errors.ts';
import { native } from '../system/native.ts';
import { readAcknowledgement } from './acknowledgement.ts';
import type { Batch, Outcome } from './conversation.ts';
import { createNetlinkSocket } from './descriptor.ts';

/** The kernel fills at most 32 KiB of a dump's datagram unless one message is larger. */
const DATAGRAM = 65536;
const SEQUENCE = 1;

/**
 * Sends a dump request in the namespace behind the descriptor `namespace` and yields the answer datagram by datagram,
 * giving way to whatever else waits for this thread in between. Throws {@link KernelError} when the kernel refuses or
 * breaks off the dump, {@link SystemError} when it cannot be asked.
 */
export async function* readDump(
  namespace: number,
  request: MessageWriter,
  outcome?: Outcome,
): AsyncGenerator<Batch, void> {
  request.flags |= NLM_F_DUMP;
  const bytes = Buffer.from(request.finish(SEQUENCE));
  // Strict: the kernel filters as the request says. Older kernels do not know that and send everything.
  const socket = check(createNetlinkSocket({ namespace, strict: true }), 'Cannot open netlink socket');
  try {
    check(native.send(socket, bytes, 0), 'Cannot send dump request');
    const buffer = Buffer.allocUnsafe(DATAGRAM);
    while (true) {
      const batch: Message[] = [];
      const isLast = take(await receive(socket, buffer), bytes, batch, outcome);
      if (batch.length > 0) yield batch;
      if (isLast) return;
      await nextTurn();
    }
  } finally {
    closeSync(socket);
  }
}

/** The next datagram, in memory of its own. It is there already: the kernel made it when the last one was read. */
async function receive(socket: number, buffer: Buffer): Promise<Buffer> {
  while (true) {
    const length = native.recv(socket, buffer, MSG_DONTWAIT | MSG_TRUNC);
    if (length > buffer.length) throw new SystemError('Truncated message', EMSGSIZE);
    if (length >= 0) return Buffer.from(buffer.subarray(0, length));
    if (length !== -EAGAIN && length !== -EINTR) throw new SystemError('netlink receive error', -length);
    await nextTurn();
  }
}

/** Sorts the messages of a datagram into `batch`; true at the end of the dump. */
function take(datagram: Buffer, request: Buffer, batch: Message[], outcome: Outcome | undefined): boolean {
  for (const message of splitDatagram(datagram).messages) {
    if (message.sequence !== SEQUENCE) continue;
    if (message.flags & NLM_F_DUMP_INTR && outcome) outcome.interrupted = true;
    if (message.type !== NLMSG_ERROR && message.type !== NLMSG_DONE) {
      batch.push(message);
      continue;
    }
    const { errno, extendedAck } = readAcknowledgement(message);
    if (errno !== 0) throw new KernelError(errno, request, extendedAck, message.type === NLMSG_DONE);
    return true;
  }
  return false;
}

function nextTurn(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve);
  });
}
