/** The states of a network: how packets are encrypted, authenticated, compressed. Source: linux/xfrm.h. */

import type { Outcome } from '../../kernel/netlink/dump.ts';
import { AF_UNSPEC } from '../../linux/families.ts';
import * as xfrm from '../../linux/xfrm.ts';
import type { Message } from '../../wire/message.ts';
import { MessageWriter } from '../../wire/writer.ts';
import { xfrmAttributes } from '../../xfrm/attributes.ts';
import { xfrmRequest } from '../../xfrm/messages.ts';
import { EXTRA_FLAGS, MODES, STATE_FLAGS, TRANSFORM_PROTOCOLS } from '../../xfrm/names.ts';
import { type StateInfo, spiRequest, stateId, stateInfo } from '../../xfrm/structs.ts';
import { isNotFound, type ListOptions } from '../collections/collection.ts';
import type { CallOptions, Connection } from '../connection.ts';
import { Listing } from '../listing.ts';
import { ArgumentError, check32, flagsOf, isEmpty } from '../values/argument.ts';
import {
  numberOf,
  readAlgorithm,
  readEnds,
  readLimits,
  readMark,
  readSelector,
  type XfrmAlgorithmArguments,
  type XfrmIcvAlgorithmArguments,
  type XfrmSelectorArguments,
} from './arguments.ts';
import type { XfrmSession } from './session.ts';
import {
  stateOf,
  type XfrmExtraFlag,
  type XfrmLimits,
  type XfrmMark,
  type XfrmMode,
  type XfrmProtocol,
  type XfrmState,
  type XfrmStateFlag,
} from './values.ts';

/** What names a state. */
export interface XfrmStateId {
  readonly source?: string | undefined;
  readonly destination: string;
  readonly protocol: XfrmProtocol;
  readonly spi: number;
  readonly mark?: Partial<XfrmMark> | undefined;
}

/** A state to be made or changed. */
export interface XfrmStateArguments extends XfrmStateId {
  readonly source: string;
  readonly mode?: XfrmMode | undefined;
  readonly reqid?: number | undefined;
  readonly seq?: number | undefined;
  /** Packets that may arrive late; more than 32, and `esn`, go into an attribute. */
  readonly replay_window?: number | undefined;
  readonly flags?: readonly XfrmStateFlag[] | undefined;
  readonly extra_flags?: readonly XfrmExtraFlag[] | undefined;
  readonly encryption?: XfrmAlgorithmArguments | undefined;
  /** With `icv_bits`, only so many bits are sent. */
  readonly authentication?: XfrmIcvAlgorithmArguments | undefined;
  readonly aead?: (XfrmAlgorithmArguments & { readonly icv_bits: number }) | undefined;
  readonly compression?: { readonly name: string } | undefined;
  readonly selector?: XfrmSelectorArguments | undefined;
  readonly limits?: XfrmLimits | undefined;
  readonly if_id?: number | undefined;
  readonly output_mark?: Partial<XfrmMark> | undefined;
  readonly direction?: 'in' | 'out' | undefined;
}

/** A state of which the kernel chooses the SPI. */
export interface XfrmSpiArguments {
  readonly source: string;
  readonly destination: string;
  readonly protocol: XfrmProtocol;
  readonly mode?: XfrmMode | undefined;
  readonly reqid?: number | undefined;
  readonly seq?: number | undefined;
  readonly mark?: Partial<XfrmMark> | undefined;
  /** The SPIs that it may be. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** Which states are meant; all conditions must hold. */
export interface XfrmStateFilter {
  readonly source?: string | undefined;
  readonly destination?: string | undefined;
  readonly protocol?: XfrmProtocol | undefined;
  readonly spi?: number | undefined;
  readonly reqid?: number | undefined;
  readonly mode?: XfrmMode | undefined;
}

const [FIRST_SPI, LAST_SPI, LAST_COMPRESSION_INDEX] = [0x100, 0x0fffffff, 0xffff] as const;
const MAX_PLAIN_WINDOW = 32;
const MOST_READINGS = 10;

/** The states of a network. Keys are `Uint8Array`s, which neither `util.inspect` nor JSON shows. */
export class XfrmStates {
  /** @internal */
  readonly connection: Connection;
  readonly #session: XfrmSession;

