/** What was started in a namespace and ends with it: programs, servers, sockets, agents. */
import type { ChildProcess } from 'node:child_process';
import type { Socket as DatagramSocket } from 'node:dgram';
import { readdirSync, readFileSync } from 'node:fs';
import type { Server, Socket } from 'node:net';

/** Ends a thing; a promise where that takes a while. */
type Ending = () => unknown;

/** What belongs to a namespace, as long as it has not ended by itself. */
export class Belongings {
  readonly #endings = new Map<object, Ending>();

  /** Ends `thing` by `end` with the rest. */
  add(thing: object, end: Ending): void {
    this.#endings.set(thing, end);
  }

  /** A program, which is killed with those that it has started. */
  addProgram(child: ChildProcess): void {
    const ended = new Promise<void>(resolve => {
      for (const event of ['exit', 'error'])
        child.once(event, () => {
          this.#endings.delete(child);
          resolve();
        });
    });
    this.add(child, () => {
      if (child.pid === undefined) return;
      const started = descendantsOf(child.pid);
      child.kill('SIGKILL');
      for (const pid of started) kill(pid);
      return ended;
    });
  }

  /** A server, which is closed with its connections. */
  addServer(server: Server): void {
    const connections = new Set<Socket>();
    const note = (socket: Socket) => {
      connections.add(socket);
      socket.once('close', () => connections.delete(socket));
    };
    server.on('connection', note);
    server.once('close', () => {
      this.#endings.delete(server);
      server.off('connection', note);
    });
    this.add(server, () => {
      server.close();
      for (const socket of connections) socket.destroy();
    });
  }

  /** A connection. */
  addSocket(socket: Socket): void {
    socket.once('close', () => this.#endings.delete(socket));
    this.add(socket, () => void socket.destroy());
  }

  /** A socket for datagrams. */
  addDatagramSocket(socket: DatagramSocket): void {
    socket.once('close', () => this.#endings.delete(socket));
    this.add(socket, () => void socket.close());
  }

  /** Ends everything; resolves when it has ended. What cannot end does not keep the rest from it. */
  async end(): Promise<void> {
    const endings = [...this.#endings.values()];
    this.#endings.clear();
    await Promise.allSettled(endings.map(async end => end()));
  }
}

/** Ids of the processes that a process has started, and those that they have. */
function descendantsOf(pid: number): number[] {
  const own = childrenOf(pid);
  return [...own, ...own.flatMap(descendantsOf)];
}

function childrenOf(pid: number): number[] {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    const texts = tasks.map(task => readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1'));
    return texts.flatMap(text => text.split(' ').filter(word => word !== '')).map(Number);
  } catch {
    return []; // It has ended.
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
