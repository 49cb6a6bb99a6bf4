/** What connects from inside a namespace, by names as they are known there, and what ends with a namespace. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, get, type IncomingMessage } from 'node:http';
import { createServer as createSecureServer, get as getSecure } from 'node:https';
import { createServer as createPlainServer } from 'node:net';
import { ArgumentError, Namespace } from '../../../src/index.ts';
import { type Lab, withLab } from './lab.ts';

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response) text += chunk;
  return text;
}

/** A server of names that knows `shop.example`, for IPv4 alone. */
async function startNames(namespace: Namespace): Promise<void> {
  const socket = await namespace.dgram({ port: 53, address: '10.0.0.2' });
  socket.on('message', (question, { port, address }) => {
    const name = question.subarray(12, question.indexOf(0, 12)).toString('latin1');
    const type = question.readUInt16BE(question.indexOf(0, 12) + 1);
    const isKnown = name.includes('shop') && type === 1;
    const header = Buffer.from(question.subarray(0, 12));
    header.writeUInt16BE(0x8180 | (name.includes('shop') ? 0 : 3), 2);
    header.writeUInt16BE(isKnown ? 1 : 0, 6);
    header.fill(0, 8);
    const asked = question.subarray(12, question.indexOf(0, 12) + 5);
    const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, 2]);
    socket.send(Buffer.concat([header, asked, ...(isKnown ? [answer] : [])]), port, address);
  });
}

const PSK = { psk: Buffer.alloc(16, 7), identity: 'test' };
/** TLS without certificates. */
const KEYED = { ciphers: 'PSK', maxVersion: 'TLSv1.2' } as const;

describe('clients in a namespace', () => {
  before(() => {
    // /etc of these mount namespaces alone is written to.
    mkdirSync('/run/upper');
    mkdirSync('/run/work');
    const layers = 'lowerdir=/etc,upperdir=/run/upper,workdir=/run/work';
    execFileSync('mount', ['-t', 'overlay', 'none', '-o', layers, '/etc']);
    mkdirSync('/etc/netns/red', { recursive: true });
    writeFileSync(
      '/etc/netns/red/hosts',
      '# names of red\n10.0.0.2 web WEB2 # of blue\n127.0.0.1 localhost\n',
    );
    writeFileSync('/etc/netns/red/resolv.conf', 'nameserver 10.0.0.2\n');
  });

  after(() => execFileSync('umount', ['-l', '/etc']));

  /** Blue greets on port 80. */
  const withServer = (test: (lab: Lab) => Promise<void>) =>
    withLab(async lab => {
      const server = createServer((request, response) =>
        response.end(`${request.method} ${request.headers.host}`),
      );
      await lab.blue.listen(server, { port: 80 });
      await startNames(lab.blue);
      await test(lab);
    });

  it('look up names in the files of the namespace, then at its servers', () =>
    withServer(async ({ red, blue }) => {
      assert.deepEqual(await red.lookup('web'), { address: '10.0.0.2', family: 4 });
      assert.deepEqual(await red.lookup('web2', 4), { address: '10.0.0.2', family: 4 });
      assert.deepEqual(await red.lookup('fd00::1'), { address: 'fd00::1', family: 6 });
      assert.deepEqual(await red.lookup('localhost', 4), { address: '127.0.0.1', family: 4 });
      assert.deepEqual(await red.lookup('shop.example'), { address: '10.0.0.2', family: 4 });
      await assert.rejects(red.lookup('nobody.example'), { code: 'ENOTFOUND', hostname: 'nobody.example' });
      await assert.rejects(red.lookup('a\0b'), { argument: 'host' });
      assert.throws(() => blue.connect({ host: 'web', port: 80 }), ArgumentError);
      const socket = red.connect({ host: 'web', port: 80 });
      await once(socket, 'connect');
      assert.equal(socket.remoteAddress, '10.0.0.2');
    }));

  it('are agents of node:http and node:https', () =>
    withServer(async ({ red, blue }) => {
      const agent = red.agent({ keepAlive: true });
      for (const host of ['10.0.0.2', 'web', 'shop.example']) {
        const [response] = await once(get({ host, agent }), 'response');
        assert.equal(await textOf(response), `GET ${host}`);
      }
      const [error] = await once(get({ host: 'nobody.example', agent }), 'error');
      assert.equal(error.code, 'ENOTFOUND');
      const secure = createSecureServer({ ...KEYED, pskCallback: () => PSK.psk }, (_request, response) =>
        response.end('secret'),
      );
      await blue.listen(secure, { port: 443 });
      const options = { ...KEYED, pskCallback: () => PSK, checkServerIdentity: () => undefined };
      const [answer] = await once(getSecure({ host: 'web', agent: red.httpsAgent(options) }), 'response');
      assert.equal(await textOf(answer), 'secret');
    }));

  it('are fetch() and its dispatcher', () =>
    withServer(async ({ red }) => {
      const response = await red.fetch('http://web/', { method: 'POST', body: 'text' });
      assert.equal(await response.text(), 'POST web');
      const dispatcher = await red.dispatcher();
      const other = await fetch('http://shop.example/', { dispatcher });
      assert.equal(await other.text(), 'GET shop.example');
      assert.equal(await red.dispatcher(), dispatcher);
      await assert.rejects(red.fetch('http://10.0.0.2:81/'), (error: Error) =>
        String((error.cause as Error).message).includes('ECONNREFUSED'),
      );
    }));

  it('are sockets for datagrams', () =>
    withServer(async ({ red, blue }) => {
      const there = await blue.dgram({ port: 500 });
      const here = await red.dgram();
      const received = once(there, 'message');
      here.send('hello', 500, 'web');
      const [text, { address }] = await received;
      assert.deepEqual([String(text), address], ['hello', '10.0.0.1']);
      await assert.rejects(blue.dgram({ port: 500 }), { code: 'EADDRINUSE' });
      await assert.rejects(blue.dgram({ type: 'tcp' } as never), { argument: 'type' });
      await assert.rejects(blue.dgram({ address: '::1' }), { argument: 'address' });
    }));
});

