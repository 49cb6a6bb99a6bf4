/** Samples of every setting of the library's calls, for settings.inside.ts, whose networks they are about. */

/** A value of a setting, with others that it needs. */
export class Sample {
  readonly value: unknown;
  readonly others: Readonly<Record<string, unknown>>;
  readonly isList: boolean;

  constructor(value: unknown, others: Readonly<Record<string, unknown>> = {}, isList = false) {
    this.value = value;
    this.others = others;
    this.isList = isList;
  }
}

/** A setting together with others. */
const needs = (value: unknown, others: Readonly<Record<string, unknown>>) => new Sample(value, others);

/** Several values of a setting, each of which is to have an effect. */
const each = (...values: unknown[]) => new Sample(values, {}, true);

/** What states and policies of listings have besides their arguments; what does not name them. */
const OF_LISTED = ['family', 'use', 'attributes', 'of_socket'];
const OF_LISTED_STATES = [
  ...OF_LISTED,
  ...[
    'mode',
    'reqid',
    'seq',
    'replay_window',
    'flags',
    'extra_flags',
    'encryption',
    'authentication',
    'aead',
  ],
  ...['compression', 'selector', 'limits', 'if_id', 'output_mark', 'direction'],
];
const OF_LISTED_POLICIES = [...OF_LISTED, 'action', 'priority', 'flags', 'templates', 'limits'];

/** A call that is tried with each of its settings. */
export interface Case {
  /** Arguments before the one with the settings. */
  readonly before?: readonly unknown[];
  /** Arguments after it. */
  readonly after?: readonly unknown[];
  /** The parameter with the settings; the first one when left out. */
  readonly parameter?: string;
  /** What the call is given in any case. */
  readonly base: object;
  /** Another value of each setting. */
  readonly samples: Readonly<Record<string, unknown>>;
}

/**
 * Settings without a separate effect: members that calls take along because a listed value names its object,
 * the counters, which kernels may send unasked, policies of sockets, and the number of a packet that waits for a state.
 */
export const EXEMPT: Readonly<Record<string, readonly string[]>> = {
  'links.list': ['statistics'],
  'links.all': ['statistics'],
  'mptcp.endpoints.change': ['flags', 'device', 'device_index', 'id', 'address', 'port'],
  'mptcp.endpoints.delete': ['flags', 'device', 'device_index', 'id', 'address', 'port'],
  'xfrm.states.add': OF_LISTED,
  'xfrm.states.change': OF_LISTED,
  'xfrm.states.allocate': ['seq'],
  // The kernel finds a state by its destination, protocol and SPI.
  'xfrm.states.get': ['source', ...OF_LISTED_STATES],
  'xfrm.states.delete': ['source', ...OF_LISTED_STATES],
  'xfrm.policies.add': OF_LISTED,
  'xfrm.policies.replace': OF_LISTED,
  'xfrm.policies.list': ['of_socket'],
  'xfrm.policies.all': ['of_socket'],
  'xfrm.policies.flush': ['of_socket'],
  'xfrm.policies.get': OF_LISTED_POLICIES,
  'xfrm.policies.delete': OF_LISTED_POLICIES,
};

