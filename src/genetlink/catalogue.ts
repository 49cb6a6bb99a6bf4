/** What messages of families are made of, for code that walks one without knowing it: the trace. */
import { GENL_ID_CTRL } from '../linux/genetlink.ts';
import type { MessageAnatomy } from '../rtnetlink/catalogue/message-catalogue.ts';
import type { Message } from '../wire/message.ts';
import { controller, readFamily } from './controller.ts';
import { commandOf, type GenericFamily, genericHeader } from './family.ts';
import { fou } from './fou.ts';
import { ila } from './ila.ts';
import { ioam6 } from './ioam6.ts';
import { l2tp } from './l2tp.ts';
import { macsec } from './macsec.ts';
import { mptcp } from './mptcp.ts';
import { seg6 } from './seg6.ts';
import { tcpMetrics } from './tcp-metrics.ts';

/** All families that are known here. */
export const FAMILIES: readonly GenericFamily[] = [
  controller,
  fou,
  ila,
  ioam6,
  l2tp,
  macsec,
  mptcp,
  seg6,
  tcpMetrics,
];

const header = { name: 'genlmsghdr', struct: genericHeader };

/** The families behind the ids of messages, as the controller's answers name them. */
export class FamilyIds {
  readonly #families = new Map<number, GenericFamily>([[GENL_ID_CTRL, controller]]);

  /** Notes the id of a family, if the message is one of the controller that names it. */
  learn(message: Message): void {
    const registered = readFamily(message);
    const family = registered && FAMILIES.find(({ name }) => name === registered.name);
    if (registered !== undefined && family !== undefined) this.#families.set(registered.id, family);
  }

  /** What is known of a message. */
  anatomyOf(message: Message): MessageAnatomy | undefined {
    const family = this.#families.get(message.type);
    if (family === undefined) return undefined;
    // What multicast groups receive answers nobody.
    const set =
      family.events !== undefined && message.sequence === 0 && message.port === 0 ? family.events : family;
    const number = commandOf(message);
    const [name, command] = Object.entries(set.commands).find(([, [known]]) => known === number) ?? [];
    return {
      name: name === undefined ? `${family.name}, command ${number}` : set.commandPrefix + name.toUpperCase(),
      verb: command?.[1] ?? 'set',
      header,
      attributes: {
        rows: set.attributes.rows,
        prefix: set.attributePrefix,
        ...(family.hasSecrets ? { hidesUnknown: true } : {}),
        ...(set.nestedPrefixes === undefined ? {} : { nestedPrefixes: set.nestedPrefixes }),
      },
    };
  }
}
