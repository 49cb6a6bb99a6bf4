/** What the collections of a network have in common: listing and flushing. */

import type { Outcome } from '../../kernel/netlink/dump.ts';
import { KernelError } from '../../kernel/system/errors.ts';
import type { Message } from '../../wire/message.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import type { Connection } from '../connection.ts';
import { ArgumentError, isEmpty } from '../values/argument.ts';
import { DeviceDirectory, type DeviceReference, indexOfDevice } from '../values/devices.ts';

/** How messages of one kind of object become values. */
export interface Reading<Raw, T> {
  /**
   * Makes what decodes messages one after another: undefined for what is not such an object. What it returns is good
   * until it is called again.
   */
  decoder(): (message: Message) => Raw | undefined;
  /** Indices of the devices whose names the value has. */
  devices(raw: Raw): readonly number[];
  convert(raw: Raw, directory: DeviceDirectory, connection: Connection): T;
}

/** How a listing goes on where the kernel cannot promise that it is whole. */
export interface ListOptions {
  /**
   * Called at the end if the table changed while it was read (NLM_F_DUMP_INTR): entries may be missing or be there
   * twice. {@link Collection.all} reads again instead.
   */
  readonly onInterrupted?: () => void;
}

/** A filter whose devices are indices. */
export type Resolved<Filter> = {
  [M in keyof Filter]: M extends 'device' | 'master' ? number | undefined : Filter[M];
};

/** Error numbers by which the kernel says that what is to be deleted is not there: ENOENT, ESRCH, ENODEV, EADDRNOTAVAIL. */
const ABSENT: ReadonlySet<number> = new Set([2, 3, 19, 99]);
const MOST_READINGS = 10;
const MOST_ROUNDS = 10;

/** Whether an error says that there is no such object. */
export function isNotFound(error: unknown): boolean {
  return error instanceof KernelError && ABSENT.has(error.errno);
}

/** One kind of object of a network: its values are of type `T`, narrowed down by `Filter`. */
export abstract class Collection<T, Filter extends object, Raw> {
  /** @internal */
  protected readonly connection: Connection;
  /** @internal */
  protected readonly reading: Reading<Raw, T>;

  /** @internal */
  constructor(connection: Connection, reading: Reading<Raw, T>) {
    this.connection = connection;
    this.reading = reading;
  }

  /** The dump request that asks for no more than `filter` lets through, as far as the kernel can filter. @internal */
  protected abstract dumpRequests(filter: Resolved<Filter>): readonly MessageWriter[];

  /** Whether an object passes the filter; old kernels send all. @internal */
  protected abstract matches(value: T, filter: Resolved<Filter>, raw: Raw): boolean;

