/** What hints read from errors: the refused request, and the error that a command has printed already. */

import type { KernelError, SystemError } from '../../kernel/system/errors.ts';
import { NETLINK_ROUTE, NLM_F_CREATE } from '../../linux/netlink.ts';
import { RTM_NEWLINK } from '../../linux/rtnetlink.ts';
import { type LinkAttributes, link, linkHeader } from '../../rtnetlink/link.ts';
import type { UsageError } from '../../schema/args.ts';
import { HEADER_LENGTH } from '../../wire/message.ts';
import type { CommandFailed } from '../frame/report.ts';

/** Errors are known by their names: hints are a separate program file, with its own classes. */
function isNamed<E extends Error>(error: unknown, name: string): error is E {
  return error instanceof Error && error.name === name;
}

/** The error behind one that only ends a command. */
export function causeOf(error: unknown): unknown {
  return isNamed<CommandFailed>(error, 'CommandFailed') ? error.cause : error;
}

export function kernelErrorOf(error: unknown): KernelError | undefined {
  const cause = causeOf(error);
  return isNamed<KernelError>(cause, 'KernelError') ? cause : undefined;
}

export function systemErrorOf(error: unknown): SystemError | undefined {
  const cause = causeOf(error);
  return isNamed<SystemError>(cause, 'SystemError') ? cause : undefined;
}

/** The words of a usage error. */
export function complaintOf(error: unknown): string | undefined {
  const cause = causeOf(error);
  return isNamed<UsageError>(cause, 'UsageError') ? cause.message : undefined;
}

/** RTM_* of the refused request; 0 for requests of other protocols than rtnetlink. */
export function requestType({ request, protocol }: KernelError): number {
  return protocol !== NETLINK_ROUTE || request.length < HEADER_LENGTH ? 0 : request.readUInt16LE(4);
}

/** True when the refused request was to make something. */
export function isCreation({ request }: KernelError): boolean {
  return request.length >= HEADER_LENGTH && (request.readUInt16LE(6) & NLM_F_CREATE) !== 0;
}

/** The attributes of a refused request about a link. */
export function linkOf(error: KernelError): LinkAttributes | undefined {
  if (requestType(error) !== RTM_NEWLINK) return undefined;
  return link.decode(error.request, HEADER_LENGTH + linkHeader.size, error.request.length);
}

/** The word after `keyword` in a command line. */
export function wordAfter(words: readonly string[], keyword: string): string | undefined {
  const at = words.indexOf(keyword);
  return at < 0 ? undefined : words[at + 1];
}