/** Whether a process is there and has not ended. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}

describe('what was started in a namespace', () => {
  it('ends with it: programs and theirs, servers, connections, sockets', async () => {
    const server = createPlainServer();
    const namespace = await Namespace.create();
    const network = await namespace.network();
    await network.links.change('lo', { up: true });
    network.close();
    const script = 'sleep 1000 & echo $!; wait';
    const child = namespace.spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(child.stdout!, 'data');
    const started = Number(String(line));
    await namespace.listen(server, { port: 80, host: '127.0.0.1' });
    const accepted = once(server, 'connection');
    const socket = namespace.connect({ host: '127.0.0.1', port: 80 });
    const datagrams = await namespace.dgram();
    // What a program has started holds its output, too.
    const ends = [server, socket, datagrams, child.stdout!].map((one: NodeJS.EventEmitter) =>
      once(one, 'close'),
    );
    await accepted;
    assert.ok(isRunning(child.pid!) && isRunning(started));
    await namespace[Symbol.asyncDispose]();
    assert.equal(child.signalCode, 'SIGKILL');
    await Promise.all(ends);
  });

  it('stays when the namespace is only closed, or the program is detached', async () => {
    const namespace = await Namespace.create();
    const detached = namespace.spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
    const other = await Namespace.open(namespace);
    const child = other.spawn('sleep', ['1000'], { stdio: 'ignore' });
    other.close();
    await namespace[Symbol.asyncDispose]();
    assert.deepEqual(
      [detached.exitCode, detached.signalCode, child.exitCode, child.signalCode],
      [null, null, null, null],
    );
    for (const one of [detached, child]) {
      const end = once(one, 'exit');
      one.kill('SIGKILL');
      await end;
    }
  });
});
