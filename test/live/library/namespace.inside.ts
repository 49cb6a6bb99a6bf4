import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { createServer as createHttpServer, get } from 'node:http';
import { createServer, type Server } from 'node:net';
import { Worker } from 'node:worker_threads';
import { ArgumentError, ExecError, Namespace, Network, spawn } from '../../../src/index.ts';
import { withLab } from './lab.ts';

const own = () => readlinkSync('/proc/thread-self/ns/net');

/** What a program writes in namespaces, and how it ends. */
async function outputOf(
  ...[argv, options]: Parameters<typeof spawn>
): Promise<[string, string, number | null, string | null]> {
  const child = spawn(argv, options);
  const texts = { stdout: '', stderr: '' };
  child.stdout?.on('data', chunk => {
    texts.stdout += chunk;
  });
  child.stderr?.on('data', chunk => {
    texts.stderr += chunk;
  });
  const [code, signal] = await once(child, 'close');
  return [texts.stdout, texts.stderr, code, signal];
}

describe('namespaces', () => {
  it('are made with a name, listed, identified, opened and deleted', async () => {
    const before = own();
    {
      await using red = await Namespace.create('red');
      assert.deepEqual(await Namespace.list(), ['red']);
      await assert.rejects(Namespace.create('red'), { name: 'SystemError', code: 'EEXIST' });
      using again = await Namespace.open('red');
      using byPath = await Namespace.open(red.path!);
      assert.ok(red.equals(again) && red.equals(byPath) && !red.equals(process.pid));
      const child = red.spawn('sleep', ['100'], { stdio: 'ignore' });
      await once(child, 'spawn');
      while (!(await red.pids()).includes(child.pid!)) await new Promise(resolve => setImmediate(resolve));
      assert.equal(await Namespace.identify(child.pid!), 'red');
      using attached = await Namespace.attach('blue', child.pid!);
      assert.ok(attached.equals(red));
      child.kill();
      await once(child, 'exit');
      await Namespace.delete('blue');
    }
    assert.deepEqual(await Namespace.list(), []);
    await assert.rejects(Namespace.open('red'), { code: 'ENOENT' });
    await assert.rejects(Namespace.delete('red'), { code: 'ENOENT' });
    await assert.rejects(Namespace.create('a/b'), ArgumentError);
    assert.equal(own(), before);
  });

  it('are made unless they are there, and deleted if they are', async () => {
    await using red = await Namespace.create('red', { ifAbsent: true });
    {
      await using again = await Namespace.create('red', { ifAbsent: true });
      assert.ok(again.equals(red));
    }
    // Who has found it there does not delete it.
    assert.deepEqual(await Namespace.list(), ['red']);
    await Namespace.delete('red', { ifPresent: true });
    await Namespace.delete('red', { ifPresent: true });
    assert.deepEqual(await Namespace.list(), []);
    await assert.rejects(Namespace.create('red', { ifabsent: true } as object), ArgumentError);
  });

  it('without name end with their last user, and refuse to be used then', async () => {
    const namespace = await Namespace.create();
    using current = await Namespace.current();
    assert.ok(!namespace.equals(current));
    namespace.close();
    namespace.close();
    assert.throws(() => namespace.fd, { code: 'EBADF' });
    await assert.rejects(namespace.network(), { code: 'EBADF' });
  });

  it('are not deleted under a name that has become another’s', async () => {
    const first = await Namespace.create('red');
    await Namespace.delete('red');
    await using second = await Namespace.create('red');
    await first[Symbol.asyncDispose]();
    assert.deepEqual(await Namespace.list(), [second.name]);
  });

  it('run programs to their end', () =>
    withLab(async ({ red }) => {
      assert.match((await red.exec('cat', ['/proc/net/dev'])).stdout, /r0:/);
      assert.deepEqual(
        await red
          .exec('ls', ['/sys/class/net'])
          .then(({ stdout }) => stdout.split('\n').filter(name => /^(lo|r0)$/.test(name))),
        ['lo', 'r0'],
      );
      assert.equal((await red.exec('cat', [], { input: 'words' })).stdout, 'words');
      assert.equal((await red.exec('pwd', [], { cwd: '/usr' })).stdout, '/usr\n');
      assert.equal(
        (await red.exec('sh', ['-c', 'echo $A'], { env: { A: 'b', PATH: process.env.PATH } })).stdout,
        'b\n',
      );
      await assert.rejects(red.exec('sh', ['-c', 'echo out; echo why >&2; exit 7']), error => {
        assert.ok(error instanceof ExecError);
        assert.deepEqual([error.code, error.signal, error.stdout, error.stderr], [7, null, 'out\n', 'why\n']);
        return true;
      });
      await assert.rejects(red.exec('no-such-program'), { code: 127 });
      await assert.rejects(red.exec('sh', ['-c', 'kill -9 $$']), { code: null, signal: 'SIGKILL' });
      await assert.rejects(red.exec('yes', [], { maxBuffer: 1000 }), { code: 'ENOBUFS' });
      await assert.rejects(red.exec('a\0b'), ArgumentError);
    }));
});

