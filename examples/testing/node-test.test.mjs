// Run with: node --test examples/testing/node-test.test.mjs
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { lab } from 'tsip/testing';

test('a client reaches the server by its name', async () => {
  const net = await lab({ nodes: { web: {}, db: {} }, links: ['web -- db'] });
  try {
    await net.node('web').listen(createServer((_request, response) => response.end('hello')), 8080);
    const response = await net.node('db').fetch('http://web:8080/');
    assert.equal(await response.text(), 'hello');
    const { stdout } = await net.node('db').exec('cat', ['/etc/hosts']);
    assert.match(stdout, /^10\.\S+ web$/m);
  } finally {
    await net.close();
  }
});

test('two tests use one port at once', async () => {
  const labs = await Promise.all([1, 2].map(() => lab({ nodes: { a: {}, b: {} }, links: ['a -- b'] })));
  try {
    for (const [at, net] of labs.entries())
      await net.node('a').listen(createServer((_request, response) => response.end(`lab ${at}`)), 80);
    const texts = await Promise.all(
      labs.map(async net => (await net.node('b').fetch('http://a/')).text()),
    );
    assert.deepEqual(texts, ['lab 0', 'lab 1']);
  } finally {
    await Promise.all(labs.map(net => net.close()));
  }
});
