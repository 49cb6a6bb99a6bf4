/** What TCP remembers of hosts in a network. Source: linux/tcp_metrics.h. */
import { decodeTcpMetrics, type TcpMetricsAttributes, tcpMetrics } from '../../genetlink/tcp-metrics.ts';
import { AF_INET } from '../../linux/families.ts';
import type { Message } from '../../wire/message.ts';
import { isNotFound } from '../collections/collection.ts';
import type { CallOptions, Connection } from '../connection.ts';
import { compact } from '../values/argument.ts';
import { readAddress } from '../values/prefix.ts';
import { FamilyConnection } from './family-connection.ts';

/** What TCP remembers of one host. */
export interface TcpMetricsEntry {
  readonly address: string;
  /** Our address towards it. */
  readonly source?: string;
  /** How long ago it was learnt, in milliseconds. */
  readonly age?: number;
  /** Round-trip time and how it varies, in microseconds. */
  readonly rtt?: number;
  readonly rttvar?: number;
  readonly ssthresh?: number;
  readonly cwnd?: number;
  readonly reordering?: number;
  readonly fast_open?: {
    /** Segment size that the host announced. */
    readonly mss?: number;
    /** Lost packets of connections that began with data. */
    readonly syn_drops?: number;
    readonly cookie?: Uint8Array;
  };
}

/** Which entries are meant; all conditions must hold. */
export interface TcpMetricsFilter {
  readonly address?: string | undefined;
  readonly source?: string | undefined;
}

/** What TCP remembers of hosts. */
export class TcpMetricsEntries {
  /** @internal */
  readonly connection: Connection;
  readonly #family: FamilyConnection<keyof typeof tcpMetrics.commands>;

  /** @internal */
  constructor(connection: Connection) {
    this.connection = connection;
    this.#family = new FamilyConnection(connection, tcpMetrics);
  }

  /** Yields the entries that `filter` lets through. Throws {@link KernelError}. */
  async *list(
    filter: TcpMetricsFilter = {},
    options: CallOptions = {},
  ): AsyncGenerator<TcpMetricsEntry, void> {
    yield* await this.all(filter, options);
  }

  /** All entries that `filter` lets through. Rejects with {@link KernelError}. */
  async all(filter: TcpMetricsFilter = {}, options: CallOptions = {}): Promise<TcpMetricsEntry[]> {
    const [address, source] = (['address', 'source'] as const).map(argument => {
      const text = filter[argument];
      return text === undefined ? undefined : readAddress(`filter.${argument}`, text).address;
    });
    const messages = await this.#family.dump('get', options);
    return messages
      .flatMap(message => read(message) ?? [])
      .filter(entry => address === undefined || entry.address === address)
      .filter(entry => source === undefined || entry.source === source);
  }

  /** The entry of a host, towards which ours is `source` if given; undefined if there is none. */
  async get(
    { address, source }: { readonly address: string; readonly source?: string | undefined },
    options: CallOptions = {},
  ): Promise<TcpMetricsEntry | undefined> {
    try {
      const [answer] = await this.#send('get', address, source, options, 'answer');
      return answer && read(answer);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Forgets a host. Rejects with {@link KernelError}: ESRCH if nothing is remembered of it, EPERM in user namespaces. */
  async delete(
    { address, source }: { readonly address: string; readonly source?: string | undefined },
    options: CallOptions = {},
  ): Promise<void> {
    await this.#send('del', address, source, options);
  }

  /** Forgets the entries that `filter` lets through, all without one; resolves when they are gone. */
  async flush(filter: TcpMetricsFilter = {}, options: CallOptions = {}): Promise<void> {
    if (filter.address === undefined && filter.source === undefined) {
      await this.#family.request('del', undefined, 'ack', options);
      return;
    }
    for (const entry of await this.all(filter, options)) {
      try {
        await this.delete(entry, options);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
  }

  #send(
    command: keyof typeof tcpMetrics.commands,
    address: string,
    source: string | undefined,
    options: CallOptions,
    expects: 'ack' | 'answer' = 'ack',
  ): Promise<readonly Message[]> {
    const attributes: TcpMetricsAttributes = {
      ...addressAttribute('addr', 'address', address),
      ...(source === undefined ? {} : addressAttribute('saddr', 'source', source)),
    };
    return this.#family.request(
      command,
      request => tcpMetrics.attributes.encode(request, attributes),
      expects,
      options,
    );
  }
}

function addressAttribute(name: 'addr' | 'saddr', argument: string, text: string): TcpMetricsAttributes {
  const { family, address } = readAddress(argument, text);
  return { [`${name}_${family === AF_INET ? 'ipv4' : 'ipv6'}`]: address };
}

function read(message: Message): TcpMetricsEntry | undefined {
  const found = decodeTcpMetrics(message);
  if (found === undefined) return undefined;
  const { address, source, rtt, rttvar, attributes } = found;
  const { age, vals = {}, fopen_mss: mss, fopen_syn_drops: syn_drops, fopen_cookie: cookie } = attributes;
  const fastOpen = compact<NonNullable<TcpMetricsEntry['fast_open']>>({
    mss,
    syn_drops,
    cookie: cookie && Uint8Array.from(cookie),
  });
  return compact<TcpMetricsEntry>({
    address,
    source,
    age: age === undefined ? undefined : Number(age),
    rtt,
    rttvar,
    ssthresh: vals.ssthresh,
    cwnd: vals.cwnd,
    reordering: vals.reordering,
    fast_open: Object.keys(fastOpen).length === 0 ? undefined : fastOpen,
  });
}
