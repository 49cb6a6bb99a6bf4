/** Refusals of the kernel, and the wording of error numbers (glibc's strerror, not libuv's). */
import { NETLINK_ROUTE } from '../../linux/netlink.ts';
import { lazy } from '../../wire/lazy.ts';
import { STRERROR } from './strerror.ts';

/** Filled at the first error: most calls have none. */
const codeByNumber = lazy(() => {
  const { errno } = process.getBuiltinModule('node:os').constants;
  return new Map<number, string>(Object.entries(errno).map(([code, number]) => [number, code]));
});

/** The symbolic name of an error number: `EEXIST` for 17. */
export function errorCode(errno: number): string {
  return codeByNumber().get(errno) ?? `E${errno}`;
}

/** glibc's text of an error number: `File exists` for 17. */
export function strerror(errno: number): string {
  return STRERROR[errno] ?? `Unknown error ${errno}`;
}

/** The contents of an extended acknowledgement (linux/netlink.h NLMSGERR_ATTR_*). */
export interface ExtendedAck {
  /** The kernel's own words. */
  readonly reason?: string | undefined;
  /** Offset, from the request's header, of the attribute that was refused. */
  readonly offset?: number | undefined;
  /** Number of a required attribute that is missing, and the offset of the nest that lacks it (0: outermost). */
  readonly missingType?: number | undefined;
  readonly missingNest?: number | undefined;
}

/** A request that the kernel refused. */
export class KernelError extends Error {
  /** Positive error number. */
  readonly errno: number;
  /** Its symbolic name, like `EEXIST`. */
  readonly code: string;
  readonly extendedAck: ExtendedAck;
  /** The refused request as it was sent, to find the attribute that `extendedAck.offset` points at. */
  readonly request: Buffer;
  /** Whether it ended a dump that had begun. */
  readonly endsDump: boolean;
  /** The netlink protocol (NETLINK_*) of the request: what its type and attributes mean depends on it. */
  readonly protocol: number;
  /**
   * The attribute that was refused or is missing, as the path of its names: `linkinfo.data.id`. Set by the library's
   * calls, where the kernel reports it.
   */
  attribute: string | undefined;
  /** The library's call that it refused, like `addresses.add`; undefined for requests of a session. */
  call: string | undefined;
  /** What that call was given. */
  arguments: readonly unknown[] | undefined;
  /** What may help, where something is known. */
  hint: string | undefined;

  constructor(
    errno: number,
    request: Buffer,
    extendedAck: ExtendedAck = {},
    { endsDump = false, protocol = NETLINK_ROUTE }: { endsDump?: boolean; protocol?: number } = {},
  ) {
    super(extendedAck.reason ?? strerror(errno));
    this.name = 'KernelError';
    this.errno = errno;
    this.code = errorCode(errno);
    this.extendedAck = extendedAck;
    this.request = request;
    this.endsDump = endsDump;
    this.protocol = protocol;
  }

  /** The kernel's own words, when it had any. */
  get reason(): string | undefined {
    return this.extendedAck.reason;
  }
}

/** A system call that failed; `phrase` says in the original's words what was tried. */
export class SystemError extends Error {
  readonly errno: number;
  readonly code: string;
  readonly phrase: string;

  constructor(phrase: string, errno: number) {
    super(`${phrase}: ${strerror(errno)}`);
    this.name = 'SystemError';
    this.errno = errno;
    this.code = errorCode(errno);
    this.phrase = phrase;
  }
}

/** Passes on the result of a native call; a negative one becomes a {@link SystemError}. */
export function check(result: number, phrase: string): number {
  if (result < 0) throw new SystemError(phrase, -result);
  return result;
}

/** The positive error number of an error thrown by node:fs; rethrows anything else. */
export function errnoOf(error: unknown): number {
  const { errno } = error as NodeJS.ErrnoException;
  if (typeof errno !== 'number') throw error;
  return Math.abs(errno);
}
