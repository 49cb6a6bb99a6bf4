/** The policies of a network: which packets are transformed. Source: linux/xfrm.h. */

import type { Outcome } from '../../kernel/netlink/dump.ts';
import { AF_INET } from '../../linux/families.ts';
import * as xfrm from '../../linux/xfrm.ts';
import type { Message } from '../../wire/message.ts';
import { MessageWriter } from '../../wire/writer.ts';
import { xfrmAttributes } from '../../xfrm/attributes.ts';
import { xfrmRequest } from '../../xfrm/messages.ts';
import {
  ACTIONS,
  DIRECTIONS,
  MODES,
  POLICY_FLAGS,
  POLICY_TYPES,
  TRANSFORM_PROTOCOLS,
} from '../../xfrm/names.ts';
import { policyId, policyInfo, type Selector, type Template, template } from '../../xfrm/structs.ts';
import { isNotFound, type ListOptions } from '../collections/collection.ts';
import type { CallOptions, Connection } from '../connection.ts';
import { Listing } from '../listing.ts';
import { ArgumentError, check32, flagsOf, isEmpty } from '../values/argument.ts';
import {
  numberOf,
  readEnds,
  readLimits,
  readMark,
  readSelector,
  type XfrmSelectorArguments,
} from './arguments.ts';
import type { XfrmSession } from './session.ts';
import {
  policyOf,
  type XfrmAction,
  type XfrmDirection,
  type XfrmLimits,
  type XfrmMark,
  type XfrmMode,
  type XfrmPolicy,
  type XfrmPolicyFlag,
  type XfrmPolicyType,
  type XfrmProtocol,
} from './values.ts';

/** What is to be done to packets. */
export interface XfrmTemplateArguments {
  /** The ends of a tunnel; those of the packet when left out. */
  readonly source?: string | undefined;
  readonly destination?: string | undefined;
  readonly protocol: XfrmProtocol;
  readonly spi?: number | undefined;
  readonly reqid?: number | undefined;
  readonly mode?: XfrmMode | undefined;
  /** Packets are sent as they are where there is no state. */
  readonly optional?: boolean | undefined;
}

/** What names a policy: its direction, and its index or its selector. */
export interface XfrmPolicyId {
  readonly direction: XfrmDirection;
  readonly index?: number | undefined;
  readonly selector?: XfrmSelectorArguments | undefined;
  readonly type?: XfrmPolicyType | undefined;
  readonly mark?: Partial<XfrmMark> | undefined;
  readonly if_id?: number | undefined;
}

/** A policy to be made or replaced. */
export interface XfrmPolicyArguments extends XfrmPolicyId {
  /** `allow` when left out. */
  readonly action?: XfrmAction | undefined;
  /** The policy with the least number comes first. */
  readonly priority?: number | undefined;
  readonly flags?: readonly XfrmPolicyFlag[] | undefined;
  readonly templates?: readonly XfrmTemplateArguments[] | undefined;
  readonly limits?: XfrmLimits | undefined;
}

/** Which policies are meant; all conditions must hold. */
export interface XfrmPolicyFilter {
  readonly direction?: XfrmDirection | undefined;
  readonly action?: XfrmAction | undefined;
  readonly priority?: number | undefined;
  readonly type?: XfrmPolicyType | undefined;
  readonly if_id?: number | undefined;
  /** Those of sockets as well, which nothing else can change; left out otherwise. */
  readonly of_socket?: boolean | undefined;
}

const ALL_ALGORITHMS = 0xffffffff;
const MOST_READINGS = 10;

/** The policies of a network. */
export class XfrmPolicies {
  /** @internal */
  readonly connection: Connection;
  readonly #session: XfrmSession;

  /** @internal */
  constructor(session: XfrmSession) {
    this.connection = session.connection;
    this.#session = session;
  }

