/** What a lab becomes without being made: a map, and a topology of containerlab. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { ipWords } from '../../src/commands/lab/ip-words.ts';
import { mapOfModel } from '../../src/commands/lab/map.ts';
import { containerlabFile } from '../../src/lab/export/containerlab.ts';
import { loadLab } from '../../src/lab/load.ts';
import { svgText } from '../../src/layouts/map/svg.ts';
import { repository } from '../support/requirements.ts';

const ROUTER = 'examples/labs/router.yaml';

describe('a lab that is not made', () => {
  it('is drawn with its networks, nodes and addresses', async () => {
    const { namespaces } = await mapOfModel(await loadLab(ROUTER, ipWords));
    assert.deepEqual(
      namespaces.map(({ label }) => label),
      ['networks', 'r1', 'h1', 'h2'],
    );
    const h1 = namespaces[2]!.devices[0]!;
    assert.deepEqual(
      [h1.name, h1.addresses.map(({ address }) => address), h1.peer?.namespace, h1.peer?.device],
      ['eth0', ['10.0.1.11'], 'networks', 'h1.eth0'],
    );
    const port = namespaces[0]!.devices.find(({ name }) => name === 'h1.eth0')!;
    assert.deepEqual([port.master, port.peer?.namespace], ['lan', 'h1']);
  });

  it('is the picture of README.md', async () => {
    const readme = readFileSync(resolve(repository, 'README.md'), 'utf8');
    const [, text] = /^## Labs$.*?^```yaml\n(.*?)^```$/ms.exec(readme)!;
    const map = await mapOfModel(await loadLab(parse(text!), ipWords));
    const detail = { addresses: true, processes: false, all: false, ascii: false };
    const picture = resolve(repository, 'man/lab.svg');
    if (process.env['TSIP_RECORD']) writeFileSync(picture, svgText(map, detail));
    assert.equal(svgText(map, detail), readFileSync(picture, 'utf8'));
  });

  it('is a topology of containerlab, and what that does not say is listed', async () => {
    const { text, lost } = containerlabFile(await loadLab(ROUTER, ipWords));
    const { name, topology } = parse(text);
    assert.equal(name, 'router');
    assert.deepEqual(Object.keys(topology.nodes), ['r1', 'h1', 'h2', 'lan', 'wan']);
    assert.ok(topology.nodes.h1.exec.includes('ip address add 10.0.1.11/24 dev eth0'));
    assert.ok(topology.nodes.h1.exec.includes('ip route replace default via 10.0.1.1'));
    assert.ok(topology.nodes.lan.exec.includes('ip link set h1.eth0 master lan up'));
    assert.deepEqual(topology.nodes.r1.sysctls, {
      'net.ipv4.ip_forward': '1',
      'net.ipv6.conf.all.forwarding': '1',
    });
    assert.ok(
      topology.links.some(
        ({ endpoints }: { endpoints: string[] }) => endpoints.join() === 'lan:h1.eth0,h1:eth0',
      ),
    );
    assert.ok(lost.includes('check: h1 ping h2'));
  });
});