describe('sockets', () => {
  /** What a server sends to clients that connect from `red`. */
  async function textFrom(red: Namespace, port: number): Promise<string> {
    const socket = red.connect({ host: '10.0.0.2', port });
    let text = '';
    for await (const chunk of socket) text += chunk;
    return text;
  }

  const portOf = (server: Server) => (server.address() as { port: number }).port;
  const greeter = () => createServer(socket => socket.end('hello'));
  const closed = (server: Server) => new Promise(resolve => server.close(resolve));

  it('listen and connect in a namespace, at an address or all', () =>
    withLab(async ({ red, blue }) => {
      for (const options of [{}, { host: '10.0.0.2', port: 8080 }, { host: '0.0.0.0' }]) {
        const server = greeter();
        await blue.listen(server, options);
        assert.equal(await textFrom(red, portOf(server)), 'hello');
        await closed(server);
      }
      const server = greeter();
      await assert.rejects(blue.listen(server, { host: '10.0.0.3' }), { code: 'EADDRNOTAVAIL' });
      await assert.rejects(blue.listen(server, { host: 'nobody.example' }), ArgumentError);
      await blue.listen(server, { port: 80 });
      await assert.rejects(blue.listen(greeter(), { port: 80 }), { code: 'EADDRINUSE' });
      await closed(server);
    }));

  it('that are made at once are born inside', () =>
    withLab(async ({ red, blue }) => {
      const before = own();
      const server = blue.run(() => greeter().listen(8080));
      await once(server, 'listening');
      assert.equal(await textFrom(red, 8080), 'hello');
      await closed(server);
      const answerAtOnce = (
        host: string,
        _options: unknown,
        answer: (error: null, address: string, family: number) => void,
      ) => answer(null, host, 4);
      const [a, b] = [red, blue].map(where =>
        where.run(() => createSocket({ type: 'udp4', lookup: answerAtOnce as never }).bind(9000, '0.0.0.0')),
      );
      a!.send('datagram', 9000, '10.0.0.2');
      const [message] = await once(b!, 'message');
      assert.equal(String(message), 'datagram');
      a!.close();
      b!.close();
      const child = blue.run(() => execFile('cat', ['/proc/net/dev']));
      let text = '';
      for await (const chunk of child.stdout!) text += chunk;
      assert.match(text, /b0:/);
      assert.equal(own(), before);
    }));

  it('are not left to what comes later', () =>
    withLab(async ({ red }) => {
      const before = own();
      let calls = 0;
      assert.throws(() => red.run((async () => calls++) as never), ArgumentError);
      assert.equal(calls, 0);
      assert.throws(() => red.run((() => Promise.resolve()) as never), ArgumentError);
      assert.throws(
        () =>
          red.run(() => {
            throw new RangeError('mine');
          }),
        RangeError,
      );
      assert.equal(own(), before);
      assert.notEqual(red.run(own), before);
    }));

  it('carry HTTP between namespaces', () =>
    withLab(async ({ red, blue }) => {
      const server = createHttpServer((_request, response) => response.end('hello from blue'));
      await blue.listen(server, { port: 80, host: '10.0.0.2' });
      const createConnection = () => red.connect({ host: '10.0.0.2', port: 80 });
      const [response] = await once(get({ host: '10.0.0.2', createConnection }), 'response');
      let text = '';
      for await (const chunk of response) text += chunk;
      assert.equal(text, 'hello from blue');
      await closed(server);
    }));
});

