/** `xdp ...` among the words of `ip link`: detaching a program, attaching a pinned one. */
import { openPinnedProgram } from '../../kernel/system/bpf.ts';
import { SystemError } from '../../kernel/system/errors.ts';
import { type Args, EXIT_USAGE, incompleteCommand, UsageError } from '../../schema/args.ts';
import { findKeyword, flag, type Grammar, type Keyword, reads, shortened } from '../../schema/keywords.ts';
import type { Names } from '../../schema/names.ts';
import type { Context } from '../frame/context.ts';
import { closeProgram, type LinkDraft } from './draft.ts';

/** XDP_FLAGS_*. */
const UPDATE_IF_NOEXIST = 1;
const SKB_MODE = 2;
const DRV_MODE = 4;
const HW_MODE = 8;
const NO_PROGRAM = -1;

/** The descriptor of a program. */
interface Program {
  fd: number;
}

const FILE = { synopsis: 'FILE', names: 'file' } as const;
const VERBOSE = { synopsis: 'verbose', words: ['verbose'], isOptional: true } as const;
const SECTION = { synopsis: '{ section | program } NAME', isOptional: true } as const;

/** What stands after `xdp`. `off` and `none` are keywords at the end of the line only. */
const PROGRAM_GRAMMAR: Grammar<Program, unknown> = {
  keywords: [
    flag('off', detach),
    shortened(
      reads('object', [FILE, SECTION, VERBOSE], (_program, args) => {
        args.next();
        throw new UsageError('Loading a program from an object file is not supported by tsip.', EXIT_USAGE);
      }),
    ),
    shortened(reads('pinned', [FILE], readPinned)),
    { ...flag('none', detach), isHidden: true },
    { ...shortened(reads('fd', [FILE], readPinned)), isHidden: true },
  ],
};

function detach(program: Program): void {
  program.fd = NO_PROGRAM;
}

function readPinned(program: Program, args: Args): void {
  program.fd = openProgram(args.next());
  args.acceptPrefix('verbose');
}

function openProgram(path: string): number {
  try {
    return openPinnedProgram(path, `Couldn't retrieve pinned program '${path}'`);
  } catch (error) {
    if (error instanceof SystemError) throw new UsageError(error.message, EXIT_USAGE);
    throw error;
  }
}

const PROGRAM = {
  synopsis: '{ off | object FILE [ { section | program } NAME ] [ verbose ] | pinned FILE }',
  grammar: () => PROGRAM_GRAMMAR,
  isChoice: true,
} as const;

/** Where a program runs, with the flag that each keyword sets. */
export const XDP_KEYWORDS: readonly Keyword<LinkDraft, Context>[] = [
  xdp('xdp', 0),
  xdp('xdpgeneric', SKB_MODE),
  xdp('xdpdrv', DRV_MODE),
  xdp('xdpoffload', HW_MODE),
];

/** The descriptor of the program is closed with the draft. */
function xdp(word: string, mode: number): Keyword<LinkDraft, Context> {
  return reads(word, [PROGRAM], (draft, args, { names, options }) => {
    if (mode === HW_MODE) requireDevice(draft, names);
    closeProgram(draft);
    const flags = (options.force ? mode : mode | UPDATE_IF_NOEXIST) || undefined;
    draft.attributes.xdp = { fd: readProgram(args), flags };
  });
}

function readProgram(args: Args): number {
  const program = { fd: NO_PROGRAM };
  const word = args.next();
  const keyword = findKeyword(PROGRAM_GRAMMAR.keywords, word);
  if (keyword === undefined || (keyword.operands.length === 0 && !args.done)) {
    throw new UsageError(`What mode is "${word}"?`, EXIT_USAGE);
  }
  keyword.read(program, args, undefined, word);
  return program.fd;
}

/** A program for the hardware is made for a device, which must exist. */
function requireDevice({ name, device = name }: LinkDraft, names: Names): void {
  if (device === undefined || names.deviceIndex(device) === undefined) throw incompleteCommand();
}
