/** What the calls of `network.links` take. */
import { ARPHRD_ETHER } from '../../linux/interfaces.ts';
import { type LinkAttributes, link as linkTable } from '../../rtnetlink/link.ts';
import { type LinkDetails, type LinkFilter, Links } from '../collections/links.ts';
import { ArgumentError, show } from '../values/argument.ts';
import { device, deviceName } from '../values/devices.ts';
import { isReadOnly, kindOf, parametersOf, settableData } from '../values/kind.ts';
import { LINK_FLAGS, type Link, type LinkFlag, type LinkSettings } from '../values/link.ts';
import { rowValues } from '../values/rows.ts';
import {
  anyText,
  type Check,
  entriesOf,
  flag,
  integer,
  list,
  members,
  nameOrNumber,
  passed,
  type Shape,
  text,
  unsigned,
} from '../values/shape.ts';
import {
  addOptions,
  checkCalls,
  deleteOptions,
  filter,
  optional,
  options,
  type Parameter,
  parameter,
} from './call.ts';
import { changesOf, originOf } from './given.ts';
import { listOptions } from './listing.ts';

type Settings = Readonly<Record<string, unknown>>;

const MAX_INDEX = 0x7fffffff;
const MAX_QUEUES = 4096;
/** IFALIASZ, without its NUL. */
const MAX_ALIAS = 255;

const NOTHING = Buffer.alloc(0);

/** Flags that the kernel changes; it passes over the others. */
const SETTABLE_FLAGS: readonly LinkFlag[] = [
  ...(['up', 'debug', 'notrailers', 'noarp', 'promisc', 'allmulti'] as const),
  ...(['multicast', 'portsel', 'automedia', 'dynamic'] as const),
];

/** Settings that only a device that is made can be given. */
const OF_NEW_DEVICES = ['link', 'link_netnsid', 'num_tx_queues', 'num_rx_queues'] as const;

/** Kinds whose other end is no device underneath. */
const PAIRS: ReadonlySet<string> = new Set(['veth', 'netkit', 'vxcan']);

/** A Link, or what means a device. */
const anyDevice: Check<string | number> = (argument, value) => {
  const origin = originOf(argument, value);
  return device(argument, origin === undefined ? value : (origin as Link).index);
};

const linkFlags: Check<LinkSettings['flags']> = (argument, value) =>
  Object.fromEntries(
    entriesOf(argument, value).map(([name, isSet]) => {
      const place = `${argument}.${name}`;
      if (!Object.hasOwn(LINK_FLAGS, name)) throw new ArgumentError(place, 'is not a flag of devices');
      if (!SETTABLE_FLAGS.includes(name as LinkFlag))
        throw new ArgumentError(place, `is not set by hand; there are ${SETTABLE_FLAGS.join(', ')}`);
      return [name, flag(place, isSet)];
    }),
  );

const alias: Check<string> = (argument, value) => {
  const read = anyText(argument, value);
  if (Buffer.byteLength(read) > MAX_ALIAS)
    throw new ArgumentError(argument, `is longer than ${MAX_ALIAS} bytes`);
  return read;
};

/** Parameters of a port, by the kind of the device that it belongs to. */
const port: Check<unknown> = (argument, value) => {
  const read: Settings = Object.fromEntries(entriesOf(argument, value));
  const name = text(`${argument}.kind`, read['kind']);
  if (!name.endsWith('_slave'))
    throw new ArgumentError(`${argument}.kind`, `${show(name)} is not a kind of ports`);
  checkParameters(`${argument}.`, name, Object.keys(read));
  return read;
};

const SETTINGS: Shape<LinkSettings> = {
  name: deviceName,
  index: integer(1, MAX_INDEX),
  address: text,
  broadcast: text,
  mtu: unsigned,
  up: flag,
  flags: linkFlags,
  master: (argument, value) => (value === null ? null : anyDevice(argument, value)),
  link: anyDevice,
  link_netnsid: integer(0, MAX_INDEX),
  namespace: passed,
  group: nameOrNumber,
  alias,
  txqlen: unsigned,
  num_tx_queues: integer(1, MAX_QUEUES),
  num_rx_queues: integer(1, MAX_QUEUES),
  port,
  attributes: rowValues<LinkAttributes>(linkTable),
};

const DEVICE = ['kind', ...Object.keys(SETTINGS)];

const FILTER: Shape<LinkFilter & LinkDetails> = {
  kind: text,
  master: anyDevice,
  group: nameOrNumber,
  up: flag,
  statistics: flag,
};

const { statistics: _unread, ...conditions } = FILTER;
const link = parameter('device', anyDevice);
const names = parameter('names', list(text));

checkCalls(Links, 'links', {
  list: [optional(filter(FILTER)), listOptions],
  all: [optional(filter(FILTER)), options()],
  flush: [filter<LinkFilter>(conditions), options()],
  get: [link, options<Pick<LinkDetails, 'statistics'>>({ statistics: flag })],
  add: [newDevice('device', newSettings), addOptions],
  change: [link, { name: 'changes', check: changedSettings, settings: DEVICE }, options()],
  replace: [newDevice('device', namedSettings), options()],
  delete: [link, deleteOptions],
  addAlternativeNames: [link, names, options()],
  deleteAlternativeNames: [link, names, options()],
});

