/** The programs and the library where the binding of the netlink package cannot be loaded, as in Bun. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needs, repository, unshareFlags } from '../../support/requirements.ts';
import { buildRepository } from '../../support/sandbox.ts';

const LIBRARY = `
  import { Network } from './dist/lib/index.js';
  const network = await Network.open();
  const seen = [];
  const watching = (async () => {
    for await (const event of network.watch(['link'])) {
      seen.push([event.group, event.action, event.value.name].join(' '));
      if (event.action === 'delete') break;
    }
  })();
  await new Promise(resolve => setImmediate(resolve));
  await network.links.add({ kind: 'bridge', name: 'br0' });
  await network.links.delete('br0');
  await watching;
  console.log(seen[0], seen.length > 1);
  network.close();`;

describe('without the binding of the netlink package', () => {
  let folder: string;

  before(function () {
    needs(this, 'namespaces');
    this.timeout(300_000);
    buildRepository();
    folder = mkdtempSync(join(tmpdir(), 'tsip-own-sockets-'));
    for (const part of ['native', 'package.json', 'dist'])
      cpSync(join(repository, part), join(folder, part), { recursive: true, verbatimSymlinks: true });
    symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
    rmSync(join(folder, 'native', process.arch, 'netlink.node'));
  });

  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  /** In a fresh network, from the folder of the package. */
  const inside = (...words: string[]) => {
    const { stdout, stderr, status } = spawnSync('unshare', [...unshareFlags, '--', ...words], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 50_000,
    });
    return { stdout, stderr, status };
  };

  it('changes are made on our own sockets, and the trace says so', () => {
    const program = join('native', process.arch, 'tsip');
    const { stderr, status } = inside(program, '--trace', 'link', 'set', 'lo', 'up');
    assert.match(
      stderr,
      /^note: the netlink package cannot be loaded, tsip's own sockets stand in for it: .*netlink\.node/m,
    );
    assert.match(stderr, /^received: NLMSG_ERROR/m);
    assert.equal(status, 0);
    assert.deepEqual(inside(program, 'link', 'set', 'lo', 'up'), { stdout: '', stderr: '', status: 0 });
  });

  it('the library watches on them, and the process ends when they are closed', () => {
    const { stdout, stderr } = inside(process.execPath, '--input-type=module', '-e', LIBRARY);
    assert.equal(stdout + stderr, 'link set br0 true\n');
  });
});