describe('worker threads', () => {
  it('use networks and namespaces, several at once, while the main thread does', async () => {
    await using red = await Namespace.create('red');
    await using network = await red.network();
    const before = own();
    const source = `
      const { parentPort, workerData } = require('node:worker_threads');
      const { readlinkSync } = require('node:fs');
      import('tsx/esm/api').then(({ register }) => register()).then(() => import(workerData.library)).then(async ({ Namespace, Network, spawn }) => {
        const own = readlinkSync('/proc/thread-self/ns/net');
        const network = await Network.open({ namespace: 'red' });
        for (let number = 0; number < 20; number++) {
          await network.links.add({ kind: 'bridge', name: workerData.name + number });
          const anonymous = await Namespace.create();
          const other = await anonymous.network();
          if ((await other.links.all()).length !== 1) throw new Error('not alone');
          other.close();
          anonymous.close();
        }
        const red = await Namespace.open('red');
        const { stdout } = await red.exec('cat', ['/proc/net/dev']);
        const inside = red.run(() => readlinkSync('/proc/thread-self/ns/net'));
        red.close();
        network.close();
        parentPort.postMessage({ stayed: own === readlinkSync('/proc/thread-self/ns/net'), seen: stdout.includes(workerData.name), inside });
      });`;
    const library = new URL('../../../src/index.ts', import.meta.url).href;
    const workers = ['a', 'b', 'c'].map(
      name => new Worker(source, { eval: true, workerData: { library, name } }),
    );
    const answers = workers.map(worker => once(worker, 'message').then(([answer]) => answer));
    const ends = workers.map(worker => once(worker, 'exit'));
    for (let number = 0; number < 50; number++)
      assert.ok((await network.links.all({ kind: 'bridge' })).length <= 60);
    const inside = red.run(own);
    assert.deepEqual(await Promise.all(answers), new Array(3).fill({ stayed: true, seen: true, inside }));
    await Promise.all(ends);
    assert.equal((await network.links.all({ kind: 'bridge' })).length, 60);
    assert.equal(own(), before);
    await using here = await Network.open();
    assert.deepEqual(await here.links.all({ kind: 'bridge' }), []);
  });
});