  /** Yields the policies that `filter` lets through. Throws {@link KernelError}. */
  list(filter: XfrmPolicyFilter = {}, options: ListOptions = {}): AsyncGenerator<XfrmPolicy, void> {
    const outcome: Outcome = { interrupted: false };
    const onEnd = () => {
      if (outcome.interrupted) options.onInterrupted?.();
    };
    return new Listing(this.#batches(filter, options, outcome), onEnd);
  }

  /** All policies that `filter` lets through; read again if they change while they are read. Rejects with {@link KernelError}. */
  async all(filter: XfrmPolicyFilter = {}, options: CallOptions = {}): Promise<XfrmPolicy[]> {
    for (let reading = 1; ; reading++) {
      const outcome: Outcome = { interrupted: false };
      const policies: XfrmPolicy[] = [];
      for await (const batch of this.#batches(filter, options, outcome)) policies.push(...batch);
      if (!outcome.interrupted || reading === MOST_READINGS) return policies;
    }
  }

  /** A policy; undefined if there is none. Rejects with {@link KernelError}. */
  async get(id: XfrmPolicyId, { signal }: CallOptions = {}): Promise<XfrmPolicy | undefined> {
    const request = this.#idRequest(xfrm.XFRM_MSG_GETPOLICY, id);
    try {
      const [answer] = await this.#session.request(request, 'answer', signal);
      return answer && readPolicy(answer);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Makes a policy. Rejects with {@link KernelError}: EEXIST if there is one. */
  add(policy: XfrmPolicyArguments, options: CallOptions = {}): Promise<void> {
    return this.#send(xfrm.XFRM_MSG_NEWPOLICY, policy, options);
  }

  /** Makes a policy, or replaces the one that there is. Rejects with {@link KernelError}. */
  replace(policy: XfrmPolicyArguments, options: CallOptions = {}): Promise<void> {
    return this.#send(xfrm.XFRM_MSG_UPDPOLICY, policy, options);
  }

  /** Deletes a policy. Rejects with {@link KernelError}: ENOENT if there is none. */
  async delete(id: XfrmPolicyId, { signal }: CallOptions = {}): Promise<void> {
    await this.#session.request(this.#idRequest(xfrm.XFRM_MSG_DELPOLICY, id), 'ack', signal);
  }

  /**
   * Deletes all policies that `filter` lets through; resolves with their number. Rejects with {@link ArgumentError} for a
   * filter that says nothing, with {@link KernelError}.
   */
  async flush(filter: XfrmPolicyFilter, options: CallOptions = {}): Promise<number> {
    if (isEmpty(filter)) throw new ArgumentError('filter', 'says nothing: it would delete everything');
    let count = 0;
    for (const policy of await this.all({ ...filter, of_socket: false }, options)) {
      const { direction, index, type, mark, if_id } = policy;
      try {
        await this.delete({ direction, index, type, mark, if_id }, options);
        count++;
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
    return count;
  }

  async #send(type: number, policy: XfrmPolicyArguments, { signal }: CallOptions): Promise<void> {
    const request = xfrmRequest(type, 0, policyInfo, {
      ...policyInfo.zero(),
      sel: this.#selectorOf(policy),
      lft: readLimits(policy.limits),
      priority: check32('priority', policy.priority) ?? 0,
      index: check32('index', policy.index) ?? 0,
      dir: numberOf('direction', DIRECTIONS, policy.direction, 0),
      action: numberOf('action', ACTIONS, policy.action, ACTIONS.allow),
      flags: flagsOf('flags', POLICY_FLAGS, policy.flags),
    });
    const templates = policy.templates?.map(readTemplate) ?? [];
    xfrmAttributes.encode(request, {
      ...attributesOf(policy),
      tmpl: templates.length === 0 ? undefined : templates,
    });
    await this.#session.request(request, 'ack', signal);
  }

  #idRequest(messageType: number, id: XfrmPolicyId): MessageWriter {
    if (id.index === undefined && id.selector === undefined)
      throw new ArgumentError('index', 'is missing, as the selector is');
    const request = xfrmRequest(messageType, 0, policyId, {
      sel: this.#selectorOf(id),
      index: check32('index', id.index) ?? 0,
      dir: numberOf('direction', DIRECTIONS, id.direction, 0),
    });
    xfrmAttributes.encode(request, attributesOf(id));
    return request;
  }

  #selectorOf({ selector = {} }: XfrmPolicyId): Selector {
    const { devices } = this.#session.connection;
    const found = readSelector(selector, (argument, device) => devices.index(argument, device));
    return { ...found, family: found.family || AF_INET };
  }

  async *#batches(
    filter: XfrmPolicyFilter,
    { signal }: CallOptions,
    outcome: Outcome,
  ): AsyncGenerator<XfrmPolicy[], void> {
    const request = new MessageWriter(xfrm.XFRM_MSG_GETPOLICY, 0);
    for await (const batch of this.#session.dump(request, outcome, signal))
      yield batch.flatMap(message => {
        const policy = readPolicy(message);
        return policy !== undefined && isMeant(policy, filter) ? [policy] : [];
      });
  }
}

function isMeant(policy: XfrmPolicy, { of_socket, ...filter }: XfrmPolicyFilter): boolean {
  if (policy.of_socket && of_socket !== true) return false;
  return (Object.keys(filter) as (keyof typeof filter)[]).every(
    member => filter[member] === undefined || filter[member] === policy[member],
  );
}

function attributesOf({ type, mark, if_id }: XfrmPolicyId) {
  return {
    policy_type: type === undefined ? undefined : { type: numberOf('type', POLICY_TYPES, type, 0) },
    mark: readMark(mark),
    if_id: check32('if_id', if_id),
  };
}

function readTemplate(given: XfrmTemplateArguments, place: number): Template {
  const name = `templates.${place}.`;
  const { family, saddr, daddr } = readEnds(given.source, given.destination, name);
  const proto = numberOf(`${name}protocol`, TRANSFORM_PROTOCOLS, given.protocol, 0);
  return {
    ...template.zero(),
    id: { daddr, spi: check32(`${name}spi`, given.spi) ?? 0, proto },
    family,
    saddr,
    reqid: check32(`${name}reqid`, given.reqid) ?? 0,
    mode: numberOf(`${name}mode`, MODES, given.mode, MODES.transport),
    optional: given.optional === true ? 1 : 0,
    aalgos: ALL_ALGORITHMS,
    ealgos: ALL_ALGORITHMS,
    calgos: ALL_ALGORITHMS,
  };
}

/** The policy of a message; undefined if it is too short. */
export function readPolicy({ bytes, payload, end }: Message): XfrmPolicy | undefined {
  const info = policyInfo.read(bytes, payload, end - payload);
  return info && policyOf(info, xfrmAttributes.decode(bytes, payload + policyInfo.size, end));
}
