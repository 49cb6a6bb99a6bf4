/**
 * A kernel whose changes are printed and held back: it answers as if they had succeeded. Questions are passed on, and
 * entering namespaces, which changes nothing but this process.
 */

import { existsSync, lstatSync, openSync } from 'node:fs';
import type { Kernel } from '../kernel/kernel.ts';
import type { Connect } from '../kernel/netlink/transport.ts';
import type { PlanRunner } from '../kernel/plans/exec.ts';
import { strerror } from '../kernel/system/errors.ts';
import type { FileChanges } from '../kernel/system/files.ts';
import { EEXIST, ENOENT } from '../linux/errno.ts';
import { NLM_F_ACK, NLMSG_ERROR } from '../linux/netlink.ts';
import { HEADER_LENGTH, type Message, splitDatagram } from '../wire/message.ts';
import { encodeText } from '../wire/text.ts';
import { heldLine, type Print } from './calls.ts';
import { decorateCalls, decorateFiles } from './decorate.ts';
import { datagramLines, learnFrom } from './message.ts';
import { planLines } from './plan.ts';
import { isChange, Protocols } from './protocol.ts';

const ACKNOWLEDGEMENT_LENGTH = 36;
const KERNEL_PORT = 0;

/** `kernel` without its changes; `print` prints them. */
export function dryRun(kernel: Kernel, print: Print): Kernel {
  const { calls, files, sockets } = kernel;
  const protocols = new Protocols();
  return {
    calls: decorateCalls(calls, (call, run) => {
      if (!call.isChange) return run();
      print([heldLine(call.text)]);
      return 0;
    }),
    files: dryRunFiles(files, print),
    plans: dryRunPlans(print),
    sockets: {
      blocking: dryRunConnect(sockets.blocking, protocols, print),
      eventDriven: async () => dryRunConnect(await sockets.eventDriven(), protocols, print),
    },
  };
}

/** Plans that are printed instead of run. */
export function dryRunPlans(print: Print): PlanRunner {
  return {
    exec(plan) {
      print(planLines(plan, true));
      return 0;
    },
    spawn(plan) {
      print(planLines(plan, true));
      return { status: 0 };
    },
  };
}

function dryRunFiles(files: FileChanges, print: Print): FileChanges {
  const held = decorateFiles(files, (call, name, path) => {
    if ((name === 'makeFolder' || name === 'create') && existsSync(encodeText(path))) throw failure(EEXIST);
    if (name === 'remove' && !isThere(path)) throw failure(ENOENT);
    print([heldLine(call.text)]);
  });
  return {
    ...held,
    openFolder(path) {
      try {
        return files.openFolder(path);
      } catch (error) {
        // A folder that was not made: any other is as good to be locked.
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return openSync('/', 'r');
        throw error;
      }
    },
  };
}

/** Sockets that acknowledge changes themselves, and do nothing in the background. */
function dryRunConnect(connect: Connect, protocols: Protocols, print: Print): Connect {
  return (options, events) => {
    const protocol = protocols.of(options.protocol);
    const {
      sendInBackground: _sendInBackground,
      readAhead: _readAhead,
      receive,
      ...transport
    } = connect(options, {
      ...events,
      message(bytes, port, nsid) {
        learnFrom(bytes, protocol);
        events.message(bytes, port, nsid);
      },
    });
    /** Acknowledgements that are not reported yet. */
    const pretended: Buffer[] = [];
    const report = () => {
      const datagram = pretended.shift();
      if (datagram !== undefined) events.message(datagram, KERNEL_PORT);
      return datagram !== undefined;
    };
    return {
      ...transport,
      ...(receive === undefined ? {} : { receive: (mayWait: boolean) => report() || receive(mayWait) }),
      send(bytes, onSent) {
        const { messages } = splitDatagram(bytes);
        if (!messages.some(message => isChange(message, protocol))) {
          transport.send(bytes, onSent);
          return;
        }
        print(datagramLines(bytes, 'not sent:', protocol));
        for (const message of messages)
          if (message.flags & NLM_F_ACK) pretended.push(acknowledgement(message, transport.port));
        onSent(0);
        if (receive === undefined)
          setImmediate(() => {
            while (report());
          });
      },
    };
  };
}

/** The kernel's answer if it did as it is asked. */
function acknowledgement({ bytes, start }: Message, port: number): Buffer {
  const answer = Buffer.alloc(ACKNOWLEDGEMENT_LENGTH);
  answer.writeUInt32LE(answer.length, 0);
  answer.writeUInt16LE(NLMSG_ERROR, 4);
  bytes.copy(answer, 8, start + 8, start + 12);
  answer.writeUInt32LE(port, 12);
  bytes.copy(answer, HEADER_LENGTH + 4, start, start + HEADER_LENGTH);
  return answer;
}

function isThere(path: string): boolean {
  return lstatSync(encodeText(path), { throwIfNoEntry: false }) !== undefined;
}

/** An error as node:fs throws it. */
function failure(errno: number): Error {
  return Object.assign(new Error(strerror(errno)), { errno: -errno });
}
