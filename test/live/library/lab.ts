/** What the library's tests in private namespaces share: two namespaces joined by a pair of devices. */
import { Namespace, Network } from '../../../src/index.ts';

export interface Lab {
  readonly red: Namespace;
  readonly blue: Namespace;
  /** The networks of both. */
  readonly here: Network;
  readonly there: Network;
}

/** Runs `test` with r0 (10.0.0.1) in red and b0 (10.0.0.2) in blue; nothing of them is left afterwards. */
export async function withLab(test: (lab: Lab) => Promise<void>): Promise<void> {
  await using red = await Namespace.create('red');
  await using blue = await Namespace.create('blue');
  await using here = await red.network();
  await using there = await Network.open({ namespace: 'blue' });
  await here.links.add({ kind: 'veth', name: 'r0', up: true, peer: { name: 'b0', namespace: blue } });
  await there.links.change('b0', { up: true });
  await here.addresses.add({ device: 'r0', address: '10.0.0.1/24' });
  await there.addresses.add({ device: 'b0', address: '10.0.0.2/24' });
  await test({ red, blue, here, there });
}

/** The network of a new namespace without name. */
export async function withNetwork(test: (network: Network) => Promise<void>): Promise<void> {
  await using namespace = await Namespace.create();
  await using network = await namespace.network();
  await test(network);
}