const ADDRESS = {
  device: 'w0',
  valid_lifetime: 1000,
  preferred_lifetime: 500,
  metric: 77,
  protocol: 5,
  scope: 'link',
  label: 'v0:x',
  // Duplicate addresses are looked for on p0 alone, and only there a setting allows their use until then.
  flags: each(
    needs(['optimistic'], { device: 'p0' }),
    ...['home', 'nodad', 'mngtmpaddr', 'noprefixroute', 'autojoin'].map(name => [name]),
  ),
};
const ADDRESS_4 = { ...ADDRESS, address: '10.1.0.2/24', peer: '10.1.0.9/32', broadcast: '10.1.0.255' };
const ADDRESS_6: Case['samples'] = {
  ...ADDRESS,
  address: 'fd01::2/64',
  peer: 'fd02::9/128',
  broadcast: '10.1.0.255',
};
const EXISTING_4 = {
  base: { device: 'v0', address: '10.0.0.1/24' },
  samples: { ...ADDRESS_4, broadcast: '10.0.0.99' },
};
const EXISTING_6 = { base: { device: 'v0', address: 'fd00::1/64' }, samples: ADDRESS_6 };
const NEW_ADDRESSES: readonly Case[] = [
  { base: { device: 'v0', address: '10.1.0.1/24' }, samples: ADDRESS_4 },
  { base: { device: 'v0', address: 'fd01::1/64' }, samples: ADDRESS_6 },
];
const ADDRESS_FILTER: Case = {
  base: {},
  samples: { device: 'w0', family: 'inet6', scope: 'link', address: '10.0.0.1' },
};
const one = (filter: Case): readonly Case[] => [filter];
/** Conditions of what is deleted, with what is given besides so that it is not everything. */
const ADDRESS_FLUSH: Case = {
  base: { family: 'inet' },
  samples: { device: 'w0', family: 'inet6', scope: 'host', address: '10.0.0.1' },
};

const ROUTE = {
  device: 'w0',
  weight: 5,
  onlink: true,
  destination: '10.7.0.0/16',
  family: 'inet6',
  type: 'blackhole',
  from: 'fd77::/64',
  tos: 8,
  source: '10.9.0.1',
  metric: 7,
  table: 77,
  protocol: 'static',
  scope: 'link',
  preference: 'high',
  expires: 100,
};
const ROUTE_4 = {
  ...ROUTE,
  gateway: '10.0.0.8',
  type: needs('blackhole', { gateway: undefined }),
  onlink: needs(true, { gateway: '10.77.0.1', device: 'v0' }),
  device: needs('w0', { gateway: undefined }),
  hops: needs([{ gateway: '10.0.0.8', weight: 3 }, { gateway: '10.9.0.8' }], { gateway: undefined }),
  nexthop_id: needs(4, { gateway: undefined }),
  metrics: { mtu: 1300 },
  attributes: { prefsrc: '10.9.0.1' },
};
const ROUTE_6 = {
  ...ROUTE,
  family: 'inet',
  destination: 'fd07::/32',
  gateway: 'fd00::8',
  source: 'fd09::1',
  type: needs('blackhole', { gateway: undefined }),
  onlink: needs(true, { gateway: 'fd77::1', device: 'v0' }),
  device: needs('w0', { gateway: undefined }),
  hops: needs([{ gateway: 'fd00::8', weight: 3 }, { gateway: 'fd09::8' }], { gateway: undefined }),
  nexthop_id: needs(2, { gateway: undefined }),
  metrics: { mtu: 1300 },
  attributes: { gateway: 'fd00::7' },
};
const NEW_ROUTES: readonly Case[] = [
  { base: { destination: '10.8.0.0/16', gateway: '10.0.0.9' }, samples: ROUTE_4 },
  { base: { destination: 'fd08::/32', gateway: 'fd00::9' }, samples: ROUTE_6 },
];
const EXISTING_ROUTES: readonly Case[] = [
  { base: { destination: '10.5.0.0/16', gateway: '10.0.0.9' }, samples: ROUTE_4 },
  { base: { destination: 'fd05::/32', gateway: 'fd00::9' }, samples: ROUTE_6 },
];
const ROUTE_FILTER: Case = {
  base: {},
  samples: {
    family: 'inet6',
    table: 100,
    device: 'v0',
    protocol: 'boot',
    type: 'blackhole',
    destination: '10.5.0.0/16',
    cached: true,
  },
};

const RANGE = { start: 5, end: 6 };
const RULE = {
  family: 'inet6',
  priority: 7,
  from: '10.1.0.0/16',
  to: '10.1.0.0/16',
  input_device: 'v0',
  output_device: 'v0',
  tos: 8,
  mark: 5,
  mark_mask: needs(7, { mark: 5 }),
  users: RANGE,
  ip_protocol: 6,
  source_ports: RANGE,
  destination_ports: RANGE,
  tunnel: 5n,
  inverted: true,
  l3mdev: needs(true, { table: undefined }),
  suppress_prefix_length: 5,
  goto: needs(101, { table: undefined }),
  action: needs('blackhole', { table: undefined }),
  table: 78,
  protocol: 'static',
  attributes: { suppress_ifgroup: 5 },
};
const NEW_RULE: Case = { base: { priority: 50, table: 77 }, samples: RULE };
const RULE_FILTER: Case = {
  base: {},
  samples: {
    family: 'inet6',
    priority: 101,
    table: 100,
    protocol: 'static',
    from: '10.0.0.0/8',
    to: '10.2.0.0/16',
  },
};

