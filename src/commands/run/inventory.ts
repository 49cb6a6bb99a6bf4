/** What there is before and after a run, for its summary. */
import { systemKernel } from '../../kernel/kernel.ts';
import { readRegistry } from '../../namespaces/inventory/registry.ts';
import { readTopology } from '../../namespaces/inventory/topology.ts';
import { listNames } from '../../namespaces/named.ts';
import type { Inventory } from './report.ts';

/** Named namespaces, and the devices of all namespaces that can be found. */
export async function readInventory(): Promise<Inventory> {
  const { namespaces } = readRegistry(systemKernel);
  const contents = await readTopology(namespaces);
  return {
    namespaces: listNames().sort(),
    devices: contents.flatMap(({ namespace, devices }) =>
      devices
        .filter(({ link }) => link.ifname !== 'lo')
        .map(({ link }) => `${namespace.label}: ${link.ifname ?? `if${link.header.index}`}`),
    ),
  };
}
