// Run with: npx mocha examples/testing/mocha.test.mjs
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { lab } from 'tsip/testing';

describe('a service behind a router', () => {
  let net;

  before(async () => {
    net = await lab({
      nodes: {
        client: { routes: ['default via 10.0.1.1'] },
        router: { forward: true },
        server: { routes: ['default via 10.0.2.1'] },
      },
      links: ['client 10.0.1.2/24 -- router 10.0.1.1/24', 'server 10.0.2.2/24 -- router 10.0.2.1/24'],
      checks: ['client ping server'],
    });
  });

  after(() => net.close());

  it('is reached', async () => {
    await net.check();
    await net.node('server').listen(createServer(socket => socket.end('hello')), 7000);
    const socket = await net.node('client').connect('server', 7000);
    const chunks = await socket.toArray();
    assert.equal(Buffer.concat(chunks).toString(), 'hello');
  });

  it('is not reached when the router does not forward', async () => {
    await net.node('router').exec('sh', ['-c', 'echo 0 >/proc/sys/net/ipv4/ip_forward']);
    await assert.rejects(net.node('client').exec('ping', ['-c1', '-W1', 'server']), /changed: router sysctl/);
  });
});
