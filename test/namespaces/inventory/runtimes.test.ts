/** Containers by name, out of files as Docker and Podman write them. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { containerNamed } from '../../../src/namespaces/inventory/runtimes.ts';

const WEB = 'a1'.repeat(32);
const DATABASE = 'b2'.repeat(32);

describe('a container by name', () => {
  const root = mkdtempSync(join(tmpdir(), 'tsip-runtimes-'));
  after(() => rmSync(root, { recursive: true }));
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };

  before(() => {
    put(
      `var/lib/docker/containers/${WEB}/config.v2.json`,
      JSON.stringify({
        StreamConfig: {},
        State: { Running: true, Paused: false, Pid: 4711, ExitCode: 0 },
        ID: WEB,
        Created: '2026-11-01T10:00:00.000000000Z',
        Path: 'nginx',
        Config: { Hostname: 'a1a1a1a1a1a1', Image: 'nginx' },
        Name: '/web',
        Driver: 'overlay2',
      }),
    );
    put(`var/lib/docker/containers/${'c3'.repeat(32)}/config.v2.json`, '{"Name": 7, "State": []');
    put(
      'var/lib/containers/storage/overlay-containers/containers.json',
      JSON.stringify([
        {
          id: DATABASE,
          names: ['db', 'postgres'],
          image: 'd4',
          layer: 'e5',
          created: '2026-11-01T10:00:00Z',
        },
        { id: '../../etc', names: ['evil'] },
        null,
      ]),
    );
    put(`run/containers/storage/overlay-containers/${DATABASE}/userdata/pidfile`, '815\n');
  });

  it('of Docker and of Podman, with its first process', () => {
    assert.deepEqual(containerNamed('docker', 'web', root), { id: WEB, pid: 4711 });
    assert.deepEqual(containerNamed('podman', 'db', root), { id: DATABASE, pid: 815 });
    assert.deepEqual(containerNamed('podman', 'postgres', root), { id: DATABASE, pid: 815 });
  });

  it('is none where the name, the runtime or its files are others', () => {
    assert.equal(containerNamed('docker', 'db', root), undefined);
    assert.equal(containerNamed('podman', 'web', root), undefined);
    assert.equal(containerNamed('podman', 'evil', root), undefined);
    assert.equal(containerNamed('docker', 'web', join(root, 'elsewhere')), undefined);
  });
});
