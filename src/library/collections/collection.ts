/** What the collections of a network have in common: listing and flushing. */

import type { Outcome } from '../../kernel/netlink/dump.ts';
import { KernelError } from '../../kernel/system/errors.ts';
import { EADDRNOTAVAIL, ENODEV, ENOENT, ESRCH } from '../../linux/errno.ts';
import type { Message } from '../../wire/message.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import type { CallOptions, Connection } from '../connection.ts';
import { Listing } from '../listing.ts';
import { ArgumentError, isEmpty } from '../values/argument.ts';
import { DeviceDirectory, type DeviceReference } from '../values/devices.ts';
import { type Reading, readMessage, readRun } from '../values/reading.ts';

/** How a listing goes on where the kernel cannot promise that it is whole. */
export interface ListOptions extends CallOptions {
  /**
   * Called at the end if the table changed while it was read (NLM_F_DUMP_INTR): entries may be missing or be there
   * twice. `all` reads again instead.
   */
  readonly onInterrupted?: () => void;
}

/** A filter whose devices are indices. */
export type Resolved<Filter> = {
  [M in keyof Filter]: M extends 'device' | 'master' ? number | undefined : Filter[M];
};

/** Error numbers by which the kernel says that what is to be deleted is not there. */
const ABSENT: ReadonlySet<number> = new Set([ENOENT, ESRCH, ENODEV, EADDRNOTAVAIL]);
const MOST_READINGS = 10;
const MOST_ROUNDS = 10;

/** What the check of a call has made of a value that a listing returned, or of arguments. */
export function checked<T extends object>(given: T | object): T {
  return given as T;
}

/** Whether an error says that there is no such object. */
export function isNotFound(error: unknown): boolean {
  return error instanceof KernelError && ABSENT.has(error.errno);
}

/** One kind of object of a network: its values are of type `T`, narrowed down by `Filter`. */
export abstract class Collection<T, Filter extends object> {
  /** @internal */
  protected readonly connection: Connection;
  /** @internal */
  protected readonly reading: Reading<T>;

  /** @internal */
  constructor(connection: Connection, reading: Reading<T>) {
    this.connection = connection;
    this.reading = reading;
  }

  /** The dump request that asks for no more than `filter` lets through, as far as the kernel can filter. @internal */
  protected abstract dumpRequests(filter: Resolved<Filter>): readonly MessageWriter[];

  /**
   * What decides whether an object passes the filter, which old kernels do not apply; undefined if all do. @internal
   */
  protected abstract matcher(filter: Resolved<Filter>): ((value: T) => boolean) | undefined;

  /** The request that deletes an object. @internal */
  protected abstract deleteRequest(value: T): MessageWriter;

  /**
   * Yields the objects that `filter` lets through, in the kernel's order. They are read from the kernel as they are
   * consumed: memory is constant however many there are, and leaving the loop early reads no further. Throws
   * {@link KernelError}.
   */
  list(filter: Filter = {} as Filter, options: ListOptions = {}): AsyncGenerator<T, void> {
    const outcome: Outcome = { interrupted: false };
    const onEnd = () => {
      if (outcome.interrupted) options.onInterrupted?.();
    };
    return new Listing(this.batches(filter, options, outcome), onEnd);
  }

  /**
   * All objects that `filter` lets through, as one array; read again if they change while they are read, ten times at
   * most. Rejects with {@link KernelError}.
   */
  async all(filter: Filter = {} as Filter, options: CallOptions = {}): Promise<T[]> {
    for (let reading = 1; ; reading++) {
      const outcome: Outcome = { interrupted: false };
      const values: T[] = [];
      for await (const batch of this.batches(filter, options, outcome))
        for (let at = 0; at < batch.length; at++) values.push(batch[at]!);
      if (!outcome.interrupted || reading === MOST_READINGS) return values;
    }
  }

  /**
   * Deletes all objects that `filter` lets through; resolves with their number. What disappears before its turn does
   * not count. Rejects with {@link ArgumentError} for a filter that says nothing, with {@link KernelError} when the
   * kernel refuses one; those before are gone then.
   */
  async flush(filter: Filter, options: CallOptions = {}): Promise<number> {
    if (isEmpty(filter)) throw new ArgumentError('filter', 'says nothing: it would delete everything');
    let count = 0;
    // Of secondary addresses some become primary ones, instead of going with theirs: hence rounds.
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const found = await this.all(filter, options);
      const requests = found.map(value =>
        this.connection.request(this.deleteRequest(value), 'ack', options.signal),
      );
      for (const result of await Promise.allSettled(requests)) {
        if (result.status === 'fulfilled') count++;
        else if (!isNotFound(result.reason)) throw result.reason;
      }
      if (requests.length === 0) break;
    }
    return count;
  }

  /**
   * The objects datagram by datagram: one turn of the event loop and one promise for some hundred.
   * @internal
   */
  protected async *batches(
    filter: Filter,
    options: CallOptions,
    outcome?: Outcome,
  ): AsyncGenerator<T[], void> {
    const { connection } = this;
    const read = this.reading(connection, new DeviceDirectory(connection.devices));
    const resolved = this.#resolve(filter);
    const matches = this.matcher(resolved);
    for await (const run of connection.dumpAll(this.dumpRequests(resolved), outcome, options.signal)) {
      const values = readRun(run, read, matches);
      if (values.length > 0) yield values;
    }
  }

  /** What decides whether an event's object passes the filter. @internal */
  predicate(filter: Filter): (value: T) => boolean {
    return this.matcher(this.#resolve(filter)) ?? (() => true);
  }

  #resolve(filter: Filter): Resolved<Filter> {
    const resolved = { ...filter } as Record<string, unknown>;
    for (const member of ['device', 'master']) {
      const device = resolved[member] as DeviceReference | undefined;
      if (device !== undefined) resolved[member] = this.connection.devices.index(`filter.${member}`, device);
    }
    return resolved as Resolved<Filter>;
  }

  /** The value of the single message of an answer. @internal */
  protected valueOf(answer: Message | undefined): T | undefined {
    const { connection } = this;
    return answer && readMessage(this.reading(connection, new DeviceDirectory(connection.devices)), answer);
  }
}
