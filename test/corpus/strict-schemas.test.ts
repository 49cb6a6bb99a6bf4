/** The schemas of --strict-json: sound themselves, in the package, and true of everything that the fixtures show. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { showJson } from '../../src/layouts/map/json.ts';
import type { HostMap } from '../../src/layouts/map/model.ts';
import { jsonOutput } from '../../src/output/json.ts';
import { LINK_KINDS } from '../rtnetlink/kinds/list.ts';
import { ours } from '../support/capture/capture.ts';
import { fixtureFolders, fixturesFolder, repliesOf, viewsOf } from '../support/capture/fixtures.ts';
import { repository } from '../support/requirements.ts';
import { assertDescribed, readSchema, schemaNames } from '../support/strict-schemas.ts';

/** The schema of the records of a fixture, by its folder. */
const schemas: Readonly<Record<string, string>> = {
  nsid: 'netns-id',
  tcp_metrics: 'tcp-metrics',
  mptcp: 'mptcp-endpoint',
  sr: 'sr-hmac',
  'ioam/namespace': 'ioam-namespace',
  'ioam/schema': 'ioam-schema',
  'l2tp/tunnel': 'l2tp-tunnel',
  'l2tp/session': 'l2tp-session',
};

/** A map that leaves nothing out. */
const everything: HostMap = {
  namespaces: [
    {
      label: 'red',
      isCurrent: true,
      inode: 4026532178,
      names: ['red'],
      paths: ['/run/netns/red'],
      nsid: 5,
      owner: { userNamespace: 4026531837, uid: 0 },
      containers: [
        { runtime: 'docker', id: '0123456789ab' },
        { runtime: undefined, id: '0123456789ac' },
      ],
      processes: [{ pid: 1, thread: 2, command: 'init' }],
      problem: 'Operation not permitted',
      devices: [
        {
          name: 'v0',
          index: 2,
          kind: 'veth',
          status: 'no carrier',
          operationState: 'LOWERLAYERDOWN',
          mtu: 1500,
          hardwareAddress: '02:00:00:00:00:01',
          alias: 'an alias',
          alternativeNames: ['another'],
          master: 'br0',
          addresses: [
            { family: 'inet', address: '10.0.0.1', prefixLength: 32, peer: '10.0.0.2', scope: 'other' },
          ],
          peer: { relation: 'lower', namespace: 'blue', nsid: 0, index: 3, device: 'v1' },
          uppers: [{ namespace: 'blue', device: 'mv0' }],
        },
      ],
    },
  ],
  stale: [{ path: '/run/netns/old', reason: 'no namespace' }],
  unreadable: [{ path: '/run/docker/netns', reason: 'Permission denied' }],
  hiddenProcesses: 3,
};

describe('the schemas of --strict-json', () => {
  for (const folder of fixtureFolders()) {
    if (!existsSync(join(folder, 'reply.hex'))) continue;
    const path = relative(fixturesFolder, folder);
    it(`describe what is shown of ${path}`, async () => {
      const object = path.split('/')[0]!;
      for (const { words } of viewsOf(folder)) {
        const { stdout, stderr } = await ours(['--strict-json', ...words], { replies: repliesOf(folder) });
        const name = `${schemas[path] ?? schemas[object] ?? object}${words.includes('-br') ? '-brief' : ''}`;
        assertDescribed(stdout, name, `ip ${words.join(' ')}`);
        assert.equal(stderr, '');
      }
    });
  }

  it('describe the map of the lab, and one of everything that the lab does not have', () => {
    assertDescribed(readFileSync(join(fixturesFolder, 'map/map.json'), 'utf8'), 'map', 'the lab');
    let text = '';
    const write = (part: string) => {
      text += part;
    };
    showJson(everything, jsonOutput({ write, flush: () => undefined }, false));
    assertDescribed(text, 'map', 'the map');
    assertDescribed(`[${text}]`, 'map', 'the map in a list');
    const described = readSchema('map')['$defs'];
    const shown = JSON.parse(text);
    const [{ links }] = shown.namespaces;
    for (const [name, value] of Object.entries({
      map: shown,
      namespace: shown.namespaces[0],
      link: links[0],
      address: links[0].addr_info[0],
      peer: links[0].peer,
    }))
      assert.deepEqual(Object.keys(value).sort(), Object.keys(described[name].properties).sort(), name);
  });

  it('stand in the package under their names', () => {
    const { exports, files } = JSON.parse(readFileSync(resolve(repository, 'package.json'), 'utf8'));
    assert.equal(exports['./schema/*'], './schemas/*');
    assert.ok(files.includes('schemas'));
    for (const name of schemaNames) {
      const schema = readSchema(name);
      assert.equal(schema.$schema, 'https://json-schema.org/draft/2020-12/schema');
      assert.equal(schema['$id'], `tsip:schema/${name}.json`);
      assert.ok(schema['title'] && schema['description'], name);
    }
  });

  it('are all named in the manual page', () => {
    const page = readFileSync(resolve(repository, 'man/tsip-json.8'), 'utf8');
    for (const name of schemaNames) assert.ok(page.includes(`${name}.json`), name);
  });

  it('know the parameters of every kind that has some for programs', () => {
    const known = Object.keys(readSchema('link-kinds')['$defs']);
    const missing = LINK_KINDS.filter(({ hasDetails }) => hasDetails).map(({ name }) => name as string);
    assert.deepEqual(
      missing.filter(name => !known.includes(name)),
      [],
    );
  });

  it('refuse what is not so', () => {
    const wrong: readonly (readonly [text: string, schema: string])[] = [
      ['', 'link'],
      ['[]\n[]', 'link'],
      ['{}', 'link'],
      ['[{}]', 'link'],
      ['[{"ifindex":"1","ifname":"lo","flags":[]}]', 'link'],
      ['[{"ifindex":1,"ifname":"lo","flags":[],"nonsense":1}]', 'link'],
      [
        '[{"ifindex":1,"ifname":"x","flags":[],"linkinfo":{"info_kind":"vlan","info_data":{"id":"7"}}}]',
        'link',
      ],
      ['[{"ifname":"x","mode":"gre/ip","remote":"0.0.0.0","local":"0.0.0.0","key":"7"}]', 'tunnel'],
      ['{"namespaces":[],"stale":[],"unreadable":[]}', 'map'],
      ['{"namespaces":[],"stale":[],"unreadable":[],"hidden_processes":0,"nonsense":1}', 'map'],
      ['{"text":"no code"}', 'error'],
      ['{"event":"new","object":"link","data":{"name":"no device"}}', 'monitor'],
    ];
    for (const [text, schema] of wrong) assert.throws(() => assertDescribed(text, schema, 'this'), text);
  });
});
