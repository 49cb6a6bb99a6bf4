/** Which hosts `ip tcp_metrics` is about: an address or prefix, and the address that we have towards it. */
import type { TcpMetrics } from '../../genetlink/tcp-metrics.ts';
import { AF_INET, AF_INET6, AF_UNSPEC } from '../../linux/families.ts';
import { type Args, duplicateOrGarbage, EXIT_FAILURE, UsageError, UsageRequest } from '../../schema/args.ts';
import { type Grammar, hidden, type Operand, reads, readWord } from '../../schema/keywords.ts';
import { packIp } from '../../wire/address.ts';
import type { Context } from '../frame/context.ts';
import { addressBits, isInside, type Prefix, parsePrefix } from '../grammar/prefix.ts';

/** What the words say. */
export interface Selector {
  /** Only whole addresses may be meant. */
  readonly isOfOne?: boolean;
  destination?: Prefix;
  source?: Prefix;
}

const PREFIX: Operand = { synopsis: 'PREFIX', examples: ['10.0.0.0/8', '10.0.0.1', 'fd00::/8', 'any'] };
const SOURCE: Operand = { synopsis: 'ADDRESS', examples: ['10.0.0.2', 'fd00::2'] };

/** The words of all commands. */
export const SELECTOR_GRAMMAR: Grammar<Selector, Context> = {
  keywords: [
    reads('source', [SOURCE], sourceAfter('source')),
    hidden(reads('src', [SOURCE], sourceAfter('src'))),
    reads('address', [PREFIX], destinationAfter('address')),
    hidden(reads('addr', [PREFIX], destinationAfter('addr'))),
  ],
  operand: PREFIX,
  readOperand: destinationAfter('address'),
};

/** Errors name the word that was written. */
function sourceAfter(keyword: string) {
  return (selector: Selector, args: Args, { family }: Context): void => {
    const word = readWordOf(keyword, selector.source, args);
    const source = parsePrefix(word, family);
    if (!isWhole(source)) throw notSpecific(word);
    selector.source = source;
  };
}

function destinationAfter(keyword: string) {
  return (selector: Selector, args: Args, { family }: Context): void => {
    const word = readWordOf(keyword, selector.destination, args);
    selector.destination = parsePrefix(word, family);
    if (selector.isOfOne && !isWhole(selector.destination)) throw notSpecific(word);
  };
}

function readWordOf(keyword: string, given: Prefix | undefined, args: Args): string {
  const word = args.next();
  if (word !== '' && 'help'.startsWith(word)) throw new UsageRequest();
  if (given !== undefined) throw duplicateOrGarbage(keyword, word);
  return word;
}

/** `a specific IP address is expected rather than "X"`, exit 1. */
function notSpecific(word: string): UsageError {
  return new UsageError(`Error: a specific IP address is expected rather than "${word}"`, EXIT_FAILURE, true);
}

/** Whether a prefix is a whole address. */
export function isWhole({ family, length }: Prefix): boolean {
  return family !== AF_UNSPEC && length === addressBits(family);
}

/** Reads the words of a command. After each item one word is passed over, as in the original. */
export function readSelector(args: Args, context: Context, isOfOne = false): Selector {
  const { family } = context;
  if (family !== AF_UNSPEC && family !== AF_INET && family !== AF_INET6)
    throw new UsageError(`Unsupported protocol family: ${family}`, EXIT_FAILURE);
  const selector: Selector = { isOfOne };
  while (readWord(SELECTOR_GRAMMAR, selector, args, context)) if (!args.done) args.skip();
  return selector;
}

/** Whether an entry is one of those that are meant; one without a source may have any. */
export function isSelected(found: TcpMetrics, { destination, source }: Selector, family: number): boolean {
  const address = packIp(found.address);
  if (family !== AF_UNSPEC && address.length << 3 !== addressBits(family)) return false;
  if (destination !== undefined && destination.family !== AF_UNSPEC) {
    if (address.length !== destination.bytes.length || !isInside(address, 0, destination)) return false;
  }
  if (found.source === undefined || source === undefined) return true;
  return Buffer.from(packIp(found.source)).equals(source.bytes);
}
