/** What the trace knows of each netlink protocol: what its messages are made of, and which of them only ask. */
import { FamilyIds } from '../genetlink/catalogue.ts';
import {
  NETLINK_GENERIC,
  NETLINK_ROUTE,
  NETLINK_XFRM,
  NLM_F_DUMP,
  NLMSG_MIN_TYPE,
} from '../linux/netlink.ts';
import { type MessageAnatomy, schemaOf } from '../rtnetlink/catalogue/message-catalogue.ts';
import type { Message } from '../wire/message.ts';
import { xfrmAnatomy } from '../xfrm/messages.ts';

/** What is known of the messages of a protocol. */
export interface Protocol {
  /** What a message is made of; undefined if that is not known. */
  anatomyOf(message: Message): MessageAnatomy | undefined;
  /** Called with what is received: it may say what later messages are. */
  learn?(message: Message): void;
  /** Messages that are not known may hold keys: their bytes are not shown. */
  readonly hidesUnknown?: boolean;
}

/** NETLINK_ROUTE. */
export const routing: Protocol = {
  anatomyOf: ({ type, bytes, payload, end }) => schemaOf(type, payload < end ? bytes[payload] : 0),
};

/** NETLINK_XFRM. */
const xfrm: Protocol = { anatomyOf: xfrmAnatomy, hidesUnknown: true };

const unknown: Protocol = { anatomyOf: () => undefined, hidesUnknown: true };

/** What is known of the protocols that one call speaks. */
export class Protocols {
  readonly #generic = Object.assign(new FamilyIds(), { hidesUnknown: true });

  /** That of a socket. */
  of(protocol = NETLINK_ROUTE): Protocol {
    if (protocol === NETLINK_ROUTE) return routing;
    if (protocol === NETLINK_XFRM) return xfrm;
    return protocol === NETLINK_GENERIC ? this.#generic : unknown;
  }
}

/** Whether a request changes something. Of messages that are not known only dumps are sure to change nothing. */
export function isChange(message: Message, protocol: Protocol): boolean {
  if (message.type < NLMSG_MIN_TYPE) return false;
  const anatomy = protocol.anatomyOf(message);
  if (anatomy !== undefined) return anatomy.verb !== 'get';
  return protocol === routing ? (message.type & 3) !== 2 : (message.flags & NLM_F_DUMP) !== NLM_F_DUMP;
}
