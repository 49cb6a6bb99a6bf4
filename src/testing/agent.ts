/**
 * The process in a user namespace that makes the labs of a test without root: started by rootless.ts, it answers what it is
 * asked, hands sockets over, and ends with the test's process, however that ends.
 */

import { Server, Socket } from 'node:net';
import { check as checkCall } from '../kernel/system/errors.ts';
import { insideNamespace } from '../kernel/system/namespace.ts';
import { native } from '../kernel/system/native.ts';
import { listenInside } from '../library/sockets.ts';
import { AF_INET, AF_INET6 } from '../linux/families.ts';
import { SOCK_NONBLOCK, SOCK_STREAM } from '../linux/sockets.ts';
import type { RunningCapture } from './backend.ts';
import { LocalBackend } from './local.ts';
import {
  type Applied,
  type Question,
  READY,
  type Reply,
  type Request,
  receivedPatch,
  sentPatch,
} from './messages.ts';

/** What a server or socket of Node is on; the types do not have it, and processes can only pass this on unconnected. */
interface Held {
  readonly _handle: Server;
  release(): void;
}

function held(owner: Server | Socket): Held {
  const { _handle } = owner as unknown as Pick<Held, '_handle'>;
  return { _handle, release: () => (owner instanceof Server ? owner.close() : owner.destroy()) };
}

const backend = new LocalBackend(process.argv[2] ?? 'lab');
const captures: RunningCapture[] = [];

process.on('message', (request: Request) => {
  answer(request.question).then(
    ({ value, handle }) => reply({ id: request.id, value }, handle),
    (error: Error & { code?: string }) =>
      reply({ id: request.id, error: { name: error.name, message: error.message, code: error.code } }),
  );
});
// The test's process has ended, whichever way.
process.on('disconnect', () => void backend.close());
process.send!(READY);

function reply(message: Reply, held?: Held): void {
  // Once the other process has it, this one lets go of it.
  process.send?.(message, held?._handle, {}, () => held?.release());
}

async function answer(question: Question): Promise<{ value?: unknown; handle?: Held }> {
  switch (question.ask) {
    case 'apply': {
      const changes = await backend.apply(question.model);
      const value: Applied = { namespaces: backend.namespaces(), hosts: backend.hosts, changes };
      return { value };
    }
    case 'plan':
      return { value: await backend.plan(question.model) };
    case 'impair':
      return { value: (await backend.impair(question.patches.map(receivedPatch))).map(sentPatch) };
    case 'capture':
      return { value: captures.push(await backend.capture(question.capture)) - 1 };
    case 'stop capture':
      return { value: await captures[question.id]!.stop() };
    case 'check':
      return { value: await backend.check(question.check, question.model) };
    case 'listen': {
      const server = new Server();
      const { node, port, host } = question;
      await listenInside(backend.namespaces()[node]!, server, { port, host });
      return { handle: held(server) };
    }
    case 'socket': {
      const family = question.host.includes(':') ? AF_INET6 : AF_INET;
      const make = () => native.socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0);
      const fd = checkCall(
        insideNamespace(native, backend.namespaces()[question.node]!, make),
        'Cannot make a socket',
      );
      const socket = new Socket({ fd, readable: true, writable: true, manualStart: true } as object);
      return { handle: held(socket) };
    }
    case 'close':
      await backend.close();
      return {};
  }
}