  /** The request that deletes an object. @internal */
  protected abstract deleteRequest(raw: Raw): MessageWriter;

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
    return new Listing(this.batches(filter, valueOnly<T>, outcome), onEnd);
  }

  /**
   * All objects that `filter` lets through, as one array; read again if they change while they are read, ten times at
   * most. Rejects with {@link KernelError}.
   */
  async all(filter: Filter = {} as Filter): Promise<T[]> {
    for (let reading = 1; ; reading++) {
      const outcome: Outcome = { interrupted: false };
      const values: T[] = [];
      for await (const batch of this.batches(filter, valueOnly<T>, outcome))
        for (const value of batch) values.push(value);
      if (!outcome.interrupted || reading === MOST_READINGS) return values;
    }
  }

  /**
   * Deletes all objects that `filter` lets through; resolves with their number. What disappears before its turn does
   * not count. Rejects with {@link ArgumentError} for a filter that says nothing, with {@link KernelError} when the
   * kernel refuses one; those before are gone then.
   */
  async flush(filter: Filter): Promise<number> {
    if (isEmpty(filter)) throw new ArgumentError('filter', 'says nothing: it would delete everything');
    let count = 0;
    // Of secondary addresses some become primary ones, instead of going with theirs: hence rounds.
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const requests: MessageWriter[] = [];
      for await (const batch of this.batches(filter, (_value, raw) => this.deleteRequest(raw)))
        requests.push(...batch);
      const results = await Promise.allSettled(requests.map(request => this.connection.request(request)));
      for (const result of results) {
        if (result.status === 'fulfilled') count++;
        else if (!isNotFound(result.reason)) throw result.reason;
      }
      if (requests.length === 0) break;
    }
    return count;
  }

  /**
   * What `take` makes of each object and of what it was decoded from, datagram by datagram: one turn of the event loop
   * and one promise for some hundred objects.
   * @internal
   */
  protected async *batches<U>(
    filter: Filter,
    take: (value: T, raw: Raw) => U,
    outcome?: Outcome,
  ): AsyncGenerator<U[], void> {
    const { connection, reading } = this;
    const directory = new DeviceDirectory(connection);
    const decode = reading.decoder();
    const resolved = await this.#resolve(filter);
    for await (const batch of connection.dumpAll(this.dumpRequests(resolved), outcome)) {
      const taken: U[] = [];
      for (const message of batch) {
        const raw = decode(message);
        if (raw === undefined) continue;
        const devices = reading.devices(raw);
        if (!directory.knowsAll(devices)) await directory.learn(devices);
        const value = reading.convert(raw, directory, connection);
        if (this.matches(value, resolved, raw)) taken.push(take(value, raw));
      }
      if (taken.length > 0) yield taken;
    }
  }

  async #resolve(filter: Filter): Promise<Resolved<Filter>> {
    const resolved = { ...filter } as Record<string, unknown>;
    for (const member of ['device', 'master']) {
      const device = resolved[member] as DeviceReference | undefined;
      if (device !== undefined)
        resolved[member] = await indexOfDevice(this.connection, `filter.${member}`, device);
    }
    return resolved as Resolved<Filter>;
  }

  /** The value of the single message of an answer. @internal */
  protected async convertAnswer(answer: Message | undefined): Promise<T | undefined> {
    const raw = answer && this.reading.decoder()(answer);
    if (raw === undefined) return undefined;
    const directory = new DeviceDirectory(this.connection);
    await directory.learn(this.reading.devices(raw));
    return this.reading.convert(raw, directory, this.connection);
  }
}

function valueOnly<T>(value: T): T {
  return value;
}

/** The objects of batches one by one, without a turn of the event loop for each. */
class Listing<T> implements AsyncGenerator<T, void> {
  readonly #batches: AsyncGenerator<T[], void>;
  readonly #onEnd: () => void;
  #batch: readonly T[] = [];
  #at = 0;
  #isEnded = false;
  /** The step before, where it is not done: steps are taken in order. */
  #pending: Promise<IteratorResult<T, void>> | undefined;

  constructor(batches: AsyncGenerator<T[], void>, onEnd: () => void) {
    this.#batches = batches;
    this.#onEnd = onEnd;
  }

  next(): Promise<IteratorResult<T, void>> {
    if (this.#pending === undefined && this.#at < this.#batch.length)
      return Promise.resolve({ done: false, value: this.#batch[this.#at++]! });
    const step = (this.#pending ?? Promise.resolve()).then(() => this.#advance());
    const settled = () => {
      if (this.#pending === step) this.#pending = undefined;
    };
    this.#pending = step;
    step.then(settled, settled);
    return step;
  }

  async #advance(): Promise<IteratorResult<T, void>> {
    while (this.#at >= this.#batch.length && !this.#isEnded) {
      this.#isEnded = true; // Unless it goes on; an error ends it.
      const next = await this.#batches.next();
      if (next.done) {
        this.#onEnd();
      } else {
        this.#isEnded = false;
        this.#batch = next.value;
        this.#at = 0;
      }
    }
    if (this.#at >= this.#batch.length) return { done: true, value: undefined };
    return { done: false, value: this.#batch[this.#at++]! };
  }

  async return(): Promise<IteratorResult<T, void>> {
    this.#end();
    await this.#batches.return();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<T, void>> {
    this.#end();
    await this.#batches.return();
    throw error;
  }

  #end(): void {
    this.#isEnded = true;
    this.#batch = [];
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