const NEIGHBOUR_FLAGS = ['use', 'proxy', 'router', 'extern_learn', 'managed', 'ext_validated'];
const NEIGHBOUR = {
  device: 'w0',
  lladdr: '02:00:00:00:00:77',
  states: ['stale'],
  protocol: 'static',
  flags: each(
    ...NEIGHBOUR_FLAGS.map(name => (name === 'proxy' ? needs([name], { lladdr: undefined }) : [name])),
  ),
};
const neighbour = (address: string, other: string): Case => ({
  base: { device: 'v0', address, lladdr: '02:00:00:00:00:01' },
  samples: { ...NEIGHBOUR, address: other },
});
const NEW_NEIGHBOURS = [neighbour('10.0.0.20', '10.0.0.21'), neighbour('fd00::20', 'fd00::21')];
const NEIGHBOUR_FILTER: Case = {
  base: {},
  samples: { family: 'inet6', device: 'w0', master: 'b0', states: ['stale'], proxy: true },
};

const NEXT_HOP = {
  id: 78,
  family: 'inet6',
  gateway: '10.0.0.8',
  device: needs('w0', { gateway: '10.77.0.1', onlink: true }),
  blackhole: needs(true, { gateway: undefined, device: undefined }),
  fdb: true,
  onlink: true,
  group: needs([{ id: 1, weight: 3 }], { gateway: undefined, device: undefined }),
  group_type: needs('resilient', { gateway: undefined, device: undefined, group: [{ id: 1 }] }),
  protocol: 'static',
  attributes: { gateway: '10.0.0.7' },
};
const NEXT_HOP_FILTER: Case = {
  base: {},
  samples: { family: 'inet6', device: 'w0', master: 'b0', groups: true, fdb: true },
};

const ENTRY = {
  lladdr: '02:00:00:00:00:78',
  device: 'p0',
  vlan: 7,
  destination: '10.0.0.8',
  vni: 9,
  port: 99,
  via: 'w0',
  nexthop_id: needs(6, { destination: undefined }),
  state: 'dynamic',
  flags: each(['master'], ['self', 'extern_learn'], ['self', 'router'], ['self', 'sticky'], ['self', 'use']),
};
const NEW_ENTRIES: readonly Case[] = [
  {
    base: { device: 'x0', lladdr: '02:00:00:00:00:77', destination: '10.0.0.7' },
    samples: { ...ENTRY, flags: each(['self', 'extern_learn'], ['self', 'router'], ['self', 'sticky']) },
  },
  {
    base: { device: 'p0', lladdr: '02:00:00:00:00:77', flags: ['master'] },
    samples: {
      ...ENTRY,
      device: 'p1',
      nexthop_id: 5,
      flags: each(['self'], ['master', 'extern_learn'], ['master', 'sticky']),
    },
  },
];
const ENTRY_FILTER: Case = {
  base: {},
  samples: { device: 'x0', master: 'b0', lladdr: '02:00:00:00:00:05', vlan: 1, state: 'static' },
};

const flags = (...names: string[]) => each(...names.map(name => ({ [name]: true })));
const LINK = {
  name: 'other',
  index: 77,
  address: '02:00:00:00:00:99',
  broadcast: 'ff:ff:ff:ff:ff:fe',
  mtu: 1300,
  up: true,
  flags: flags(
    'noarp',
    'promisc',
    'allmulti',
    'debug',
    'notrailers',
    'portsel',
    'automedia',
    'dynamic',
    'up',
  ),
  master: 'b1',
  link: 'w0',
  link_netnsid: 5,
  group: 5,
  alias: 'another',
  txqlen: 77,
  num_tx_queues: 3,
  num_rx_queues: 3,
  attributes: { txqlen: 55 },
};
const NEW_LINK = {
  ...LINK,
  kind: 'bridge',
  namespace: 'elsewhere',
  port: needs({ kind: 'bridge_slave', isolated: true }, { master: 'b0' }),
};

