/** The command line of nsenter. Source: nsenter(1), and runs of util-linux 2.42.4. */

import type { Step } from '../../kernel/plans/plan.ts';
import { KINDS, type Kind } from '../../namespaces/kinds.ts';
import {
  checkTarget,
  type EnterOptions,
  type Identity,
  openNamespaceById,
  openNamespaceFile,
  openRoot,
  openWorkingDirectory,
  type SlotKind,
} from '../../namespaces/plans/enter.ts';
import { CommandLineError, InformationRequest } from './command-line-error.ts';
import { type OptionRule, OUR_RULES, readOptions } from './getopt.ts';
import { idOption, integerOption, readNumber, readUnsignedLong } from './numbers.ts';

/** In the order in which ambiguous abbreviations are listed. */
export const NSENTER_RULES: readonly OptionRule[] = [
  { name: 'all', letter: 'a', argument: 'none' },
  { name: 'help', letter: 'h', argument: 'none' },
  { name: 'version', letter: 'V', argument: 'none' },
  { name: 'target', letter: 't', argument: 'required' },
  { name: 'mount', letter: 'm', argument: 'optional' },
  { name: 'uts', letter: 'u', argument: 'optional' },
  { name: 'ipc', letter: 'i', argument: 'optional' },
  { name: 'net', letter: 'n', argument: 'optional' },
  { name: 'net-socket', letter: 'N', argument: 'required' },
  { name: 'pid', letter: 'p', argument: 'optional' },
  { name: 'user', letter: 'U', argument: 'optional' },
  { name: 'cgroup', letter: 'C', argument: 'optional' },
  { name: 'time', letter: 'T', argument: 'optional' },
  { name: 'setuid', letter: 'S', argument: 'required' },
  { name: 'setgid', letter: 'G', argument: 'required' },
  { name: 'root', letter: 'r', argument: 'optional' },
  { name: 'wd', letter: 'w', argument: 'optional' },
  { name: 'wdns', letter: 'W', argument: 'optional' },
  { name: 'env', letter: 'e', argument: 'none' },
  { name: 'no-fork', letter: 'F', argument: 'none' },
  { name: 'join-cgroup', letter: 'c', argument: 'none' },
  { name: 'preserve-credentials', argument: 'none' },
  { name: 'keep-caps', argument: 'none' },
  { name: 'user-parent', argument: 'none' },
  { name: 'follow-context', letter: 'Z', argument: 'none' },
  ...OUR_RULES,
];

/** Options that are named by what they enter. */
const KIND_OF_OPTION: ReadonlyMap<string, Kind> = new Map(
  KINDS.map(({ kind }) => [kind === 'mnt' ? 'mount' : kind, kind]),
);

/** What has been read so far. */
type Draft = { -readonly [Name in keyof EnterOptions]: EnterOptions[Name] } & {
  readonly opened: Set<Kind>;
  readonly wanted: Set<Kind>;
  readonly early: Step[];
  target: number | undefined;
  /** Of --wd and --wdns, the one that was given; they exclude each other. */
  workingDirectoryOption: string | undefined;
};

/**
 * Reads the command line. What files it names is opened by steps added to `early`. `hasSelinux` says whether
 * there are SELinux contexts to follow; without them that option does nothing, as in the original.
 */
export function readNsenterOptions(
  program: string,
  words: readonly string[],
  early: Step[],
  hasSelinux: () => boolean,
): EnterOptions {
  const draft = emptyDraft(program, early);
  const options = readOptions(words, NSENTER_RULES);
  for (;;) {
    const next = options.next();
    if (next.done) return { ...draft, command: next.value };
    applyOption(draft, next.value.name, next.value.value, hasSelinux);
  }
}

function emptyDraft(program: string, early: Step[]): Draft {
  return {
    program,
    early,
    target: undefined,
    opened: new Set(),
    wanted: new Set(),
    all: false,
    socket: undefined,
    userParent: false,
    root: 'unchanged',
    workingDirectory: 'unchanged',
    workingDirectoryInside: undefined,
    workingDirectoryOption: undefined,
    environment: false,
    joinCgroup: false,
    followContext: false,
    user: undefined,
    group: undefined,
    preserveCredentials: false,
    keepCapabilities: false,
    fork: true,
    command: [],
  };
}

