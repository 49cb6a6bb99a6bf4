/** `xdp ...` among the arguments of `ip link`: detaching a program, attaching a pinned one. */
import { openPinnedProgram } from '../../kernel/system/bpf.ts';
import { SystemError } from '../../kernel/system/errors.ts';
import type { LinkAttributes } from '../../rtnetlink/link.ts';
import { type Args, EXIT_USAGE, isPrefixOf, UsageError } from '../../schema/args.ts';

/** XDP_FLAGS_*. */
const UPDATE_IF_NOEXIST = 1;
const NO_PROGRAM = -1;

/** Keywords, with the flag that each sets: where the program runs. */
export const XDP_MODES: Readonly<Record<string, number>> = {
  xdp: 0,
  xdpgeneric: 2,
  xdpdrv: 4,
  xdpoffload: 8,
};

/** Reads the words after a keyword of {@link XDP_MODES}. The caller closes the descriptor in `fd`, if it is not -1. */
export function readXdp(
  args: Args,
  mode: number,
  isForced: boolean,
): NonNullable<LinkAttributes['xdp']> & { readonly fd: number } {
  const flags = (isForced ? mode : mode | UPDATE_IF_NOEXIST) || undefined;
  const word = args.next();
  if ((word === 'off' || word === 'none') && args.done) return { fd: NO_PROGRAM, flags };
  if (isPrefixOf(word, 'fd') || isPrefixOf(word, 'pinned')) {
    const fd = openProgram(args.next());
    args.acceptPrefix('verbose');
    return { fd, flags };
  }
  if (isPrefixOf(word, 'object')) {
    args.next();
    throw new UsageError('Loading a program from an object file is not supported by tsip.', EXIT_USAGE);
  }
  throw new UsageError(`What mode is "${word}"?`, EXIT_USAGE);
}

function openProgram(path: string): number {
  try {
    return openPinnedProgram(path, `Couldn't retrieve pinned program '${path}'`);
  } catch (error) {
    if (error instanceof SystemError) throw new UsageError(error.message, EXIT_USAGE);
    throw error;
  }
}
