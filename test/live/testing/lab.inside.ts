/** `tsip/testing` in the process that uses it: see testing.test.ts, which runs this file in private namespaces. */
import assert from 'node:assert/strict';
import { readdirSync, readlinkSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { startTime } from '../../../src/lab/processes.ts';
import { ExecError } from '../../../src/library/exec.ts';
import { lab } from '../../../src/testing/lab.ts';

const PAIR = { nodes: { web: {}, db: {} }, links: ['web -- db'] } as const;

/** What this process has open, and the folders of labs. */
function traces(): unknown {
  const descriptors = readdirSync('/proc/self/fd').map(name => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`);
    } catch {
      return '';
    }
  });
  return {
    namespaces: descriptors.filter(path => path.startsWith('net:')).length,
    folders: readdirSync(tmpdir()).filter(
      name => name.startsWith('tsip-lab-') && name.includes(`-${process.pid}-`),
    ),
  };
}

/** How many processes run here; one that has ended and only waits for its parent does not. */
function running(): number {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name) && startTime(Number(name)) !== undefined)
    .length;
}

describe('tsip/testing', () => {
  it('serves, connects and fetches by names', async () => {
    await using net = await lab(PAIR);
    assert.deepEqual(net.names, ['web', 'db']);
    await net.node('web').listen(
      createHttpServer((request, response) => {
        let body = '';
        request.on('data', chunk => {
          body += chunk;
        });
        request.on('end', () => {
          if (request.url === '/from') response.writeHead(302, { location: '/to?x=1' }).end();
          else response.writeHead(200, { 'x-test': 'yes' }).end(`${request.method} ${request.url} ${body}`);
        });
      }),
      8080,
    );
    const db = net.node('db');
    const posted = await db.fetch('http://web:8080/a', { method: 'POST', body: 'text' });
    assert.deepEqual(
      [posted.status, posted.headers.get('x-test'), await posted.text()],
      [200, 'yes', 'POST /a text'],
    );
    const followed = await db.fetch('http://web:8080/from');
    assert.deepEqual([followed.url, await followed.text()], ['http://web:8080/to?x=1', 'GET /to?x=1 ']);
    await assert.rejects(db.fetch('http://nobody/'), /the lab has no address for it/);
    const aborted = AbortSignal.timeout(50);
    await net.node('web').listen(
      createServer(() => undefined),
      9,
    );
    await assert.rejects(db.fetch('http://web:9/', { signal: aborted }), { name: 'TimeoutError' });
  });

  it('runs programs that resolve the names, too', async () => {
    await using net = await lab(PAIR);
    const { stdout } = await net.node('db').exec('getent', ['ahostsv4', 'web']);
    assert.ok(stdout.startsWith(net.node('web').address));
    const child = net.node('db').spawn('cat', [], { stdio: 'pipe' });
    child.stdin!.end('through');
    assert.equal(Buffer.concat(await child.stdout!.toArray()).toString(), 'through');
  });

  it('sends datagrams', async () => {
    await using net = await lab(PAIR);
    const server = await net.node('web').dgram('udp4', 5353);
    const client = await net.node('db').dgram();
    const received = new Promise<string>(resolve =>
      server.once('message', message => resolve(String(message))),
    );
    client.send('ping', 5353, 'web');
    assert.equal(await received, 'ping');
  });

  it('shows the lab when something fails', async () => {
    await using net = await lab(PAIR);
    await using network = await net.node('web').network();
    await network.links.change('eth0', { up: false });
    const error = await net
      .node('db')
      .exec('ping', ['-c1', '-W1', 'web'])
      .then(
        () => assert.fail('it answers'),
        (thrown: unknown) => thrown,
      );
    assert.ok(error instanceof ExecError);
    assert.match(error.message, /\n\nlab "lab"\n {2}web eth0 10\.\S+ fd00\S+ -- db:eth0\n/);
    assert.match(
      error.message,
      /Otherwise in the kernel:\n {2}changed: web device eth0 to db:eth0 \(down -> up\)/,
    );
  });

  it('starts services, and ends them with the lab', async () => {
    const net = await lab({
      nodes: {
        a: {
          run: {
            web: {
              command: [
                process.execPath,
                '-e',
                'require("http").createServer((q, r) => r.end("service")).listen(80)',
              ],
              ready: { tcp: 80 },
            },
          },
        },
        b: { setup: ['ip link set lo mtu 1000'] },
      },
      links: ['a -- b'],
      checks: ['b tcp a:80', 'b ping a', { not: 'b tcp a:81' }],
    });
    const before = running();
    await net.check();
    assert.equal(await (await net.node('b').fetch('http://a/')).text(), 'service');
    await net.close();
    assert.equal(running(), before - 1);
  });

  it('knows the names of nodes as types', async () => {
    await using net = await lab({ nodes: { web: { count: 2 }, db: {} } });
    assert.deepEqual(net.names, ['web1', 'web2', 'db']);
    net.node('web2');
    // @ts-expect-error There is no such node.
    assert.throws(() => net.node('wbe'), RangeError);
  });

  it('has no namespaces, files and children left, whatever happens', async () => {
    const before = traces();
    for (let round = 0; round < 5; round++) {
      const net = await lab(PAIR);
      net.node('web').spawn('sleep', ['1000'], { stdio: 'ignore' });
      await net.node('web').listen(createServer(), 80);
      const socket = await net.node('db').connect('web:80');
      socket.write('x');
      await net.close();
      await net.close();
    }
    await assert.rejects(lab({ nodes: { a: { devices: { x: { type: 'ovpn' } } } } }), /cannot create device/);
    assert.deepEqual(traces(), before);
  });

  it('makes labs of many tests at once', async () => {
    const labs = await Promise.all(Array.from({ length: 10 }, () => lab(PAIR)));
    try {
      await Promise.all(
        labs.map(async (net, at) => {
          await net.node('web').listen(
            createHttpServer((_request, response) => response.end(String(at))),
            80,
          );
          assert.equal(await (await net.node('db').fetch('http://web')).text(), String(at));
        }),
      );
    } finally {
      await Promise.all(labs.map(net => net.close()));
    }
  });
});
