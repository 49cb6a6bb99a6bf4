/** Sockets of node:dgram in another network namespace: bound before anything else can run. */
import { createSocket, type Socket as DatagramSocket, type SocketOptions } from 'node:dgram';
import { isIP } from 'node:net';
import { addressesInFiles, addressesOf, type IpVersion, type NameSource } from './names-inside.ts';
import { ArgumentError } from './values/argument.ts';
import { flag, integer, members, oneOf, type Shape, signal, text } from './values/shape.ts';

const MAX_PORT = 65535;
const MAX_BUFFER = 0x3fffffff;

/** A socket for datagrams, and where it is bound. */
export interface DatagramOptions extends Omit<SocketOptions, 'type' | 'lookup'> {
  /** `udp4` when left out. */
  readonly type?: 'udp4' | 'udp6' | undefined;
  /** 0, or left out, for any free one. */
  readonly port?: number | undefined;
  /** An address, or a name in the hosts file of the namespace; all addresses when left out. */
  readonly address?: string | undefined;
  readonly reusePort?: boolean | undefined;
}

const DATAGRAM: Shape<DatagramOptions> = {
  type: oneOf(['udp4', 'udp6'] as const),
  port: integer(0, MAX_PORT),
  address: text,
  reuseAddr: flag,
  reusePort: flag,
  ipv6Only: flag,
  recvBufferSize: integer(1, MAX_BUFFER),
  sendBufferSize: integer(1, MAX_BUFFER),
  signal,
};

/** A socket that is bound where the names come from. Rejects with the error of `bind`. */
export async function datagramInside(source: NameSource, options: DatagramOptions): Promise<DatagramSocket> {
  const {
    type = 'udp4',
    port = 0,
    address,
    ...others
  } = members('options', options, DATAGRAM, { prefix: '' });
  const family: IpVersion = type === 'udp4' ? 4 : 6;
  const own = address ?? (family === 4 ? '0.0.0.0' : '::');
  const [found] = addressesInFiles(source, own, family);
  if (found === undefined)
    throw new ArgumentError('address', `"${own}" is neither an IPv${family} address nor a name of one`);
  return new Promise((resolve, reject) => {
    source.run(() => {
      const socket = createSocket({ ...others, type, lookup: lookupBy(source, family) } as SocketOptions);
      socket.once('error', reject);
      // The address is looked up at once, so it is bound before bind() returns.
      socket.once('listening', () => {
        socket.off('error', reject);
        resolve(socket);
      });
      socket.bind(port, found.address);
    });
  });
}

/** Addresses are answered at once, names when they have been looked up. */
function lookupBy(source: NameSource, family: IpVersion): NonNullable<SocketOptions['lookup']> {
  return (name, _options, done) => {
    if (isIP(name) !== 0) {
      done(null, name, family);
      return;
    }
    addressesOf(source, name, family).then(
      ([first]) => done(null, first!.address, family),
      (error: Error) => done(error, '', family),
    );
  };
}
