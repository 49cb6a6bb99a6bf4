// Run with: npx vitest run examples/testing/vitest.test.ts
import { createServer } from 'node:http';
import { lab } from 'tsip/testing';
import { expect, test } from 'vitest';

test('a client reaches the server by its name', async () => {
  await using net = await lab({ nodes: { web: {}, db: {} }, links: ['web -- db'] });
  await net.node('web').listen(createServer((_request, response) => response.end('hello')), 8080);
  const response = await net.node('db').fetch('http://web:8080/');
  expect(await response.text()).toBe('hello');
});
