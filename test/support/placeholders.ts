/**
 * What two runs of the same commands cannot have in common: random addresses, inode numbers, timers. Random
 * values become placeholders, numbered as they first appear, so that "the same address again" is still compared.
 */

/** Numbers that are a time: the two runs may differ by so much. Everything besides group 1 must be equal. */
const timers: readonly { pattern: RegExp; tolerance: number }[] = [
  { pattern: /(?:valid_lft|preferred_lft|expires) (-?\d+)sec/g, tolerance: 3 },
  { pattern: /"?(?:valid_life_time|preferred_life_time|expires)"?(?:: ?| = )(\d+)/g, tolerance: 3 },
  { pattern: /(?:hello_timer|tcn_timer|topology_change_timer) {1,}(\d+\.\d\d)/g, tolerance: 3 },
  { pattern: /"(?:hello_timer|tcn_timer|topology_change_timer)": ?(\d+\.\d\d)/g, tolerance: 3 },
  // It ends at once at first, and then every five minutes.
  { pattern: /gc_timer {1,}(\d+\.\d\d)/g, tolerance: 300 },
  { pattern: /"gc_timer": ?(\d+\.\d\d)/g, tolerance: 300 },
  { pattern: /(?:message_age_timer|forward_delay_timer|hold_timer) {1,}(\d+\.\d\d)/g, tolerance: 3 },
  { pattern: /"(?:message_age_timer|forward_delay_timer|hold_timer)": ?(\d+\.\d\d)/g, tolerance: 3 },
  // An age of 0 is not printed.
  { pattern: /(?<=\busers \d+)(?!\d)(?: age (\d+)sec)?/g, tolerance: 3 },
  { pattern: /(?<="users": ?\d+)(?!\d)(?:,\s*"age": ?(\d+))?/g, tolerance: 3 },
  { pattern: /\bage (\d+)sec/g, tolerance: 3 },
  { pattern: /"age": ?(\d+)/g, tolerance: 3 },
  { pattern: /used (\d+)\/\d+\/\d+/g, tolerance: 3 },
  { pattern: /used \d+\/(\d+)\/\d+/g, tolerance: 3 },
  { pattern: /used \d+\/\d+\/(\d+)/g, tolerance: 3 },
  { pattern: /"(?:used|confirmed|updated)": ?(\d+)/g, tolerance: 3 },
];

/** Random values, or what follows from such: one expression, so that they are numbered in reading order. */
const random = new RegExp(
  [
    '(?<bridge>(?<=\\b[0-9a-f]{4}\\.)[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}(?![0-9a-f:]))',
    '(?<mac>(?<![0-9a-f:.])[0-9a-f]{2}(?::[0-9a-f]{2}){5}(?![0-9a-f:]))',
    '(?<local>(?<![0-9a-f:])fe80::[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){2,3}(?![0-9a-f:]))',
    '(?<node>(?<![0-9a-f:])ff02::1:ff[0-9a-f]{2}:[0-9a-f]{1,4}(?![0-9a-f:]))',
    '(?<inode>(?<=\\b[a-z_]+:\\[)\\d+(?=\\]))',
  ].join('|'),
  'g',
);

/** The null, broadcast and well-known multicast addresses, which are never drawn. */
const fixed = /^(00:){5}00$|^(ff:){5}ff$|^33:33:00|^01:00:5e|^01:80:c2/;

/** Replaces the random values of one run; one instance goes through all of its output in order. */
export class Placeholders {
  readonly #given: string;
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  /** `given` is the text of all that the test itself says: what occurs in it is not random. */
  constructor(given: string) {
    this.#given = given.toLowerCase();
  }

  /** Numbers link-local addresses in the order given, before they appear in an order that depends on them. */
  expect(addresses: readonly string[]): void {
    for (const address of addresses) this.apply(address);
  }

  apply(text: string): string {
    return text.replace(random, (value, ...rest) => {
      const groups: Record<string, string | undefined> = rest.at(-1);
      if (groups.bridge) return this.#bridgeId(value);
      const kind = Object.keys(groups).find(name => groups[name] !== undefined);
      return this.#name(kind!, value);
    });
  }

  /** A bridge id spells the address without leading zeros; it is the same address all the same. */
  #bridgeId(id: string): string {
    const address = id.replace(/\b[0-9a-f]\b/g, '0$&');
    if (this.#given.includes(id)) return id;
    const name = this.#name('mac', address);
    return name === address ? id : /\b0[0-9a-f]/.test(id) ? `${name} (padded)` : name;
  }

  #name(kind: string, value: string): string {
    if (fixed.test(value) || this.#given.includes(value)) return value;
    const key = `${kind} ${value}`;
    let name = this.#names.get(key);
    if (name === undefined) {
      const count = (this.#counts.get(kind) ?? 0) + 1;
      this.#counts.set(kind, count);
      name = `<${kind} ${count}>`;
      this.#names.set(key, name);
    }
    return name;
  }
}

/** `other` with its timers set to those of `text`, where they differ by no more than time may pass. */
export function alignTimers(text: string, other: string): string {
  let aligned = other;
  for (const { pattern, tolerance } of timers) {
    const wanted = [...text.matchAll(pattern)];
    let at = 0;
    aligned = aligned.replace(pattern, (whole: string, number = '0') => {
      const match = wanted[at++];
      return match && Math.abs(Number(match[1] ?? 0) - Number(number)) <= tolerance ? match[0] : whole;
    });
  }
  return aligned;
}
