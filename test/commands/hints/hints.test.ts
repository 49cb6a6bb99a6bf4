/** Hints one by one: from what failed, in surroundings that are made up, to one line. */

import assert from 'node:assert/strict';
import { CommandFailed } from '../../../src/commands/frame/report.ts';
import { hintFor } from '../../../src/commands/hints/hint.ts';
import type { Identity, SystemView } from '../../../src/commands/hints/system-view.ts';
import { OBJECTS } from '../../../src/commands/objects.ts';
import { type ExtendedAck, KernelError, SystemError } from '../../../src/kernel/system/errors.ts';
import { NLM_F_CREATE, NLM_F_EXCL } from '../../../src/linux/netlink.ts';
import { RTM_NEWADDR, RTM_NEWLINK, RTM_NEWROUTE } from '../../../src/linux/rtnetlink.ts';
import { encodeKind } from '../../../src/rtnetlink/kind.ts';
import type { LinkAttributes } from '../../../src/rtnetlink/link.ts';
import { addressRequest, linkRequest, routeRequest } from '../../../src/rtnetlink/request.ts';
import { UsageError } from '../../../src/schema/args.ts';
import { distance, nearest } from '../../../src/schema/nearest.ts';
import { LINK_KINDS } from '../../rtnetlink/kinds/list.ts';

const EPERM = 1;
const ENOENT = 2;
const EEXIST = 17;
const EINVAL = 22;
const EOPNOTSUPP = 95;
const ENETUNREACH = 101;

const root: Identity = {
  user: 0,
  hasNetAdmin: true,
  hasSysAdmin: true,
  userNamespace: 'user:[1]',
  owner: 'user:[1]',
};

/** A device `v0` and a namespace `red` with a device `inner`; `old` is stale. */
function around(who: Partial<Identity> = {}): SystemView {
  const devices: Readonly<Record<string, readonly string[]>> = {
    '': ['lo', 'v0', 'br-lan'],
    red: ['lo', 'inner'],
  };
  return {
    devices: namespace => devices[namespace ?? ''] ?? [],
    devicesOutside: () => ['lo', 'outer'],
    device: (name, namespace) =>
      devices[namespace ?? '']?.includes(name)
        ? {
            name,
            kind: name === 'lo' ? undefined : 'veth',
            isUp: name === 'v0',
            ...(namespace === undefined ? {} : { namespace }),
          }
        : undefined,
    nameOfDevice: index => [undefined, 'lo', 'v0', 'br-lan'][index],
    addresses: async index => (index === 2 ? ['10.0.0.1/24', 'fd00::1/64'] : []),
    routes: async () => [],
    isProgram: name => name === 'ping',
    isProcess: pid => pid === 1,
    namespaces: () => ['red', 'blue', 'old'],
    entry: name => (name === 'old' ? 'file' : ['red', 'blue'].includes(name) ? 'namespace' : 'absent'),
    identity: () => ({ ...root, ...who }),
    owner: () => undefined,
    variable: () => undefined,
  };
}

function hint(line: string, error: unknown, who?: Partial<Identity>): Promise<string | undefined> {
  return hintFor({ words: line.split(' '), error }, around(who));
}

const CREATE = { type: RTM_NEWLINK, flags: NLM_F_CREATE | NLM_F_EXCL };

function linkError(errno: number, attributes: LinkAttributes, ack: ExtendedAck = {}): KernelError {
  return new KernelError(errno, Buffer.from(linkRequest(CREATE, {}, attributes).finish(1)), ack);
}

function vethWithPeer(ifname: string, peer: string): LinkAttributes {
  const kind = LINK_KINDS.find(({ name }) => name === 'veth')!;
  const header = { family: 0, type: 0, index: 0, flags: 0, change: 0 };
  const data = encodeKind(kind as never, { peer: { header, attributes: { ifname: peer } } });
  return { ifname, linkinfo: { kind: 'veth', data } };
}