const KEY = Uint8Array.from({ length: 16 }, (_, at) => at);
const STATE_ID = {
  source: '10.0.0.3',
  destination: '10.0.0.4',
  protocol: 'ah',
  spi: 257,
  mark: { value: 1 },
};
const STATE: Case = {
  base: { source: '10.0.0.1', destination: '10.0.0.2', protocol: 'esp', spi: 256 },
  samples: {
    ...STATE_ID,
    mode: 'tunnel',
    reqid: 5,
    seq: 6,
    replay_window: 40,
    flags: each(['esn'], ['icmp']),
    extra_flags: ['oseq-may-wrap'],
    encryption: { name: 'cbc(aes)', key: KEY },
    authentication: each({ name: 'hmac(md5)', key: KEY }, { name: 'hmac(md5)', key: KEY, icv_bits: 96 }),
    aead: { name: 'rfc4106(gcm(aes))', key: KEY, icv_bits: 128 },
    compression: { name: 'deflate' },
    selector: each({ source: '10.1.0.0/16' }, { protocol: 6, source_port: 5 }, { device: 'v0' }),
    limits: { soft_packets: 5 },
    if_id: 7,
    output_mark: { value: 3, mask: 7 },
    direction: 'in',
  },
};
/** The state that the world has. */
const RESERVED = {
  source: '10.0.0.1',
  destination: '10.0.0.2',
  protocol: 'esp',
  spi: 300,
  mark: { value: 3, mask: 7 },
};
const STATE_FILTER: Case = {
  base: {},
  samples: {
    source: '10.0.0.3',
    destination: '10.0.0.3',
    protocol: 'ah',
    spi: 301,
    reqid: 5,
    mode: 'tunnel',
  },
};

const POLICY_ID = {
  direction: 'fwd',
  index: 400,
  selector: each({ destination: '10.1.0.0/16' }, { device: 'v0' }),
  type: 'sub',
  mark: { value: 3, mask: 7 },
  if_id: 5,
};
const POLICY: Case = {
  base: { direction: 'in', selector: { source: '10.3.0.0/16' } },
  samples: {
    ...POLICY_ID,
    index: 408,
    action: 'block',
    priority: 5,
    flags: each(['icmp'], ['localok']),
    templates: each([{ protocol: 'esp' }], [{ protocol: 'ah', reqid: 5, mode: 'tunnel', optional: true }]),
    limits: { hard_bytes: 5n },
  },
};
/** The policy that the world has. */
const KNOWN_POLICY = { base: { direction: 'out', selector: { source: '10.2.0.0/16' } }, samples: POLICY_ID };
const POLICY_FILTER: Case = {
  base: {},
  samples: {
    direction: 'in',
    action: 'block',
    priority: 7,
    type: 'sub',
    if_id: 5,
  },
};