  /** @internal */
  constructor(session: XfrmSession) {
    this.connection = session.connection;
    this.#session = session;
  }

  /** Yields the states that `filter` lets through. Throws {@link KernelError}. */
  list(filter: XfrmStateFilter = {}, options: ListOptions = {}): AsyncGenerator<XfrmState, void> {
    const outcome: Outcome = { interrupted: false };
    const onEnd = () => {
      if (outcome.interrupted) options.onInterrupted?.();
    };
    return new Listing(this.#batches(filter, options, outcome), onEnd);
  }

  /** All states that `filter` lets through; read again if they change while they are read. Rejects with {@link KernelError}. */
  async all(filter: XfrmStateFilter = {}, options: CallOptions = {}): Promise<XfrmState[]> {
    for (let reading = 1; ; reading++) {
      const outcome: Outcome = { interrupted: false };
      const states: XfrmState[] = [];
      for await (const batch of this.#batches(filter, options, outcome)) states.push(...batch);
      if (!outcome.interrupted || reading === MOST_READINGS) return states;
    }
  }

  /** A state; undefined if there is none. Rejects with {@link KernelError}. */
  async get(id: XfrmStateId, { signal }: CallOptions = {}): Promise<XfrmState | undefined> {
    try {
      const [answer] = await this.#session.request(idRequest(xfrm.XFRM_MSG_GETSA, id), 'answer', signal);
      return answer && readState(answer);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Makes a state. Rejects with {@link KernelError}: EEXIST if there is one. */
  add(state: XfrmStateArguments, options: CallOptions = {}): Promise<void> {
    return this.#send(xfrm.XFRM_MSG_NEWSA, state, options);
  }

  /** Changes a state, or completes one that {@link allocate} has reserved. Rejects with {@link KernelError}. */
  change(state: XfrmStateArguments, options: CallOptions = {}): Promise<void> {
    return this.#send(xfrm.XFRM_MSG_UPDSA, state, options);
  }

  /**
   * Reserves an SPI: resolves with a state that holds its place for 30 seconds, to be completed by {@link change}. Rejects
   * with {@link KernelError}.
   */
  async allocate(given: XfrmSpiArguments, { signal }: CallOptions = {}): Promise<XfrmState> {
    const { family, saddr, daddr } = readEnds(given.source, given.destination);
    const proto = numberOf('protocol', TRANSFORM_PROTOCOLS, given.protocol, 0);
    const last = proto === xfrm.IPPROTO_COMP ? LAST_COMPRESSION_INDEX : LAST_SPI;
    const request = xfrmRequest(xfrm.XFRM_MSG_ALLOCSPI, 0, spiRequest, {
      info: {
        ...stateInfo.zero(),
        id: { daddr, spi: 0, proto },
        saddr,
        family,
        mode: numberOf('mode', MODES, given.mode, MODES.transport),
        reqid: check32('reqid', given.reqid) ?? 0,
        seq: check32('seq', given.seq) ?? 0,
      },
      min: check32('min', given.min) ?? FIRST_SPI,
      max: check32('max', given.max) ?? last,
    });
    xfrmAttributes.encode(request, { mark: readMark(given.mark) });
    const [answer] = await this.#session.request(request, 'answer', signal);
    const state = answer && readState(answer);
    if (state === undefined) throw new ArgumentError('protocol', 'the kernel has no such state');
    return state;
  }

  /** Deletes a state. Rejects with {@link KernelError}: ESRCH if there is none. */
  async delete(id: XfrmStateId, { signal }: CallOptions = {}): Promise<void> {
    await this.#session.request(idRequest(xfrm.XFRM_MSG_DELSA, id), 'ack', signal);
  }

  /**
   * Deletes all states that `filter` lets through; resolves with their number. Rejects with {@link ArgumentError} for a
   * filter that says nothing, with {@link KernelError}.
   */
  async flush(filter: XfrmStateFilter, options: CallOptions = {}): Promise<number> {
    if (isEmpty(filter)) throw new ArgumentError('filter', 'says nothing: it would delete everything');
    let count = 0;
    for (const state of await this.all(filter, options)) {
      try {
        await this.delete(state, options);
        count++;
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
    return count;
  }

  async #send(type: number, state: XfrmStateArguments, { signal }: CallOptions): Promise<void> {
    const info = this.#infoOf(state);
    const { replay_window: window = 0, aead, compression } = state;
    const hasWindow = (info.flags & xfrm.XFRM_STATE_ESN) !== 0 || window > MAX_PLAIN_WINDOW;
    const request = xfrmRequest(type, 0, stateInfo, { ...info, replay_window: hasWindow ? 0 : window });
    const authentication = readAlgorithm(state.authentication);
    const isCut = authentication?.icvBits !== undefined;
    const output = readMark(state.output_mark);
    xfrmAttributes.encode(request, {
      alg_crypt: readAlgorithm(state.encryption),
      alg_auth: isCut ? undefined : authentication,
      alg_auth_trunc: isCut ? authentication : undefined,
      alg_aead: readAlgorithm(aead),
      alg_comp: readAlgorithm(compression && { ...compression, key: new Uint8Array() }),
      mark: readMark(state.mark),
      replay_esn_val: hasWindow
        ? { oseq: 0, seq: 0, oseq_hi: 0, seq_hi: 0, replay_window: window, bitmap: [] }
        : undefined,
      sa_extra_flags: flagsOf('extra_flags', EXTRA_FLAGS, state.extra_flags) || undefined,
      set_mark: output?.v,
      set_mark_mask: output?.m,
      if_id: check32('if_id', state.if_id),
      sa_dir: numberOf('direction', { in: 1, out: 2 }, state.direction, 0) || undefined,
    });
    await this.#session.request(request, 'ack', signal);
  }

  #infoOf(state: XfrmStateArguments): StateInfo {
    const { devices } = this.#session.connection;
    const { family, saddr, daddr } = readEnds(state.source, state.destination);
    const proto = numberOf('protocol', TRANSFORM_PROTOCOLS, state.protocol, 0);
    check32('replay_window', state.replay_window);
    return {
      ...stateInfo.zero(),
      sel: readSelector(state.selector ?? {}, (argument, device) => devices.index(argument, device)),
      id: { daddr, spi: check32('spi', state.spi), proto },
      saddr,
      lft: readLimits(state.limits),
      seq: check32('seq', state.seq) ?? 0,
      reqid: check32('reqid', state.reqid) ?? 0,
      family,
      mode: numberOf('mode', MODES, state.mode, MODES.transport),
      flags: flagsOf('flags', STATE_FLAGS, state.flags),
    };
  }

  async *#batches(
    filter: XfrmStateFilter,
    { signal }: CallOptions,
    outcome: Outcome,
  ): AsyncGenerator<XfrmState[], void> {
    const request = new MessageWriter(xfrm.XFRM_MSG_GETSA, 0);
    const proto = numberOf('filter.protocol', TRANSFORM_PROTOCOLS, filter.protocol, AF_UNSPEC);
    xfrmAttributes.encode(request, { proto: proto || undefined });
    for await (const batch of this.#session.dump(request, outcome, signal))
      yield batch.flatMap(message => {
        const state = readState(message);
        return state !== undefined && isMeant(state, filter) ? [state] : [];
      });
  }
}

function isMeant(state: XfrmState, filter: XfrmStateFilter): boolean {
  return (Object.keys(filter) as (keyof XfrmStateFilter)[]).every(
    member => filter[member] === undefined || filter[member] === state[member],
  );
}

function idRequest(type: number, id: XfrmStateId): MessageWriter {
  const { family, saddr, daddr } = readEnds(id.source, id.destination);
  const proto = numberOf('protocol', TRANSFORM_PROTOCOLS, id.protocol, 0);
  const request = xfrmRequest(type, 0, stateId, { daddr, spi: check32('spi', id.spi), family, proto });
  xfrmAttributes.encode(request, {
    srcaddr: id.source === undefined ? undefined : saddr,
    mark: readMark(id.mark),
  });
  return request;
}

/** The state of a message; undefined if it is too short. */
export function readState({ bytes, payload, end }: Message): XfrmState | undefined {
  const info = stateInfo.read(bytes, payload, end - payload);
  return info && stateOf(info, xfrmAttributes.decode(bytes, payload + stateInfo.size, end));
}
