/** Messages that are shorter than the struct that they begin with: the kernel sends none, but files may hold them. */
import { type Message, walkAttributes } from '../../wire/message.ts';

/** The struct that messages begin with. */
interface Struct {
  readonly length: number;
  /** What the original says where it is cut, after its usual words; undefined: nothing at all. */
  readonly suffix?: string;
}

/** By the first type (RTM_NEW...) of the messages. */
const STRUCTS: Readonly<Record<number, Struct>> = {
  16: { length: 16 }, // ifinfomsg
  20: { length: 8, suffix: '' }, // ifaddrmsg
  24: { length: 12, suffix: '' }, // rtmsg
  28: { length: 12, suffix: '' }, // ndmsg
  32: { length: 12 }, // fib_rule_hdr
  52: { length: 12, suffix: '' }, // prefixmsg
  56: { length: 8, suffix: '' }, // ifaddrmsg
  60: { length: 8, suffix: '' }, // ifaddrmsg
  64: { length: 4, suffix: '' }, // ndtmsg
  72: { length: 12 }, // ifaddrlblmsg
  80: { length: 4, suffix: '' }, // netconfmsg
  88: { length: 4, suffix: ' in print_nsid' }, // rtgenmsg
  92: { length: 12, suffix: '' }, // if_stats_msg
  104: { length: 8, suffix: '' }, // nhmsg
  116: { length: 8, suffix: '' }, // nhmsg
};

function structOf({ type }: Message): Struct | undefined {
  return STRUCTS[type & ~3];
}

/** Whether a message is shorter than the struct it begins with. */
export function isTruncated(message: Message): boolean {
  return message.end - message.payload < (structOf(message)?.length ?? 0);
}

/** The original's words for a message that is short; undefined where it has none. */
export function truncationText(message: Message): string | undefined {
  const { length, suffix } = structOf(message) ?? { length: 0 };
  return suffix === undefined
    ? undefined
    : `BUG: wrong nlmsg len ${message.end - message.payload - length}${suffix}`;
}

/** Complains in the original's words of attributes that do not end where their message does. */
export function complainOfTrailingBytes(message: Message, context: { complain(text: string): void }): void {
  const text = trailingBytesText(message);
  if (text !== undefined) context.complain(text);
}

function trailingBytesText(message: Message): string | undefined {
  const { bytes, payload, end } = message;
  let next = payload + (structOf(message)?.length ?? 0);
  walkAttributes(bytes, next, end, (_type, at, length) => {
    next = at + ((length + 3) & ~3);
  });
  const length = (bytes[next] ?? 0) | ((bytes[next + 1] ?? 0) << 8);
  return next < end ? `!!!Deficit ${end - next}, rta_len=${length}` : undefined;
}