describe('hints say', () => {
  it('which device has the name, or that of the peer, and where', async () => {
    const plain = linkError(EEXIST, { ifname: 'v0', linkinfo: { kind: 'bridge' } });
    assert.equal(
      await hint('link add v0 type bridge', plain),
      'there is a device "v0" already: a veth, up, in this namespace',
    );
    const peer = linkError(EEXIST, vethWithPeer('new', 'v0'));
    assert.equal(
      await hint('link add new type veth peer name v0', peer),
      'there is a device "v0" already: a veth, up, in this namespace',
    );
    const inside = linkError(EEXIST, { ifname: 'inner', linkinfo: { kind: 'veth' } });
    assert.equal(
      await hint('link add inner netns red type veth', inside),
      'there is a device "inner" already: a veth, down, in the namespace red',
    );
  });

  it('what else exists already', async () => {
    const address = new KernelError(EEXIST, Buffer.from(addressRequest({ type: RTM_NEWADDR }).finish(1)));
    assert.match(
      (await hint('addr add 10.0.0.1/8 dev v0', address))!,
      /^the device has this address already/,
    );
    const route = new KernelError(EEXIST, Buffer.from(routeRequest({ type: RTM_NEWROUTE }).finish(1)));
    assert.match(
      (await hint('route add default dev v0', route))!,
      /^there is a route to this prefix with this metric/,
    );
    const named = (name: string) =>
      new SystemError(`Cannot create namespace file "/run/netns/${name}"`, EEXIST);
    assert.equal(await hint('netns add red', named('red')), 'there is a namespace "red" already');
    assert.match((await hint('netns add old', named('old')))!, /^"old" is a file without a namespace/);
  });

  it('which capability is missing, and in which user namespace', async () => {
    const refused = linkError(EPERM, { ifname: 'x' });
    const without = { user: 1000, hasNetAdmin: false, hasSysAdmin: false };
    assert.match(
      (await hint('link add x type veth', refused, without))!,
      /^this takes CAP_NET_ADMIN in user:\[1\], which user 1000/,
    );
    assert.match(
      (await hint('netns add x', new SystemError('mount --make-shared /run/netns failed', EPERM), without))!,
      /^this takes CAP_SYS_ADMIN in user:\[1\]/,
    );
    assert.match(
      (await hint('link add x type veth', refused, { userNamespace: 'user:[2]', owner: undefined }))!,
      /^CAP_NET_ADMIN is held in user:\[2\], but this network namespace belongs to a user namespace outside of ours/,
    );
    assert.equal(await hint('link add x type veth', refused), undefined);
  });

  it('that an entry of the run directory is stale, or which names there are', async () => {
    const stale = new SystemError('setting the network namespace "old" failed', EINVAL);
    assert.match((await hint('link', stale))!, /^"old" is stale/);
    assert.match((await hint('netns exec old true', new CommandFailed(255, stale)))!, /^"old" is stale/);
    const missing = (name: string) => new SystemError(`Cannot open network namespace "${name}"`, ENOENT);
    assert.equal(await hint('link', missing('rde')), 'there is no namespace "rde"; did you mean "red"?');
    assert.equal(
      await hint('link', missing('green')),
      'there is no namespace "green"; there are red, blue, old',
    );
    const word = new UsageError('Error: argument "blu" is wrong: Invalid "netns" value\n', 255);
    assert.equal(
      await hint('link set v0 netns blu', word),
      'there is no namespace "blu"; did you mean "blue"?',
    );
    assert.match(
      (await hint('netns pids gone', new SystemError('Cannot open network namespace', ENOENT)))!,
      /"gone"/,
    );
    assert.match(
      (await hint(
        'netns delete blue2',
        new SystemError('Cannot remove namespace file "/run/netns/blue2"', ENOENT),
      ))!,
      /did you mean "blue"/,
    );
  });

  it('that a name was read as a keyword, even where nothing failed', async () => {
    const eaten = '"br" was read as the keyword "broadcast"; a device of that name is written \'name br\'';
    assert.equal(await hint('link add br type bridge', new UsageError('"type" is invalid lladdr.')), eaten);
    assert.match(
      (await hint('link set m up', new UsageError('Error: argument "up" is wrong')))!,
      /"master".*'dev m'/,
    );
    assert.match(
      (await hint('link add no type veth', undefined))!,
      /^"no" was read as the keyword "nomaster"/,
    );
    assert.equal(await hint('link add master v0', new UsageError('x')), undefined);
    assert.equal(await hint('link add zz type veth', undefined), undefined);
    assert.equal(await hint('link set ql up', new UsageError('x')), undefined);
    assert.equal(await hint('link add li v0 type vlan id 5', undefined), undefined);
    const nameless = new UsageError('Error: argument "(null)" is wrong: Invalid "link-netns" value\n');
    assert.match((await hint('link add link-n type veth', nameless))!, /^"link-n" .* "link-netns";/);
    assert.equal(await hint('link add v0 link-netns', nameless), undefined);
  });

  it('where a device of that name is, or which has a similar one', async () => {
    const found = new UsageError('Cannot find device "inner"');
    assert.equal(
      await hint('link set inner up', found),
      'there is a device "inner" in the namespace red: tsip -n red ...',
    );
    assert.equal(
      await hint('addr add 10.0.0.1/24 dev outer', new UsageError('Cannot find device "outer"')),
      `there is no device "outer" here, but in the namespace outside: there, 'link set outer netns NAME' moves it`,
    );
    const similar = new UsageError('Device "br-lna" does not exist.');
    assert.equal(
      await hint('link show br-lna', similar),
      'there is no device "br-lna" here; did you mean "br-lan"?',
    );
    assert.equal(
      await hint('link show qqqqqq', new UsageError('Device "qqqqqq" does not exist.')),
      'there is no device "qqqqqq" here; there are lo, v0, br-lan',
    );
  });

  it('that the kernel has no such kind, or which was meant', async () => {
    const reason = { reason: 'Unknown device type' };
    assert.equal(
      await hint('link add x type brige', linkError(EOPNOTSUPP, { linkinfo: { kind: 'brige' } }, reason)),
      '"brige" is no kind of device; did you mean "bridge"?',
    );
    assert.equal(
      await hint('link add x type vlan id 1', linkError(EOPNOTSUPP, { linkinfo: { kind: 'vlan' } }, reason)),
      'this kernel has no devices of kind "vlan": its module 8021q is not there',
    );
  });

  it('that no device leads to a gateway', async () => {
    const request = routeRequest({ type: RTM_NEWROUTE }, { family: 2 }, { gateway: '10.9.9.9' });
    const error = new KernelError(ENETUNREACH, Buffer.from(request.finish(1)));
    assert.match(
      (await hint('route add default via 10.9.9.9', error))!,
      /^10\.9\.9\.9 is in the network of no device/,
    );
  });

  it('which word was meant', async () => {
    const cases: readonly (readonly [line: string, complaint: string, meant: string])[] = [
      ['lnik', 'Object "lnik" is unknown, try "ip help".', 'link'],
      ['link sohw', 'Command "sohw" is unknown, try "ip link help".', 'show'],
      ['netns list-all', 'Command "list-all" is unknown, try "ip netns help".', 'list'],
      ['route flsuh', 'Command "flsuh" is unknown, try "ip route help".', 'flush'],
      ['link', 'Option "-detials" is unknown, try "ip -help".', '--details'],
      ['link add x type vxlan locla 1', 'vxlan: unknown command "locla"?\nUsage: ...', 'local'],
      ['addr show dev v0 scoep link', 'Error: either "dev" is duplicate, or "scoep" is garbage.', 'scope'],
      ['monitor linkk', 'Argument "linkk" is unknown, try "ip monitor help".', 'link'],
    ];
    for (const [line, complaint, meant] of cases)
      assert.equal(await hint(line, new UsageError(complaint, 255)), `did you mean "${meant}"?`, line);
    assert.equal(await hint('qqqq', new UsageError('Object "qqqq" is unknown, try "ip help".')), undefined);
  });

  it('how a line of a batch may begin with a namespace', async () => {
    const error = new UsageError('Object "-n" is unknown, try "ip help".');
    const text = 'with --line-netns, a line of a batch may begin with a network namespace';
    assert.equal(await hint('-n red link', error), text);
    assert.equal(await hint('-6 route', new UsageError('Object "-6" is unknown, try "ip help".')), undefined);
  });

  it('which attribute the kernel refused', async () => {
    const request = Buffer.from(linkRequest(CREATE, {}, { mtu: 9, ifname: 'x' }).finish(1));
    const offset = request.indexOf(Buffer.from([8, 0, 4, 0]));
    const error = new KernelError(EINVAL, request, { offset, reason: 'too small' });
    assert.equal(await hint('link set x mtu 9', error), 'what the kernel refused is IFLA_MTU (mtu)');
  });

  it('nothing where nothing is known, whatever happens on the way', async () => {
    assert.equal(
      await hint('link set v0 mtu 9', new KernelError(EINVAL, Buffer.alloc(0), { offset: 99 })),
      undefined,
    );
    assert.equal(await hint('', new CommandFailed()), undefined);
    const broken = { ...around(), devices: () => assert.fail('broken') };
    assert.equal(
      await hintFor({ words: [], error: new UsageError('Cannot find device "x"') }, broken),
      undefined,
    );
  });

  it('one line, whatever is in names', async () => {
    const error = new UsageError('Object "lin\nk" is unknown, try "ip help".');
    assert.doesNotMatch((await hint('x', error)) ?? '', /\n/);
  });
});

