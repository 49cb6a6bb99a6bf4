/** The command line of nsenter. Source: nsenter(1), and runs of util-linux 2.42.4. */

import { existsSync } from 'node:fs';
import type { Step } from '../../kernel/plans/plan.ts';
import type { Kind } from '../../namespaces/kinds.ts';
import {
  type EnterOptions,
  openNamespaceById,
  openNamespaceFile,
  openRoot,
  openWorkingDirectory,
  type SlotKind,
} from '../../namespaces/plans/enter.ts';
import { fileOfTarget, isTarget } from '../../namespaces/targets.ts';
import { encodeText } from '../../wire/text.ts';
import { CommandLineError } from './command-line-error.ts';
import { readIdentity, readNamespaceId, readTarget, withoutEquals } from './nsenter-values.ts';
import { integerOption } from './numbers.ts';
import {
  applyOptions,
  HELP,
  type NamespaceOptions,
  namespaceOption,
  OWN_OPTIONS,
  type ProgramOption,
  VERSION,
  valued,
} from './option.ts';

/** What has been read so far. */
type Draft = { -readonly [Name in keyof EnterOptions]: EnterOptions[Name] } & {
  readonly opened: Set<Kind>;
  readonly wanted: Set<Kind>;
  readonly early: Step[];
  target: number | undefined;
  /** Whether there are SELinux contexts to follow. */
  readonly hasSelinux: () => boolean;
  /** Of --wd and --wdns, the one that was given; they exclude each other. */
  workingDirectoryOption: string | undefined;
};

const NAMESPACES: NamespaceOptions<Draft> = {
  help: what => `enter the ${what} namespace [FILE or :ID]`,
  apply: applyKind,
};

/** The members that are switched. */
type Switch = { [Name in keyof Draft]: Draft[Name] extends boolean ? Name : never }[keyof Draft];

/** An option that switches `member`. */
function flag(
  row: Omit<ProgramOption<Draft>, 'argument' | 'apply'>,
  member: Switch,
  value = true,
): ProgramOption<Draft> {
  const apply = (draft: Draft) => {
    draft[member] = value;
  };
  return { ...row, argument: 'none', apply };
}

const FOLLOW = () => ['follow'];

/** In the order in which ambiguous abbreviations are listed. */
export const NSENTER_OPTIONS: readonly ProgramOption<Draft>[] = [
  flag({ name: 'all', letter: 'a', group: 'Namespaces', help: 'enter all namespaces of the target' }, 'all'),
  HELP,
  VERSION,
  valued(
    {
      name: 'target',
      letter: 't',
      group: 'Target',
      help: 'take namespaces and the rest from process PID, or PID:INODE of its pidfd',
      values: { live: 'processes' },
    },
    (draft, value) => {
      draft.target = readTarget(value, draft.early);
    },
  ),
  namespaceOption(NAMESPACES, 'm', 'mnt', { name: 'mount' }),
  namespaceOption(NAMESPACES, 'u', 'uts', { what: 'UTS (host name)' }),
  namespaceOption(NAMESPACES, 'i', 'ipc', { what: 'IPC' }),
  namespaceOption(NAMESPACES, 'n', 'net', { what: 'network' }),
  valued(
    {
      name: 'net-socket',
      letter: 'N',
      group: 'Namespaces',
      help: "enter the network namespace of the target's socket FD",
    },
    (draft, value) => {
      draft.socket = integerOption('file descriptor', value);
    },
  ),
  namespaceOption(NAMESPACES, 'p', 'pid', { what: 'PID' }),
  namespaceOption(NAMESPACES, 'U', 'user'),
  namespaceOption(NAMESPACES, 'C', 'cgroup'),
  namespaceOption(NAMESPACES, 'T', 'time'),
  valued(
    {
      name: 'setuid',
      letter: 'S',
      group: 'Identity',
      help: "become user UID; `follow` is the target's",
      values: { words: FOLLOW, live: 'userIds' },
    },
    (draft, value) => {
      draft.user = readIdentity('uid', value);
    },
  ),
  valued(
    {
      name: 'setgid',
      letter: 'G',
      group: 'Identity',
      help: "become group GID; `follow` is the target's",
      values: { words: FOLLOW, live: 'groupIds' },
    },
    (draft, value) => {
      draft.group = readIdentity('gid', value);
    },
  ),
  {
    name: 'root',
    letter: 'r',
    argument: 'optional',
    group: 'Surroundings',
    help: "change the root directory to DIR, or else the target's",
    values: { paths: 'folders' },
    apply: (draft, value) => {
      draft.root = readPlace(value, openRoot, draft.early);
    },
  },
  {
    name: 'wd',
    letter: 'w',
    argument: 'optional',
    group: 'Surroundings',
    help: "change the working directory to DIR, or else the target's",
    values: { paths: 'folders' },
    apply: (draft, value) => {
      excludeOther(draft, 'wd');
      draft.workingDirectory = readPlace(withoutEquals(value), openWorkingDirectory, draft.early);
    },
  },
  {
    name: 'wdns',
    letter: 'W',
    argument: 'optional',
    group: 'Surroundings',
    help: 'change the working directory to DIR as seen inside',
    values: { paths: 'folders' },
    apply: (draft, value) => {
      excludeOther(draft, 'wdns');
      draft.workingDirectoryInside = withoutEquals(value);
    },
  },
  flag(
    { name: 'env', letter: 'e', group: 'Surroundings', help: "use the target's environment variables" },
    'environment',
  ),
  flag(
    {
      name: 'no-fork',
      letter: 'F',
      group: 'Surroundings',
      help: 'run the program in this process, even with a new PID namespace',
    },
    'fork',
    false,
  ),
  flag(
    { name: 'join-cgroup', letter: 'c', group: 'Surroundings', help: "join the target's cgroup" },
    'joinCgroup',
  ),
  flag(
    { name: 'preserve-credentials', group: 'Identity', help: 'stay who you are in a user namespace' },
    'preserveCredentials',
  ),
  flag(
    {
      name: 'keep-caps',
      group: 'Identity',
      help: 'let the program keep the capabilities in a user namespace',
    },
    'keepCapabilities',
  ),
  flag(
    { name: 'user-parent', group: 'Namespaces', help: 'enter the parent of the user namespace' },
    'userParent',
  ),
  {
    name: 'follow-context',
    letter: 'Z',
    argument: 'none',
    group: 'Identity',
    help: "run in the target's SELinux context",
    apply: draft => {
      draft.followContext = draft.hasSelinux();
    },
  },
  ...OWN_OPTIONS,
];

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
  const draft = emptyDraft(program, early, hasSelinux);
  const command = applyOptions(draft, words, NSENTER_OPTIONS);
  return { ...draft, command };
}

function emptyDraft(program: string, early: Step[], hasSelinux: () => boolean): Draft {
  return {
    program,
    early,
    hasSelinux,
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
      : openNamespaceFile(kind, kind === 'net' ? networkFile(source) : source),
  );
}

/** The file of a network namespace: of that name, or of what `docker:NAME` and the like mean where there is none. */
function networkFile(source: string): string {
  return isTarget(source) && !existsSync(encodeText(source)) ? (fileOfTarget(source) ?? source) : source;
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
