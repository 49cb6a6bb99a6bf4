/** Dumps of a command: what arrives is handed on, and a refusal ends the command in the original's words. */
import type { Outcome } from '../../kernel/netlink/dump.ts';
import type { NetlinkSession } from '../../kernel/netlink/session.ts';
import { KernelError } from '../../kernel/system/errors.ts';
import { EMSGSIZE, ENOENT, EOPNOTSUPP } from '../../linux/errno.ts';
import { RTM_GETADDR, RTM_GETLINK } from '../../linux/rtnetlink.ts';
import type { Message } from '../../wire/message.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import { CommandFailed, kernelErrorText } from './report.ts';
import type { Streams } from './streams.ts';
import { isTruncated, truncationText } from './truncated.ts';

/** Dumps in which the original passes over what is too short: of devices and addresses. */
const UNCHECKED: ReadonlySet<number> = new Set([RTM_GETLINK, RTM_GETADDR]);

export interface DumpOptions {
  /** One of another protocol than rtnetlink. */
  readonly session?: NetlinkSession;
  /** Refusals that are thrown as they are, without a word. */
  readonly isCaught?: (refusal: KernelError) => boolean;
  /** The list may be long, and nothing else is asked over the session before its end. */
  readonly readsAhead?: boolean;
  /** What is asked for need not exist. */
  readonly mayBeAbsent?: boolean;
  readonly exitCode?: number;
  /** The line after the refusal, which may be the kernel's. */
  readonly verdict?: string | ((refusal: KernelError | undefined) => string);
}

/** What a dump has of the call that it belongs to. */
export interface Dumper {
  readonly streams: Streams;
  blockingSession(): NetlinkSession;
  complain(text: string): void;
}

/**
 * Yields the messages of a dump. A refusal is reported in the original's words and ends the command with
 * `exitCode`, after the line that commands add; of a table that does not exist or is not supported only that line.
 */
export async function* dumpMessages(
  dumper: Dumper,
  request: MessageWriter,
  options: DumpOptions,
): AsyncGenerator<readonly Message[], void> {
  const outcome: Outcome = { interrupted: false };
  try {
    const { readsAhead, session } = options;
    for await (const batch of (session ?? dumper.blockingSession()).dump(request, outcome, readsAhead)) {
      const isUnchecked = session !== undefined || UNCHECKED.has(request.type);
      const at = isUnchecked ? -1 : batch.findIndex(isTruncated);
      yield at < 0 ? batch : batch.slice(0, at);
      const drained = dumper.streams.drained?.();
      if (drained !== undefined) await drained;
      if (at >= 0) refuse(dumper, truncationText(batch[at]!), options);
    }
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    if (options.isCaught?.(error)) throw error;
    if (options.mayBeAbsent && error.endsDump && error.errno === ENOENT) return;
    refuse(dumper, reasonOf(error), options, error);
  }
  if (outcome.interrupted) dumper.complain('Dump was interrupted and may be inconsistent.');
}

function refuse(
  dumper: Dumper,
  reason: string | undefined,
  { verdict = 'Dump terminated', exitCode }: DumpOptions,
  cause?: KernelError,
): never {
  if (reason !== undefined) dumper.complain(reason);
  dumper.complain(typeof verdict === 'string' ? verdict : verdict(cause));
  throw new CommandFailed(exitCode ?? 1, cause);
}

/** The report of a dump that the kernel refuses; undefined where the original prints only the line that follows. */
function reasonOf(error: KernelError): string | undefined {
  if (error.endsDump && error.reason === undefined) {
    if (error.errno === ENOENT || error.errno === EOPNOTSUPP) return undefined;
    if (error.errno === EMSGSIZE) return 'Error: Buffer too small for object.';
  }
  return kernelErrorText(error);
}