describe('the nearest word', () => {
  it('counts letters put in, left out, replaced and exchanged', async () => {
    const cases: readonly (readonly [string, string, number])[] = [
      ['', '', 0],
      ['a', '', 1],
      ['ab', 'ba', 1],
      ['link', 'lnik', 1],
      ['address', 'adress', 1],
      ['route', 'rule', 2],
      ['abc', 'xyz', 3],
    ];
    for (const [one, other, changes] of cases) {
      assert.equal(distance(one, other), changes);
      assert.equal(distance(other, one), changes);
    }
  });

  it('is none that is far, and the first of several', async () => {
    assert.equal(nearest('xyzzy', ['link', 'route']), undefined);
    assert.equal(nearest('v1', ['v0', 'v2']), 'v0');
    assert.equal(nearest('v0', ['v0']), undefined);
  });

  it('is looked for among the commands of every object, as they are offered to TAB', async () => {
    const names = OBJECTS.filter(({ run, name }) => run !== undefined && name !== 'monitor').map(
      ({ name }) => name,
    );
    for (const name of names) {
      const complaint = new UsageError(`Command "hepl" is unknown, try "ip ${name} help".`);
      assert.equal(await hint(`${name} hepl`, complaint), 'did you mean "help"?', name);
    }
  });
});