function applyOption(draft: Draft, name: string, value: string | undefined, hasSelinux: () => boolean): void {
  const kind = KIND_OF_OPTION.get(name);
  if (kind !== undefined) {
    applyKind(draft, kind, value);
    return;
  }
  switch (name) {
    case 'help':
    case 'version':
      throw new InformationRequest(name);
    case 'all':
      draft.all = true;
      break;
    case 'target':
      draft.target = readTarget(value!, draft.early);
      break;
    case 'net-socket':
      draft.socket = integerOption('file descriptor', value!);
      break;
    case 'setuid':
      draft.user = readIdentity('uid', value!);
      break;
    case 'setgid':
      draft.group = readIdentity('gid', value!);
      break;
    case 'root':
      draft.root = readPlace(value, openRoot, draft.early);
      break;
    case 'wd':
      excludeOther(draft, name);
      draft.workingDirectory = readPlace(withoutEquals(value), openWorkingDirectory, draft.early);
      break;
    case 'wdns':
      excludeOther(draft, name);
      draft.workingDirectoryInside = withoutEquals(value);
      break;
    case 'env':
      draft.environment = true;
      break;
    case 'no-fork':
      draft.fork = false;
      break;
    case 'join-cgroup':
      draft.joinCgroup = true;
      break;
    case 'preserve-credentials':
      draft.preserveCredentials = true;
      break;
    case 'keep-caps':
      draft.keepCapabilities = true;
      break;
    case 'user-parent':
      draft.userParent = true;
      break;
    case 'follow-context':
      draft.followContext = hasSelinux();
      break;
  }
}

/** A namespace: of a file, with an identity after a colon, or of the target process. */
function applyKind(draft: Draft, kind: Kind, value: string | undefined): void {
  const source = withoutEquals(value);
  if (source === undefined) {
    if (!draft.opened.has(kind)) draft.wanted.add(kind);
    return;
  }
  draft.opened.add(kind);
  draft.wanted.delete(kind);
  draft.early.push(
    source.startsWith(':')
      ? openNamespaceById(kind, readNamespaceId(source.slice(1)))
      : openNamespaceFile(kind, source),
  );
}

/** `-n=/path`: getopt leaves the equals sign of a letter's argument. */
function withoutEquals(value: string | undefined): string | undefined {
  return value?.startsWith('=') ? value.slice(1) : value;
}

function readNamespaceId(word: string): string {
  const id = readUnsignedLong(word);
  if (id === undefined) throw new CommandLineError(`failed to parse nsid: ${word}`);
  return id;
}

/** `PID` or `PID:INODE`, the latter making sure that the number has not been given to another process. */
function readTarget(word: string, early: Step[]): number {
  const colon = word.indexOf(':');
  const pid = readNumber(colon < 0 ? word : word.slice(0, colon), 1, 0x7fff_ffff);
  if (pid === undefined) throw new CommandLineError('invalid PID argument');
  if (colon >= 0) {
    // Digits count as far as they go, and 0 is no inode.
    const digits = /^[\t-\r ]*\+?0*(\d+)/.exec(word.slice(colon + 1))?.[1] ?? '0';
    if (digits === '0') throw new CommandLineError('invalid PID argument');
    early.push(checkTarget(pid, digits));
  }
  return pid;
}

function readIdentity(what: string, word: string): Identity {
  return word === 'follow' ? 'follow' : idOption(what, word);
}

function readPlace(value: string | undefined, open: (path: string) => Step, early: Step[]): SlotKind {
  if (value === undefined) return 'target';
  early.push(open(value));
  return 'opened';
}

function excludeOther(draft: Draft, name: string): void {
  const other = draft.workingDirectoryOption;
  if (other !== undefined && other !== name)
    throw new CommandLineError(`options --${other} and --${name} cannot be combined`);
  draft.workingDirectoryOption = name;
}