/** A Link of a listing, a copy of one, or settings. */
function newDevice(name: string, check: Check<Settings>): Parameter {
  return {
    name,
    settings: DEVICE,
    check(argument, value) {
      const origin = originOf(argument, value) as Link | undefined;
      if (origin === undefined) return check(argument, value);
      return check(argument, { ...argumentsOf(origin), ...changesOf(origin, value as object) });
    },
  };
}

/** Settings and the parameters of a kind together. Parameters are read by their rows when the request is made. */
function describedDevice(argument: string, value: unknown, prefix: string): Settings {
  const entries = entriesOf(argument, value);
  const given = entries.find(([name]) => name === 'kind')?.[1];
  const kind = given === undefined ? undefined : text(`${prefix}kind`, given);
  if (kind?.endsWith('_slave')) throw new ArgumentError(`${prefix}kind`, `${show(kind)} is a kind of ports`);
  const own = kind === undefined ? new Set<string>() : parametersOf(kindOf(`${prefix}kind`, kind));
  const parameters = entries.filter(([name]) => own.has(name));
  const general = entries.filter(([name]) => name !== 'kind' && !own.has(name));
  if (kind !== undefined)
    checkParameters(
      prefix,
      kind,
      parameters.map(([name]) => name),
    );
  const settings = members<LinkSettings>(argument, Object.fromEntries(general), SETTINGS, { prefix });
  const peer = parameters.map(([name, member]) => [
    name,
    name === 'peer' ? peerOf(`${prefix}peer`, member) : member,
  ]);
  return { ...(kind === undefined ? {} : { kind }), ...settings, ...Object.fromEntries(peer) };
}

/** The other device of a pair. */
function peerOf(argument: string, value: unknown): Settings {
  return describedDevice(argument, value, `${argument}.`);
}

/** Names of parameters that there are, and that may be set. */
function checkParameters(prefix: string, kind: string, given: readonly string[]): void {
  const own = parametersOf(kindOf(`${prefix}kind`, kind));
  for (const name of given) {
    if (name === 'kind') continue;
    if (!own.has(name)) throw new ArgumentError(`${prefix}${name}`, `is not a parameter of kind ${kind}`);
    if (isReadOnly(kind, name)) throw new ArgumentError(`${prefix}${name}`, 'is reported, and cannot be set');
  }
}

function changedSettings(argument: string, value: unknown): Settings {
  const changes = describedDevice(argument, value, '');
  const own =
    changes['kind'] === undefined ? undefined : parametersOf(kindOf('kind', changes['kind'] as string));
  const wrong = OF_NEW_DEVICES.find(name => changes[name] !== undefined && !own?.has(name));
  if (wrong !== undefined) throw new ArgumentError(wrong, 'of a device that exists cannot be changed');
  if (changes['index'] !== undefined && changes['namespace'] === undefined)
    throw new ArgumentError('index', 'of a device that stays in its namespace cannot be changed');
  return changes;
}

/** A device that is to be made: what its kind needs must be there. */
function newSettings(argument: string, value: unknown): Settings {
  const read = describedDevice(argument, value, '');
  const kind = read['kind'] as string | undefined;
  const attributes = read['attributes'] as LinkAttributes | undefined;
  // A kind that tsip does not know is described by attributes.
  if (kind === undefined && attributes?.linkinfo?.kind === undefined)
    throw new ArgumentError('kind', 'is needed');
  const missing =
    kind === undefined ? undefined : kindOf('kind', kind).required?.find(name => read[name] === undefined);
  if (missing !== undefined) throw new ArgumentError(missing, `is needed for kind ${kind}`);
  return read;
}

/** One that may exist: it is known by its name. Hardware has no kind, and exists. */
function namedSettings(argument: string, value: unknown): Settings {
  const read = describedDevice(argument, value, '');
  if (read['name'] === undefined) throw new ArgumentError('name', 'is needed');
  return read;
}

/** The settings that make the same device, with what is said of its kind as the kernel has it. */
function argumentsOf(value: Link): Settings {
  const { kind, link_index, port: membership } = value;
  const { linkinfo } = value.attributes;
  const hasLower = kind !== undefined && !PAIRS.has(kind) && link_index !== undefined && link_index !== 0;
  const data =
    linkinfo?.kind === undefined ? undefined : settableData(linkinfo.kind, linkinfo.data ?? NOTHING);
  return defined({
    name: value.name,
    address: value.type === ARPHRD_ETHER ? value.address : undefined,
    mtu: value.mtu,
    up: value.up ? true : undefined,
    master: value.master_index,
    link: hasLower ? link_index : undefined,
    link_netnsid: hasLower ? value.link_netnsid : undefined,
    group: value.group,
    alias: value.alias,
    txqlen: value.txqlen,
    num_tx_queues: value.num_tx_queues,
    num_rx_queues: value.num_rx_queues,
    port:
      membership === undefined
        ? undefined
        : { kind: membership.kind, ...settable(membership.kind, membership.data) },
    attributes: data === undefined ? undefined : { linkinfo: { kind: linkinfo?.kind, data } },
  });
}

function settable(kind: string, data: object | undefined): Settings {
  return defined(Object.fromEntries(Object.entries(data ?? {}).filter(([name]) => !isReadOnly(kind, name))));
}

function defined(object: Settings): Settings {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
