// An IPsec tunnel between two namespaces that pings, by the library: node tunnel.mjs, as root or under unshare -r -n -m.
// Ends with 0 when the ping came back by the tunnel, with 77 where the kernel has no ESP.
import { randomBytes } from 'node:crypto';
import { KernelError, Namespace } from 'tsip';

const NO_ESP = 77;

/** A namespace with a network behind it. */
async function host(outer, inner) {
  const namespace = await Namespace.create();
  return { namespace, network: await namespace.network(), outer, inner };
}

/** Packets from the network of one to that of the other must come through a tunnel. */
async function addPolicies(here, there) {
  const { policies } = here.network.xfrm;
  const tunnel = (source, destination) => [
    { source, destination, protocol: 'esp', mode: 'tunnel', reqid: 1 },
  ];
  await policies.add({
    direction: 'out',
    selector: { source: here.inner, destination: there.inner },
    templates: tunnel(here.outer, there.outer),
  });
  for (const direction of ['in', 'fwd']) {
    await policies.add({
      direction,
      selector: { source: there.inner, destination: here.inner },
      templates: tunnel(there.outer, here.outer),
    });
  }
}

/** One direction of the tunnel: the same keys on both hosts. */
async function addState(from, to, spi) {
  const state = {
    source: from.outer,
    destination: to.outer,
    protocol: 'esp',
    mode: 'tunnel',
    spi,
    reqid: 1,
    encryption: { name: 'cbc(aes)', key: randomBytes(16) },
    authentication: { name: 'hmac(sha256)', key: randomBytes(32), icv_bits: 128 },
  };
  for (const { network } of [from, to]) await network.xfrm.states.add(state);
}

const left = await host('192.0.2.1', '10.1.0.1');
const right = await host('192.0.2.2', '10.2.0.1');
try {
  await left.network.links.add({
    kind: 'veth',
    name: 'l0',
    up: true,
    peer: { name: 'r0', namespace: right.namespace },
  });
  for (const [{ network, outer, inner }, other, device] of [
    [left, right, 'l0'],
    [right, left, 'r0'],
  ]) {
    await network.links.change('lo', { up: true });
    await network.links.change(device, { up: true });
    await network.addresses.add({ device, address: `${outer}/24` });
    await network.addresses.add({ device: 'lo', address: inner });
    await network.routes.add({ destination: other.inner, gateway: other.outer, source: inner });
  }
  await addPolicies(left, right);
  await addPolicies(right, left);
  for (const { direction, selector } of await left.network.xfrm.policies.all())
    console.log(`${direction} ${selector.source} to ${selector.destination}`);

  await addState(left, right, 0x1001);
  await addState(right, left, 0x1002);
  const { stdout } = await left.namespace.exec('ping', ['-c', '3', '-i', '0.2', '-W', '5', right.inner]);
  process.stdout.write(stdout);
  for (const { spi, use } of await left.network.xfrm.states.all())
    console.log(`SPI ${spi}: ${use.packets} packets, ${use.bytes} bytes`);
} catch (error) {
  if (!(error instanceof KernelError) || error.code !== 'EPROTONOSUPPORT') throw error;
  console.error(`${error.message}\nThis kernel has no ESP: the policies are there, and no packet passes.`);
  process.exitCode = NO_ESP;
} finally {
  for (const { namespace, network } of [left, right]) {
    network.close();
    await namespace[Symbol.asyncDispose]();
  }
}
