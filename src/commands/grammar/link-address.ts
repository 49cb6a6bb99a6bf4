/** Link-layer addresses on the command line. */
import { KernelError } from '../../kernel/system/errors.ts';
import { RTEXT_FILTER_SKIP_STATS } from '../../linux/rtnetlink.ts';
import { decodeLink, link } from '../../rtnetlink/link.ts';
import { EXIT_FAILURE, invalidHardwareAddress, UsageError } from '../../schema/args.ts';
import { type Value, value } from '../../schema/keywords.ts';
import { parseHardwareAddress, parseIpv4 } from '../../wire/address.ts';
import type { Context } from '../frame/context.ts';
import { kernelErrorText } from '../frame/report.ts';
import { linkGetRequest } from './device-request.ts';

/** Hex bytes with colons; with a dot four bytes in the notation of IPv4. */
export const LINK_ADDRESS: Value<Buffer> = value(
  { synopsis: 'LLADDR', examples: ['02:00:00:00:00:01'] },
  parseLinkAddress,
  invalidHardwareAddress,
);

/** Reads a link-layer address; throws the original's complaint about a wrong one. */
export function readLinkAddress(word: string): Buffer {
  const address = parseLinkAddress(word);
  if (address === undefined) throw invalidHardwareAddress(word);
  return address;
}

/** The same; undefined for a wrong one. */
export function parseLinkAddress(word: string): Buffer | undefined {
  const bytes = word.includes('.') ? parseIpv4(word) : parseHardwareAddress(word);
  return bytes && Buffer.from(bytes);
}

/** Complains about an address that is not as long as the device's. */
export function checkAddressLength(address: Buffer, index: number, context: Context): void {
  const answer = context.ask(linkGetRequest({ index }, RTEXT_FILTER_SKIP_STATS, 0));
  if (answer instanceof KernelError) {
    context.complain(kernelErrorText(answer));
    return;
  }
  const known = answer === undefined ? undefined : decodeLink(answer, link.select(['address']))?.address;
  if (known === undefined || known.length === address.length) return;
  const text = `Invalid address length ${address.length} - must be ${known.length} bytes`;
  throw new UsageError(text, EXIT_FAILURE);
}
