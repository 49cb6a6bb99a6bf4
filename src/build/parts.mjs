/**
 * The parts that the programs are made of: one for what every call needs, one for each object, one for each thing that
 * is seldom wanted. A module is in the first part of this list that imports it, itself or by others, from the modules
 * that the part names (files and folders of src/, without `.ts`). So a part needs only itself and parts before it, and an `import()`
 * of a module of another part loads that part, wherever the module stands. What no part names is in
 * the part `rest`.
 */
export const PARTS = {
  core: [
    'commands/programs',
    'commands/frame/subcommands',
    'kernel/plans/exec',
    'kernel/system/bpf',
    'linux/clocks',
    'schema/keywords',
  ],
  session: ['kernel/netlink/event-socket'],
  devices: ['commands/link/subcommands', 'commands/link/show'],
  common: [
    'commands/grammar/prefix',
    'commands/grammar/values',
    'commands/grammar/saved-messages',
    'kernel/netlink/window',
    'layouts/link-address',
    'rtnetlink/address',
    'rtnetlink/names/ether-protocol',
    'rtnetlink/request',
    'rtnetlink/route',
    'wire/visible',
  ],
  netns: ['commands/netns'],
  link: ['commands/link'],
  kinds: ['rtnetlink/kinds'],
  address: ['commands/address'],
  route: ['commands/route'],
  neighbour: ['commands/neighbour'],
  rule: ['commands/rule'],
  nexthop: ['commands/nexthop'],
  objects: [
    'commands/addrlabel',
    'commands/install-links',
    'commands/maddress',
    'commands/netconf',
    'commands/ntable',
    'commands/token',
    'commands/tunnel',
    'commands/tuntap',
    'commands/vrf',
  ],
  monitor: ['commands/monitor'],
  xfrm: ['commands/xfrm'],
  batch: ['commands/batch'],
  enter: ['commands/nsenter', 'commands/unshare'],
  usage: ['commands/frame/usage'],
  map: ['commands/map'],
  table: ['commands/table'],
  trace: ['trace', 'commands/frame/strict-report'],
  completion: ['commands/completion'],
  help: ['commands/enter'],
  hints: ['commands/hints'],
  run: ['commands/run'],
  lab: ['commands/lab'],
};