describe('spawn', () => {
  it('makes all eight kinds of namespaces', async () => {
    const kinds = ['user', 'cgroup', 'ipc', 'uts', 'net', 'pid', 'mount', 'time'] as const;
    const script =
      'hostname; id -u; echo $$; for kind in user cgroup ipc uts net pid mnt time; do readlink /proc/self/ns/$kind; done';
    const [stdout, stderr, code] = await outputOf(['sh', '-c', script], {
      newNamespaces: kinds,
      hostname: 'box',
      mountProc: true,
    });
    const [host, user, pid, ...links] = stdout.trimEnd().split('\n');
    assert.deepEqual([stderr, code, host, user, pid], ['', 0, 'box', '0', '1']);
    const outside = ['user', 'cgroup', 'ipc', 'uts', 'net', 'pid', 'mnt', 'time'].map(kind =>
      readlinkSync(`/proc/self/ns/${kind}`),
    );
    assert.equal(links.length, 8);
    assert.deepEqual(
      links.filter(link => outside.includes(link)),
      [],
    );
  });

  it('joins namespaces by reference, of a process and of a child', async () => {
    await using red = await Namespace.create('red');
    const holder = spawn(['sh', '-c', 'echo; exec sleep 100'], {
      newNamespaces: ['user', 'uts', 'net'],
      hostname: 'held',
    });
    await once(holder.stdout!, 'data');
    try {
      const net = readlinkSync(`/proc/${holder.pid}/ns/net`);
      const pid = holder.pid!;
      const join = { user: pid, uts: pid, net: `/proc/${pid}/ns/net` };
      assert.deepEqual(await outputOf(['sh', '-c', 'hostname; readlink /proc/self/ns/net'], { join }), [
        `held\n${net}\n`,
        '',
        0,
        null,
      ]);
      const [text] = await outputOf(['readlink', '/proc/self/ns/net'], { join: { net: 'red' } });
      assert.equal(text, `${red.run(own)}\n`);
      assert.throws(() => spawn(['true'], { join: { net: 'nobody' } }), { code: 'ENOENT' });
      assert.throws(() => spawn(['true'], { join: { uts: 'red' } }), ArgumentError);
    } finally {
      holder.kill('SIGKILL');
      await once(holder, 'exit');
    }
  });

  it('maps ids, changes root and folder, sets clocks', async () => {
    const map = { inside: 0, outside: 0, count: 1 };
    if (process.geteuid!() === 0) {
      const idMap = { users: [map], groups: [map] };
      const [text] = await outputOf(['cat', '/proc/self/uid_map', '/proc/self/gid_map'], {
        newNamespaces: ['user'],
        idMap,
      });
      assert.match(text, /^( +0 +0 +1\n){2}$/);
    }
    assert.match(
      (await outputOf(['cat', '/proc/self/uid_map'], { newNamespaces: ['user'], idMap: 'none' }))[0],
      /^$/,
    );
    assert.deepEqual(await outputOf(['pwd'], { cwd: '/usr' }), ['/usr\n', '', 0, null]);
    const [, , status] = await outputOf(['/true'], { root: '/proc/self/fdinfo', newNamespaces: ['mount'] });
    assert.equal(status, 127);
    const [uptime] = await outputOf(['cut', '-d.', '-f1', '/proc/uptime'], {
      newNamespaces: ['time', 'pid'],
      clockOffsets: { boottime: 1_000_000 },
    });
    assert.ok(Number(uptime) > 1_000_000, uptime);
  });

  it('gives the child’s descriptors, code and signals, and ends it with its waiter', async () => {
    const child = spawn(['sh', '-c', 'cat; exit 3'], { newNamespaces: ['pid'], mountProc: true });
    child.stdin!.end('through');
    let text = '';
    child.stdout!.on('data', chunk => {
      text += chunk;
    });
    assert.deepEqual(await once(child, 'close'), [3, null]);
    assert.equal(text, 'through');
    const waiter = spawn(['sh', '-c', 'echo $$; exec sleep 100'], { newNamespaces: ['pid'] });
    await once(waiter.stdout!, 'data');
    waiter.kill('SIGKILL');
    assert.deepEqual(await once(waiter, 'close'), [null, 'SIGKILL']);
    const words = ['sh', '-c', 'ls /proc/self/fd | wc -l'];
    const [ids] = await outputOf(words, { join: { net: process.pid } });
    // Nothing of ours is among its descriptors.
    assert.equal(ids, execFileSync(words[0]!, words.slice(1), { encoding: 'utf8' }));
  });

  it('says why not', async () => {
    assert.deepEqual(await outputOf(['no-such-program']), [
      '',
      'tsip: failed to execute no-such-program: No such file or directory\n',
      127,
      null,
    ]);
    assert.deepEqual((await outputOf(['true'], { cwd: '/nowhere' })).slice(1), [
      'tsip: cannot change directory to /nowhere: No such file or directory\n',
      1,
      null,
    ]);
    assert.throws(() => spawn([]), ArgumentError);
    assert.throws(() => spawn(['true'], { hostname: 'box' }), ArgumentError);
    assert.throws(() => spawn(['true'], { idMap: 'root' }), ArgumentError);
    assert.throws(() => spawn(['true'], { clockOffsets: { monotonic: 1 } }), ArgumentError);
    assert.throws(() => spawn(['true'], { newNamespaces: ['mnt'] as never }), ArgumentError);
    assert.throws(() => spawn(['true'], { cwd: 'a\0b' }), ArgumentError);
  });
});
