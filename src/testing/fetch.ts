/** `fetch` from inside a node: HTTP over sockets of the node's network. */

import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { connect as connectTls } from 'node:tls';

/** Connects to a host and port of an address that is spelt as in a URL. */
export type Connector = (host: string, port: number) => Promise<Socket>;

const MOST_REDIRECTS = 20;
/** Statuses whose response has no body. */
const BODILESS: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/** As the global `fetch`, with sockets that `connect` makes. */
export async function fetchBy(
  connect: Connector,
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  let request = new Request(input, init);
  const signal = init?.signal ?? request.signal;
  const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
  for (let redirects = 0; ; redirects++) {
    const message = await send(connect, request, body, signal);
    const { statusCode: status = 0, headers } = message;
    const isRedirect = [301, 302, 303, 307, 308].includes(status) && headers.location !== undefined;
    if (!isRedirect || request.redirect === 'manual') return responseOf(message, request.url);
    message.resume();
    if (request.redirect === 'error' || redirects === MOST_REDIRECTS)
      throw new TypeError('fetch failed', {
        cause: new Error(`${request.url} redirects to ${headers.location}`),
      });
    const becomesGet = status === 303 || (status < 303 && request.method === 'POST');
    const { method } = request;
    request = new Request(new URL(headers.location!, request.url), {
      method: becomesGet ? 'GET' : method,
      headers: request.headers,
      ...(becomesGet || body === undefined ? {} : { body }),
    });
  }
}

async function send(
  connect: Connector,
  request: Request,
  body: Buffer | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const url = new URL(request.url);
  const isSecure = url.protocol === 'https:';
  if (!isSecure && url.protocol !== 'http:') throw new TypeError(`fetch failed: ${url.protocol} is not HTTP`);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = Number(url.port) || (isSecure ? 443 : 80);
  const plain = await connect(host, port);
  const socket = isSecure
    ? connectTls({ socket: plain, ...(isIP(host) === 0 ? { servername: host } : {}) })
    : plain;
  const headers: Record<string, string> = Object.fromEntries(request.headers);
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      socket.destroy();
      reject(signal.aborted ? signal.reason : new TypeError('fetch failed', { cause: error }));
    };
    const options = {
      method: request.method,
      path: `${url.pathname}${url.search}`,
      headers: {
        host: url.host,
        connection: 'close',
        ...headers,
        ...(body && { 'content-length': String(body.length) }),
      },
      createConnection: () => socket,
      signal,
    };
    const sent: ClientRequest = isSecure ? requestHttps(options) : requestHttp(options);
    sent.on('error', fail);
    sent.on('response', resolve);
    sent.end(body);
  });
}

function responseOf(message: IncomingMessage, url: string): Response {
  const { statusCode: status = 200, statusMessage: statusText = '' } = message;
  const headers = new Headers();
  for (let at = 0; at < message.rawHeaders.length; at += 2)
    headers.append(message.rawHeaders[at]!, message.rawHeaders[at + 1]!);
  const hasBody = !BODILESS.has(status);
  if (!hasBody) message.resume();
  // The types of Node's streams and of the global ones are two descriptions of one thing.
  const body = hasBody ? (Readable.toWeb(message) as ReadableStream & globalThis.ReadableStream) : null;
  const response = new Response(body, { status, statusText, headers });
  Object.defineProperty(response, 'url', { value: url });
  return response;
}
