/** Clients of HTTP whose connections come from a network namespace: agents of node:http, and dispatchers of `fetch`. */
import { type AgentOptions, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';

/** Connects to a host, by its address or name, and resolves with the socket at once when it begins to. */
export type Connector = (host: string, port: number) => Promise<Socket>;

/** What `fetch` takes as `dispatcher`. */
export type FetchDispatcher = RequestInit extends { dispatcher?: infer D } ? NonNullable<D> : object;

/** What node:http gives an agent, and its callback. */
interface Wanted {
  readonly host?: string | null | undefined;
  readonly hostname?: string | null | undefined;
  readonly port?: number | string | null | undefined;
}
type Done = (error: Error | null, socket: Duplex) => void;

const HTTPS = 443;
const HTTP = 80;

function nameOf({ host, hostname }: Wanted): string {
  return (host ?? hostname ?? 'localhost').replace(/^\[(.*)\]$/, '$1');
}

/** Hands a socket over, or the error instead of it. */
function settle(socket: Promise<Socket>, done: Done): undefined {
  socket.then(
    made => done(null, made),
    (error: Error) => done(error, undefined as never),
  );
}

/** An agent of node:http whose connections are made by `connect`. */
export function httpAgent(connect: Connector, options: AgentOptions): HttpAgent {
  const agent = new HttpAgent(options);
  const createConnection = (wanted: Wanted, done: Done) =>
    settle(connect(nameOf(wanted), Number(wanted.port ?? HTTP)), done);
  return Object.assign(agent, { createConnection });
}

/** The same of node:https. */
export function httpsAgent(connect: Connector, options: AgentOptions & ConnectionOptions): HttpsAgent {
  const agent = new HttpsAgent(options);
  const createConnection = (wanted: Wanted & ConnectionOptions, done: Done) => {
    const name = nameOf(wanted);
    const secure = connect(name, Number(wanted.port ?? HTTPS)).then(socket =>
      connectTls({ ...wanted, ...serverName(wanted.servername ?? undefined, name), socket }),
    );
    return settle(secure, done);
  };
  return Object.assign(agent, { createConnection });
}

/** TLS has names of servers only, and no addresses. */
function serverName(given: string | undefined, host: string): { servername?: string } {
  if (given !== undefined && given !== '') return { servername: given };
  return isIP(host) === 0 ? { servername: host } : {};
}

interface UndiciTarget extends Wanted {
  readonly protocol?: string;
  readonly servername?: string | null;
  readonly httpSocket?: Socket;
}
type UndiciConnect = (
  target: UndiciTarget,
  done: (error: Error | null, socket: Socket | null) => void,
) => void;
type UndiciAgent = new (options: {
  connect: UndiciConnect;
}) => FetchDispatcher & {
  close(): Promise<void>;
  destroy(): Promise<void>;
};

/**
 * What Node's own `fetch` dispatches with: undici is inside of Node, and shows its agent by a symbol once it is loaded.
 * Throws where the program has put another dispatcher in its place.
 */
async function bundledAgent(): Promise<UndiciAgent> {
  await fetch('data:,');
  const symbol = Object.getOwnPropertySymbols(globalThis).find(({ description }) =>
    description?.startsWith('undici.globalDispatcher'),
  );
  const dispatcher = symbol && (globalThis as unknown as Record<symbol, object>)[symbol];
  if (dispatcher?.constructor.name !== 'Agent')
    throw new Error("the dispatcher of fetch() is not Node's own: use agent() with node:http");
  return dispatcher.constructor as UndiciAgent;
}

/** A dispatcher for `fetch` whose connections are made by `connect`. */
export async function fetchDispatcher(connect: Connector): Promise<InstanceType<UndiciAgent>> {
  const Agent = await bundledAgent();
  return new Agent({
    connect(target, done) {
      const name = nameOf({ host: target.hostname });
      const isSecure = target.protocol === 'https:';
      const open = async () => {
        const socket =
          target.httpSocket ?? (await connect(name, Number(target.port) || (isSecure ? HTTPS : HTTP)));
        const made = isSecure
          ? connectTls({
              socket,
              ALPNProtocols: ['http/1.1'],
              ...serverName(target.servername ?? undefined, name),
            })
          : socket;
        await established(made, isSecure ? 'secureConnect' : 'connect');
        return made;
      };
      open().then(
        socket => done(null, socket),
        (error: Error) => done(error, null),
      );
    },
  });
}

function established(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  if (event === 'connect' && socket.readyState === 'open') return Promise.resolve();
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once(event, () => {
      socket.off('error', reject);
      resolve();
    });
  });
}
