/** Makes of the request for a link the message by which a kernel would describe that link. */
import { type Attribute, readMessage, splitMessages } from './bytes.ts';

const RTM_NEWLINK = 16;
const IFLA = {
  address: 1,
  broadcast: 2,
  name: 3,
  mtu: 4,
  qdisc: 6,
  queueLength: 13,
  operationalState: 16,
  mode: 17,
  info: 18,
  group: 27,
};
const INFO = { kind: 1, data: 2, slaveKind: 4, slaveData: 5 };

/** Link-layer type and address length of kinds that are no Ethernet devices. */
const linkTypes: Readonly<Record<string, readonly [number, number]>> = {
  gre: [778, 4],
  ip6gre: [823, 16],
  ipip: [768, 4],
  sit: [776, 4],
  ip6tnl: [769, 16],
  vti: [768, 4],
  vti6: [769, 16],
  can: [280, 0],
  vcan: [280, 0],
  vxcan: [280, 0],
  wireguard: [65534, 0],
  xfrm: [768, 4],
  gtp: [65534, 0],
  pfcp: [65534, 0],
  bareudp: [65534, 0],
  nlmon: [824, 0],
  rmnet: [519, 0],
  ovpn: [65534, 0],
  ipoib: [32, 20],
  wwan: [65534, 0],
};

/** The link as message RTM_NEWLINK, with index `index`; `undefined` if `request` does not describe a link's kind. */
export function linkReply(request: Buffer, index: number): Buffer | undefined {
  const [bytes] = splitMessages(request);
  if (bytes === undefined || bytes.readUInt16LE(4) !== RTM_NEWLINK) return undefined;
  const { attributes } = readMessage(bytes);
  const info = attributes.find(({ type }) => type === IFLA.info)?.nested;
  if (info === undefined) return undefined;
  const kind = text(info.find(({ type }) => type === INFO.kind)?.payload);
  const [type, addressLength] = linkTypes[kind] ?? [1, 6];
  const given = (wanted: number) => attributes.find(attribute => attribute.type === wanted)?.payload;
  const header = Buffer.alloc(16);
  header.writeUInt16LE(type, 2);
  header.writeInt32LE(index, 4);
  header.writeUInt32LE(0x11043, 8); // UP, BROADCAST, RUNNING, MULTICAST, LOWER_UP
  const address = Buffer.alloc(addressLength, 2);
  const parts = [
    attribute(IFLA.name, given(IFLA.name) ?? Buffer.from(`dev${index}\0`)),
    attribute(IFLA.queueLength, u32(1000)),
    attribute(IFLA.operationalState, Buffer.of(6)),
    attribute(IFLA.mode, Buffer.of(0)),
    attribute(IFLA.mtu, given(IFLA.mtu) ?? u32(1500)),
    attribute(IFLA.group, u32(0)),
    attribute(IFLA.qdisc, Buffer.from('noqueue\0')),
    ...(addressLength > 0 ? [attribute(IFLA.address, given(IFLA.address) ?? address)] : []),
    ...(addressLength > 0 ? [attribute(IFLA.broadcast, Buffer.alloc(addressLength, 0xff))] : []),
    ...attributes.filter(({ type }) => type === 5).map(({ payload }) => attribute(5, payload)), // IFLA_LINK
    attribute(IFLA.info, linkInfo(info, kind)),
  ];
  const message = Buffer.concat([Buffer.alloc(16), header, ...parts]);
  message.writeUInt32LE(message.length, 0);
  message.writeUInt16LE(RTM_NEWLINK, 4);
  return message;
}

/** The request for a port names the port's kind where a reply names the device's own. */
function linkInfo(info: readonly Attribute[], kind: string): Buffer {
  const slaveData = info.find(({ type }) => type === INFO.slaveData);
  if (!kind.endsWith('_slave') && slaveData === undefined)
    return Buffer.concat(info.map(({ type, flagBits, payload }) => attribute(type | flagBits, payload)));
  const data = slaveData ?? info.find(({ type }) => type === INFO.data);
  const slaveKind = Buffer.from(`${kind.replace(/_slave$/, '')}\0`);
  const dataPart = data ? [attribute(INFO.slaveData | data.flagBits, data.payload)] : [];
  return Buffer.concat([attribute(INFO.slaveKind, slaveKind), ...dataPart]);
}

function attribute(type: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(4 + payload.length, 0);
  head.writeUInt16LE(type, 2);
  return Buffer.concat([head, payload, Buffer.alloc(-payload.length & 3)]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function text(payload: Buffer | undefined): string {
  return payload?.toString('latin1').replace(/\0.*$/, '') ?? '';
}
