/** Lab files: the code made of the schema, variables, templates, copies and cables. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ipWords } from '../../src/commands/lab/ip-words.ts';
import { evaluate, substitute } from '../../src/lab/format/expression.ts';
import { defineLab, type LabFile } from '../../src/lab/format/shape.ts';
import { loadLab } from '../../src/lab/load.ts';
import type { LabModel } from '../../src/lab/model.ts';
import { repository } from '../support/requirements.ts';

const load = (file: LabFile, options = {}) => loadLab(file, ipWords, options);

/** Addresses of each device, as `NODE:DEVICE`. */
function addresses({ nodes }: LabModel): Record<string, string[]> {
  return Object.fromEntries(
    nodes.flatMap(({ name, devices }) =>
      devices.map(device => [`${name}:${device.name}`, device.addresses.map(({ text }) => text)]),
    ),
  );
}

describe('lab files', () => {
  it('are checked by code that is made of the schema as it is', async () => {
    const module = '../../src/build/lab-schema.mjs';
    const { GENERATED, schemaCheck } = (await import(module)) as {
      GENERATED: string;
      schemaCheck(): Promise<string>;
    };
    assert.equal(readFileSync(GENERATED, 'utf8'), await schemaCheck());
  });

  it('have numbered copies with expressions', async () => {
    const model = await load(
      defineLab({
        vars: { base: 10 },
        networks: { front: {} },
        templates: { app: { devices: { eth0: { to: 'front', mtu: '${1000 + base * 10}' } } } },
        nodes: {
          web: { count: 3, template: 'app', devices: { eth0: { address: '10.1.0.${base + i}/24' } } },
          db: { count: 2, start: 0, devices: { eth0: { to: 'front', address: '10.1.0.${100 + i}/24' } } },
        },
      }),
      { vars: { base: 20 } },
    );
    assert.deepEqual(addresses(model), {
      'web1:eth0': ['10.1.0.21/24'],
      'web2:eth0': ['10.1.0.22/24'],
      'web3:eth0': ['10.1.0.23/24'],
      'db0:eth0': ['10.1.0.100/24'],
      'db1:eth0': ['10.1.0.101/24'],
    });
    assert.equal(model.nodes[0]!.devices[0]!.mtu, 1200);
  });

  it('have cables with names of devices that are free', async () => {
    const model = await load({
      nodes: { a: null, b: null, c: null },
      links: ['a -- b', 'b:x 10.0.0.1/30 -- a 10.0.0.2/30', 'c -- a'],
    });
    assert.deepEqual(addresses(model), {
      'a:eth0': [],
      'a:eth1': ['10.0.0.2/30'],
      'a:eth2': [],
      'b:eth0': [],
      'b:x': ['10.0.0.1/30'],
      'c:eth0': [],
    });
  });

  it('give every device the same link-layer address each time, and each its own', async () => {
    const lab: LabFile = { nodes: { a: {}, b: {} }, links: ['a -- b'] };
    const macs = (model: LabModel) => model.nodes.map(({ devices }) => devices[0]!.mac);
    const one = macs(await load(lab, { name: 'one' }));
    assert.deepEqual(macs(await load(lab, { name: 'one' })), one);
    assert.notDeepEqual(macs(await load(lab, { name: 'other' })), one);
    assert.notEqual(one[0], one[1]);
    assert.match(one[0]!, /^.[26ae]:/);
  });

  it('include others, whose maps they are laid over', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tsip-lab-'));
    try {
      writeFileSync(
        join(folder, 'base.yaml'),
        'networks: {lan: {mtu: 1400}}\nnodes: {a: {devices: {e: {to: lan}}}}\n',
      );
      const file = join(folder, 'top.json');
      writeFileSync(
        file,
        '{"include": "base.yaml", "nodes": {"a": {"devices": {"e": {"mtu": 1300}}}, "b": {}}}',
      );
      const model = await loadLab(file, ipWords);
      assert.equal(model.name, 'top');
      assert.deepEqual(
        model.nodes.map(({ name }) => name),
        ['a', 'b'],
      );
      assert.equal(model.nodes[0]!.devices[0]!.mtu, 1300);
      writeFileSync(join(folder, 'base.yaml'), 'nodes: {a: {forwrad: true}}\n');
      await assert.rejects(loadLab(file, ipWords), error =>
        (error as Error).message.startsWith(`${folder}/base.yaml:1:13: nodes.a.forwrad: `),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('show the line of a problem with a caret under it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tsip-lab-'));
    try {
      const file = join(folder, 'x.yaml');
      writeFileSync(file, 'nodes:\n  h1:\n    routs: [default via 10.0.0.1]\n');
      await assert.rejects(loadLab(file, ipWords), {
        message: [
          `${file}:3:5: nodes.h1.routs: "routs" is not known here; did you mean "routes"?`,
          '        routs: [default via 10.0.0.1]',
          '        ^~~~~',
        ].join('\n'),
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('may be large', async () => {
    const nodes = {
      h: { count: 300, devices: { e: { to: 'lan', address: '10.0.${i / 250}.${i % 250}/16' } } },
    };
    const model = await load({ networks: { lan: {} }, nodes });
    assert.equal(model.nodes.length, 300);
  });

  it('say in the schema what the package exports', () => {
    const schema = JSON.parse(readFileSync(resolve(repository, 'schemas/lab.json'), 'utf8')) as {
      $id: string;
    };
    assert.equal(schema.$id, 'tsip:schema/lab.json');
  });
});

describe('expressions', () => {
  const names = new Map<string, string | number | boolean>([
    ['i', 7],
    ['name', 'web7'],
  ]);

  it('count with whole numbers', () => {
    for (const [text, value] of [
      ['1 + 2 * 3', 7],
      ['(1 + 2) * 3', 9],
      ['10 - 3 - 2', 5],
      ['7 / 2', 3],
      ['-i % 4', -3],
      ['i', 7],
      ['name', 'web7'],
    ] as const)
      assert.equal(evaluate(text, names), value, text);
  });

  it('stand in texts, alone as what they are', () => {
    assert.equal(substitute('10.0.0.${i + 1}/24', names), '10.0.0.8/24');
    assert.equal(substitute('${i}', names), 7);
    assert.equal(substitute('$${HOME} ${name}', names), '${HOME} web7');
  });

  it('are refused where they are none', () => {
    for (const text of [
      '',
      '1 +',
      '(1',
      '1 1',
      '1 / 0',
      'j',
      'name + 1',
      '9007199254740993 * 9',
      'a.b',
      '`x`',
    ])
      assert.throws(() => evaluate(text, names), /./, text);
  });
});
