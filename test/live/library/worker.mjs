/**
 * Ends worker threads at fifty moments of the kind of work that the argument names, by process.exit() and by terminate()
 * in turn; run by worker.test.ts in a separate network namespace. Prints how many descriptors are left.
 */
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import * as tsip from 'tsip';
import * as rtnetlink from 'tsip/rtnetlink';

const MOMENTS = 50;

/** Each does its work again and again, for as long as the thread lives, in a separate network. */
const KINDS = {
  async changes({ network }) {
    for (let at = 0; ; at++) {
      const name = `d${at % 10}`;
      await Promise.all([
        network.links.replace({ kind: 'ifb', name, mtu: 1000 + (at % 100) }),
        network.addresses.replace({ device: 'lo', address: `10.0.0.${1 + (at % 200)}/32` }),
      ]);
    }
  },
  async listings({ network }) {
    while (true)
      await Promise.all([network.links.all(), network.addresses.all(), network.routes.all({ table: 'all' })]);
  },
  async watching({ network }) {
    const churn = KINDS.changes({ network });
    for await (const _ of network.watch(['link', 'address'], { initial: true }));
    await churn;
  },
  async sessions({ namespace }) {
    const session = rtnetlink.Session.open({ namespace: namespace.fd });
    const events = session.subscribe([1, 5]);
    (async () => {
      for await (const _ of events);
    })();
    while (true) {
      await session.request(rtnetlink.linkRequest({}, { index: 1 }), 'answer');
      for await (const _ of session.dump(rtnetlink.addressRequest()));
    }
  },
  async programs({ namespace }) {
    while (true) await Promise.all([namespace.exec('true'), namespace.exec('true')]);
  },
  async sockets({ namespace, network }) {
    await network.links.change('lo', { up: true });
    const server = createServer(socket => socket.end('done'));
    await namespace.listen(server, { host: '127.0.0.1', port: 0 });
    const { port } = server.address();
    while (true) {
      const socket = namespace.connect({ host: '127.0.0.1', port });
      for await (const _ of socket);
    }
  },
  async namespaces() {
    while (true) {
      const other = await tsip.Namespace.create();
      const network = await other.network();
      await network.links.all();
      network.close();
      other.close();
    }
  },
};

if (isMainThread) await endThreads(process.argv[2]);
else await work(workerData);

async function work({ kind, how, delay }) {
  const namespace = await tsip.Namespace.create();
  const network = await namespace.network();
  parentPort.postMessage('begun');
  if (how === 'exit') setTimeout(() => process.exit(0), delay);
  await KINDS[kind]({ network, namespace });
}

/** The first shows what a thread leaves behind by itself. */
async function endThreads(kind) {
  await endThread(kind, 'exit', 0);
  const before = descriptors();
  for (let at = 0; at < MOMENTS; at++) await endThread(kind, at % 2 === 0 ? 'exit' : 'terminate', at / 2);
  console.log(JSON.stringify({ left: descriptors() - before }));
}

function endThread(kind, how, delay) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { kind, how, delay } });
    worker.on('error', reject);
    worker.on('exit', resolve);
    worker.on('message', () => {
      if (how === 'terminate') setTimeout(() => worker.terminate(), delay);
    });
  });
}

function descriptors() {
  return readdirSync('/proc/self/fd').length;
}
