/** What the kernel reports of IPsec, as typed events. Source: linux/xfrm.h XFRMNLGRP_*. */

import * as xfrm from '../../linux/xfrm.ts';
import type { StructCodec } from '../../wire/codec.ts';
import type { Message } from '../../wire/message.ts';
import { type XfrmAttributes, xfrmAttributes } from '../../xfrm/attributes.ts';
import { TRANSFORM_PROTOCOLS, wordOf } from '../../xfrm/names.ts';
import * as structs from '../../xfrm/structs.ts';
import {
  addressOf,
  policyOf,
  selectorOf,
  stateOf,
  type XfrmPolicy,
  type XfrmProtocol,
  type XfrmSelector,
  type XfrmState,
} from './values.ts';

/** A state or policy was made, changed or deleted. */
export type XfrmChangeEvent =
  | { readonly event: 'set' | 'delete'; readonly object: 'state'; readonly value: XfrmState }
  | { readonly event: 'set' | 'delete'; readonly object: 'policy'; readonly value: XfrmPolicy };

/** A state or policy has expired: softly, so that it is to be replaced, or for good. */
export type XfrmExpireEvent =
  | { readonly event: 'expire'; readonly object: 'state'; readonly hard: boolean; readonly value: XfrmState }
  | {
      readonly event: 'expire';
      readonly object: 'policy';
      readonly hard: boolean;
      readonly value: XfrmPolicy;
    };

/** A policy wants a state that is not there: a key manager answers with one that has the same `seq`. */
export interface XfrmAcquireEvent {
  readonly event: 'acquire';
  readonly source: string;
  readonly destination: string;
  readonly protocol: XfrmProtocol;
  readonly seq: number;
  /** The packet that wants it. */
  readonly selector: XfrmSelector;
  readonly policy: XfrmPolicy;
}

/** All states of a protocol, or all policies, have been deleted. */
export interface XfrmFlushEvent {
  readonly event: 'flush';
  readonly object: 'state' | 'policy';
  /** Undefined for all. */
  readonly protocol?: XfrmProtocol;
}

/** Events were lost: what was learnt before counts no more. */
export interface XfrmLossEvent {
  readonly event: 'loss';
}

/** What the kernel reports of IPsec. */
export type XfrmEvent = XfrmChangeEvent | XfrmExpireEvent | XfrmAcquireEvent | XfrmFlushEvent | XfrmLossEvent;

/** The groups of all events. */
export const XFRM_GROUPS = [
  xfrm.XFRMNLGRP_ACQUIRE,
  xfrm.XFRMNLGRP_EXPIRE,
  xfrm.XFRMNLGRP_SA,
  xfrm.XFRMNLGRP_POLICY,
] as const;

/** The event of a message; undefined for messages that are too short or say nothing here. */
export function readXfrmEvent(message: Message): XfrmEvent | undefined {
  switch (message.type) {
    case xfrm.XFRM_MSG_NEWSA:
    case xfrm.XFRM_MSG_UPDSA:
      return read(message, structs.stateInfo, (info, attributes) => ({
        event: 'set',
        object: 'state',
        value: stateOf(info, attributes),
      }));
    case xfrm.XFRM_MSG_DELSA:
      return read(message, structs.stateId, (_id, { sa, ...attributes }) =>
        sa === undefined ? undefined : { event: 'delete', object: 'state', value: stateOf(sa, attributes) },
      );
    case xfrm.XFRM_MSG_NEWPOLICY:
    case xfrm.XFRM_MSG_UPDPOLICY:
      return read(message, structs.policyInfo, (info, attributes) => ({
        event: 'set',
        object: 'policy',
        value: policyOf(info, attributes),
      }));
    case xfrm.XFRM_MSG_DELPOLICY:
      return read(message, structs.policyId, (_id, { policy, ...attributes }) =>
        policy === undefined
          ? undefined
          : { event: 'delete', object: 'policy', value: policyOf(policy, attributes) },
      );
    case xfrm.XFRM_MSG_EXPIRE:
      return read(message, structs.stateExpiry, ({ state, hard }, attributes) => ({
        event: 'expire',
        object: 'state',
        hard: hard !== 0,
        value: stateOf(state, attributes),
      }));
    case xfrm.XFRM_MSG_POLEXPIRE:
      return read(message, structs.policyExpiry, ({ pol, hard }, attributes) => ({
        event: 'expire',
        object: 'policy',
        hard: hard !== 0,
        value: policyOf(pol, attributes),
      }));
    case xfrm.XFRM_MSG_ACQUIRE:
      return read(message, structs.acquire, acquireOf);
    case xfrm.XFRM_MSG_FLUSHSA:
      return read(message, structs.stateFlush, ({ proto }) => {
        const protocol = wordOf(TRANSFORM_PROTOCOLS, proto);
        return { event: 'flush', object: 'state', ...(protocol === undefined ? {} : { protocol }) };
      });
    case xfrm.XFRM_MSG_FLUSHPOLICY:
      return { event: 'flush', object: 'policy' };
    default:
      return undefined;
  }
}

function acquireOf(
  { id, saddr, sel, policy, seq }: ReturnType<typeof structs.acquire.zero>,
  attributes: XfrmAttributes,
): XfrmAcquireEvent {
  const family = sel.family || policy.sel.family;
  return {
    event: 'acquire',
    source: addressOf(saddr, family),
    destination: addressOf(id.daddr, family),
    protocol: wordOf(TRANSFORM_PROTOCOLS, id.proto) ?? (String(id.proto) as XfrmProtocol),
    seq,
    selector: selectorOf(sel, family),
    policy: policyOf(policy, attributes),
  };
}

function read<T>(
  { bytes, payload, end }: Message,
  struct: StructCodec<T>,
  make: (info: T, attributes: XfrmAttributes) => XfrmEvent | undefined,
): XfrmEvent | undefined {
  const info = struct.read(bytes, payload, end - payload);
  if (info === undefined) return undefined;
  return make(info, xfrmAttributes.decode(bytes, payload + ((struct.size + 3) & ~3), end));
}