export const CASES: Readonly<Record<string, readonly Case[]>> = {
  'addresses.list': one(ADDRESS_FILTER),
  'addresses.all': one(ADDRESS_FILTER),
  'addresses.flush': one(ADDRESS_FLUSH),
  'addresses.get': one(ADDRESS_FILTER),
  'addresses.add': NEW_ADDRESSES,
  'addresses.change': [EXISTING_4, EXISTING_6],
  'addresses.replace': [...NEW_ADDRESSES, EXISTING_4, EXISTING_6],
  'addresses.delete': [
    {
      base: { device: 'v0', address: '10.0.0.1/24' },
      samples: { device: 'w0', address: '10.0.0.2/24', peer: '10.0.0.3/24' },
    },
    {
      base: { device: 'v0', address: 'fd00::1/64' },
      samples: { device: 'w0', address: 'fd00::2/64', peer: 'fd00::3/64' },
    },
  ],

  'routes.list': one(ROUTE_FILTER),
  'routes.all': one(ROUTE_FILTER),
  'routes.flush': one({ base: { family: 'inet' }, samples: ROUTE_FILTER.samples }),
  'routes.get': [
    {
      parameter: 'query',
      before: ['10.0.0.77'],
      base: {},
      samples: { from: '10.9.0.1', input_device: needs('w0', { from: '10.9.0.7' }), device: 'w0', mark: 5 },
    },
  ],
  'routes.add': NEW_ROUTES,
  'routes.append': NEW_ROUTES,
  'routes.change': EXISTING_ROUTES,
  'routes.replace': [...NEW_ROUTES, ...EXISTING_ROUTES],
  'routes.delete': EXISTING_ROUTES,

  'rules.list': one(RULE_FILTER),
  'rules.all': one(RULE_FILTER),
  'rules.flush': one({ base: { family: 'inet' }, samples: RULE_FILTER.samples }),
  'rules.get': one(RULE_FILTER),
  'rules.add': one(NEW_RULE),
  'rules.change': [
    { ...RULE_FILTER, parameter: 'filter', after: [{ to: '10.3.0.0/16', table: 77 }] },
    { parameter: 'rule', before: [{ priority: 101 }], base: { to: '10.3.0.0/16', table: 77 }, samples: RULE },
  ],
  'rules.replace': one(NEW_RULE),
  'rules.delete': one({
    base: { priority: 101, to: '10.2.0.0/16' },
    samples: { ...RULE, mark_mask: needs(7, { priority: 103, to: undefined, mark: 5 }) },
  }),

  'neighbours.list': one(NEIGHBOUR_FILTER),
  'neighbours.all': one(NEIGHBOUR_FILTER),
  'neighbours.flush': one({ base: { family: 'inet' }, samples: NEIGHBOUR_FILTER.samples }),
  'neighbours.get': one({
    base: { device: 'v0', address: '10.0.0.9' },
    samples: { device: 'w0', address: '10.0.0.8' },
  }),
  'neighbours.add': NEW_NEIGHBOURS,
  'neighbours.change': [neighbour('10.0.0.9', '10.0.0.8')],
  'neighbours.replace': [...NEW_NEIGHBOURS, neighbour('10.0.0.9', '10.0.0.8')],
  'neighbours.delete': one({
    base: { device: 'v0', address: '10.0.0.9' },
    samples: { device: 'w0', address: '10.0.0.8', flags: ['proxy'] },
  }),

  'nexthops.list': one(NEXT_HOP_FILTER),
  'nexthops.all': one(NEXT_HOP_FILTER),
  'nexthops.flush': one({ base: { family: 'inet' }, samples: NEXT_HOP_FILTER.samples }),
  'nexthops.add': one({ base: { id: 77, gateway: '10.0.0.9', device: 'v0' }, samples: NEXT_HOP }),
  'nexthops.change': [
    {
      base: { id: 1, gateway: '10.0.0.9', device: 'v0' },
      samples: { ...NEXT_HOP, group: [{ id: 4 }], group_type: 'resilient' },
    },
    {
      base: { id: 3, group: [{ id: 1 }] },
      samples: { group: [{ id: 4, weight: 3 }], group_type: 'resilient', fdb: true, protocol: 'static' },
    },
  ],
  'nexthops.replace': one({ base: { id: 77, gateway: '10.0.0.9', device: 'v0' }, samples: NEXT_HOP }),

  'bridge.forwarding.list': one(ENTRY_FILTER),
  'bridge.forwarding.all': one(ENTRY_FILTER),
  'bridge.forwarding.flush': one({
    base: { device: 'p0' },
    samples: { device: 'x0', master: 'b1', lladdr: '02:00:00:00:00:77', vlan: 1, state: 'dynamic' },
  }),
  'bridge.forwarding.get': one(ENTRY_FILTER),
  'bridge.forwarding.add': NEW_ENTRIES,
  'bridge.forwarding.append': [NEW_ENTRIES[0]!],
  'bridge.forwarding.replace': NEW_ENTRIES,
  'bridge.forwarding.delete': [
    {
      base: { device: 'x0', lladdr: '02:00:00:00:00:06', destination: '10.0.0.6' },
      samples: {
        ...ENTRY,
        nexthop_id: 6,
        flags: each(needs(['master'], { destination: undefined }), ['extern_learn']),
      },
    },
    {
      base: { device: 'p0', lladdr: '02:00:00:00:00:05', flags: ['master'] },
      samples: { ...ENTRY, nexthop_id: 5, device: 'p1', flags: each(['self'], ['extern_learn']) },
    },
  ],

  'mptcp.endpoints.add': one({
    base: { address: '10.0.0.1' },
    samples: {
      address: '10.9.0.1',
      id: 7,
      port: needs(99, { flags: ['signal'] }),
      device: 'v0',
      flags: each(['signal'], ['subflow'], ['backup'], ['fullmesh']),
    },
  }),
  'mptcp.limits.set': one({ base: {}, samples: { subflows: 3, add_addr_accepted: 3 } }),

  'xfrm.states.list': one(STATE_FILTER),
  'xfrm.states.all': one(STATE_FILTER),
  'xfrm.states.flush': one({ ...STATE_FILTER, base: { protocol: 'esp' } }),
  'xfrm.states.get': one({ base: RESERVED, samples: STATE_ID }),
  'xfrm.states.add': one(STATE),
  'xfrm.states.change': one(STATE),
  'xfrm.states.allocate': one({
    base: { source: '10.0.0.1', destination: '10.0.0.2', protocol: 'esp', min: 400, max: 400 },
    samples: {
      source: '10.0.0.3',
      destination: '10.0.0.3',
      protocol: 'ah',
      mode: 'tunnel',
      reqid: 5,
      seq: 5,
      mark: { value: 3, mask: 7 },
      min: 401,
      max: needs(500, { min: 500 }),
    },
  }),
  'xfrm.states.delete': one({ base: RESERVED, samples: STATE_ID }),
  'xfrm.policies.list': one(POLICY_FILTER),
  'xfrm.policies.all': one(POLICY_FILTER),
  'xfrm.policies.flush': one({ ...POLICY_FILTER, base: { action: 'allow' } }),
  'xfrm.policies.get': one(KNOWN_POLICY),
  'xfrm.policies.add': one(POLICY),
  'xfrm.policies.replace': one(POLICY),
  'xfrm.policies.delete': one(KNOWN_POLICY),

  'links.list': one({ base: {}, samples: { kind: 'bridge', master: 'b0', group: 5, up: true } }),
  'links.all': one({ base: {}, samples: { kind: 'bridge', master: 'b0', group: 5, up: true } }),
  'links.flush': one({
    base: { kind: 'ifb' },
    samples: { kind: 'bridge', master: 'b0', group: 5, up: false },
  }),
  'links.add': one({ base: { kind: 'ifb', name: 'new0' }, samples: NEW_LINK }),
  'links.change': one({
    before: ['p0'],
    parameter: 'changes',
    base: {},
    samples: { ...NEW_LINK, port: { kind: 'bridge_slave', isolated: true } },
  }),
  'links.replace': one({
    base: { kind: 'ifb', name: 'w0' },
    samples: {
      ...NEW_LINK,
      up: false,
      flags: each({ noarp: false }, { up: false }),
      link: 'v0',
      port: { kind: 'bridge_slave', isolated: true },
    },
  }),
};

/** Arguments of calls that have no samples. */
export const EXAMPLES: Readonly<Record<string, object>> = {
  'mptcp.endpoints.change': { id: 1 },
  'mptcp.endpoints.delete': { id: 1 },
  'multicastRoutes.get': { group: '224.1.1.1' },
  'multicastRoutes.replace': { group: '224.1.1.1', device: 'v0' },
  'multicastRoutes.delete': { group: '224.1.1.1' },
  'multicastRoutes.flush': { family: 'inet' },
  'neighbours.delete': { device: 'v0', address: '10.0.0.9' },
  'tcpMetrics.get': { address: '10.0.0.1' },
  'tcpMetrics.delete': { address: '10.0.0.1' },
};
