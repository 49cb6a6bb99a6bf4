/** The schemas of --strict-json: sound themselves, in the package, and true of everything that the fixtures show. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { LINK_KINDS } from '../src/rtnetlink/kinds/index.ts';
import { ours } from './capture.ts';
import { fixtureFolders, fixturesFolder, repliesOf, viewsOf } from './fixtures.ts';
import { repository } from './requirements.ts';
import { assertDescribed, readSchema, schemaNames } from './strict-schemas.ts';

/** The schema of the records of a fixture, by its folder. */
const schemas: Readonly<Record<string, string>> = { nsid: 'netns-id' };

describe('the schemas of --strict-json', () => {
  for (const folder of fixtureFolders()) {
    if (!existsSync(join(folder, 'reply.hex'))) continue;
    const path = relative(fixturesFolder, folder);
    it(`describe what is shown of ${path}`, async () => {
      const object = path.split('/')[0]!;
      for (const { words } of viewsOf(folder)) {
        const { stdout, stderr } = await ours(['--strict-json', ...words], { replies: repliesOf(folder) });
        const name = `${schemas[object] ?? object}${words.includes('-br') ? '-brief' : ''}`;
        assertDescribed(stdout, name, `ip ${words.join(' ')}`);
        assert.equal(stderr, '');
      }
    });
  }

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
    const missing = LINK_KINDS.filter(
      ({ table, isSilent }) => isSilent !== true && Object.keys(table.rows).length > 0,
    ).map(({ name }) => name as string);
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
      ['{"text":"no code"}', 'error'],
      ['{"event":"new","object":"link","data":{"name":"no device"}}', 'monitor'],
    ];
    for (const [text, schema] of wrong) assert.throws(() => assertDescribed(text, schema, 'this'), text);
  });
});
