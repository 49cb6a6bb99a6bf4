/** The command line of unshare. Source: unshare(1), and runs of util-linux 2.42.4. */

import type { Kind } from '../../namespaces/kinds.ts';
import type { IdRange } from '../../namespaces/plans/id-maps.ts';
import type { Caller, UnshareOptions } from '../../namespaces/plans/unshare.ts';
import { CommandLineError } from './command-line-error.ts';
import { GROUPS, readNamedId, readRanges, USERS } from './id-maps.ts';
import { idOption, longOption } from './numbers.ts';
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
import { SIGNAL_NAMES } from './signal-names.ts';
import {
  PROPAGATIONS,
  readOwner,
  readPropagation,
  readSetgroups,
  readSignal,
  SETGROUPS,
} from './unshare-values.ts';

const SIGKILL = 9;
const PROC_FOLDER = '/proc';
const BINFMT_FOLDER = '/proc/sys/fs/binfmt_misc';

interface IdDraft {
  single: number | undefined;
  ranges: IdRange[];
}

/** What has been read so far. */
type Draft = { -readonly [Name in keyof UnshareOptions]: UnshareOptions[Name] } & {
  readonly caller: Caller;
  readonly kinds: Set<Kind>;
  readonly files: Map<Kind, string>;
  readonly users: IdDraft;
  readonly groups: IdDraft;
};

const NAMESPACES: NamespaceOptions<Draft> = {
  letterArgument: 'none',
  help: what => `make a new ${what} namespace [FILE]`,
  apply: (draft, kind, value) => {
    draft.kinds.add(kind);
    if (value !== undefined) draft.files.set(kind, value);
  },
};

const ID_MAPS = { words: () => ['auto', 'subids', 'all'] };
const FOLDERS = { paths: 'folders' } as const;

/** An option about the ids in the user namespace, which it makes. */
function mapOption(row: Omit<ProgramOption<Draft>, 'group'>): ProgramOption<Draft> {
  return {
    ...row,
    group: 'Users',
    apply: (draft, value) => {
      draft.kinds.add('user');
      row.apply(draft, value);
    },
  };
}

/** `--map-auto` and `--map-subids`: both maps by one word. */
function mapsBy(word: string): (draft: Draft) => void {
  return ({ users, groups }) => {
    users.ranges.push(...readRanges(USERS, word));
    groups.ranges.push(...readRanges(GROUPS, word));
  };
}

function mapTo({ users, groups }: Draft, user: number, group: number): void {
  users.single = user;
  groups.single = group;
}

/** In the order in which ambiguous abbreviations are listed. */
export const UNSHARE_OPTIONS: readonly ProgramOption<Draft>[] = [
  HELP,
  VERSION,
  namespaceOption(NAMESPACES, 'm', 'mnt', { name: 'mount' }),
  namespaceOption(NAMESPACES, 'u', 'uts', { what: 'UTS (host name)' }),
  namespaceOption(NAMESPACES, 'i', 'ipc', { what: 'IPC' }),
  namespaceOption(NAMESPACES, 'n', 'net', { what: 'network' }),
  namespaceOption(NAMESPACES, 'p', 'pid', { what: 'PID' }),
  namespaceOption(NAMESPACES, 'U', 'user'),
  namespaceOption(NAMESPACES, 'C', 'cgroup'),
  namespaceOption(NAMESPACES, 'T', 'time'),
  {
    name: 'fork',
    letter: 'f',
    argument: 'none',
    group: 'Processes',
    help: 'run the program in a child, the first process of a new PID namespace',
    apply: draft => {
      draft.fork = true;
    },
  },
  {
    name: 'kill-child',
    argument: 'optional',
    group: 'Processes',
    help: 'kill the child with SIGNAL, or else KILL, when its parent dies',
    values: { words: () => SIGNAL_NAMES },
    apply: (draft, value) => {
      draft.fork = true;
      draft.killChild = value === undefined ? SIGKILL : readSignal(value);
    },
  },
  {
    name: 'forward-signals',
    argument: 'none',
    group: 'Processes',
    help: 'pass SIGTERM and SIGINT on to the child',
    apply: draft => {
      draft.fork = true;
      draft.forwardSignals = true;
    },
  },
  {
    name: 'mount-proc',
    argument: 'optional',
    group: 'Files',
    help: 'mount proc on DIR, or else /proc',
    values: FOLDERS,
    apply: (draft, value) => {
      draft.kinds.add('mnt');
      draft.mountProc = value ?? PROC_FOLDER;
    },
  },
  {
    name: 'mount-binfmt',
    argument: 'optional',
    group: 'Files',
    help: 'mount binfmt_misc on DIR, or else where it belongs',
    values: FOLDERS,
    apply: (draft, value) => {
      draft.kinds.add('mnt').add('user');
      draft.mountBinfmt = value ?? binfmtFolder(draft);
    },
  },
  mapOption({
    name: 'map-user',
    argument: 'required',
    help: 'be user UID or NAME inside',
    values: { live: 'users' },
    apply: ({ users }, value) => {
      users.single = readNamedId(USERS, value!);
    },
  }),
  mapOption({
    name: 'map-users',
    argument: 'required',
    help: 'map users from OUTER:COUNT to INNER, as INNER:OUTER:COUNT; or auto, subids, all',
    values: ID_MAPS,
    apply: ({ users }, value) => users.ranges.push(...readRanges(USERS, value!)),
  }),
  mapOption({
    name: 'map-group',
    argument: 'required',
    help: 'be of group GID or NAME inside',
    values: { live: 'groups' },
    apply: ({ groups }, value) => {
      groups.single = readNamedId(GROUPS, value!);
    },
  }),
  mapOption({
    name: 'map-groups',
    argument: 'required',
    help: 'map groups from OUTER:COUNT to INNER, as INNER:OUTER:COUNT; or auto, subids, all',
    values: ID_MAPS,
    apply: ({ groups }, value) => groups.ranges.push(...readRanges(GROUPS, value!)),
  }),
  mapOption({
    name: 'map-root-user',
    letter: 'r',
    argument: 'none',
    help: 'be root inside',
    apply: draft => mapTo(draft, 0, 0),
  }),
  mapOption({
    name: 'map-current-user',
    letter: 'c',
    argument: 'none',
    help: 'be yourself inside',
    apply: draft => mapTo(draft, draft.caller.user, draft.caller.group),
  }),
  mapOption({
    name: 'map-auto',
    argument: 'none',
    help: 'map your subordinate ids from 0 on',
    apply: mapsBy('auto'),
  }),
  mapOption({
    name: 'map-subids',
    argument: 'none',
    help: 'map your subordinate ids to themselves',
    apply: mapsBy('subids'),
  }),
  valued({ name: 'owner', group: 'Users', help: 'let UID:GID own the user namespace' }, (draft, value) => {
    draft.kinds.add('user');
    draft.owner = readOwner(value);
  }),
  valued(
    {
      name: 'propagation',
      group: 'Files',
      help: 'share mounts with outside: slave, shared, private or unchanged (MODE)',
      values: { words: () => PROPAGATIONS },
    },
    (draft, value) => {
      draft.propagation = readPropagation(value);
    },
  ),
  valued(
    {
      name: 'setgroups',
      group: 'Users',
      help: 'allow or deny setgroups(2) inside',
      values: { words: () => SETGROUPS },
    },
    (draft, value) => {
      draft.setgroups = readSetgroups(value);
    },
  ),
  {
    name: 'keep-caps',
    argument: 'none',
    group: 'Users',
    help: 'let the program keep the capabilities in the user namespace',
    apply: draft => {
      draft.keepCapabilities = true;
    },
  },
  valued(
    {
      name: 'setuid',
      letter: 'S',
      group: 'Users',
      help: 'become user UID inside',
      values: { live: 'userIds' },
    },
    (draft, value) => {
      draft.user = idOption('uid', value);
    },
  ),
  valued(
    {
      name: 'setgid',
      letter: 'G',
      group: 'Users',
      help: 'become group GID inside',
      values: { live: 'groupIds' },
    },
    (draft, value) => {
      draft.group = idOption('gid', value);
    },
  ),
  valued(
    { name: 'root', letter: 'R', group: 'Files', help: 'change the root directory to DIR', values: FOLDERS },
    (draft, value) => {
      draft.root = value;
    },
  ),
  valued(
    { name: 'wd', letter: 'w', group: 'Files', help: 'change the working directory to DIR', values: FOLDERS },
    (draft, value) => {
      draft.workingDirectory = value;
    },
  ),
  valued(
    { name: 'monotonic', group: 'Clocks', help: 'set the monotonic clock off by SECONDS' },
    (draft, value) => {
      draft.monotonic = longOption('monotonic offset', value);
    },
  ),
  valued(
    { name: 'boottime', group: 'Clocks', help: 'set the clock since boot off by SECONDS' },
    (draft, value) => {
      draft.boottime = longOption('boottime offset', value);
    },
  ),
  valued(
    {
      name: 'load-interp',
      letter: 'l',
      group: 'Files',
      help: 'register an interpreter of program files by DEFINITION',
    },
    (draft, value) => {
      draft.kinds.add('mnt').add('user');
      draft.mountBinfmt ??= binfmtFolder(draft);
      draft.interpreter = value;
    },
  ),
  ...OWN_OPTIONS,
];

/** Reads the command line; `caller` is mapped to itself where an option says so. */
export function readUnshareOptions(
  program: string,
  words: readonly string[],
  caller: Caller,
): UnshareOptions {
  const draft = emptyDraft(program, caller);
  const command = applyOptions(draft, words, UNSHARE_OPTIONS);
  return { ...completed(draft), command };
}

function emptyDraft(program: string, caller: Caller): Draft {
  return {
    program,
    caller,
    kinds: new Set(),
    files: new Map(),
    fork: false,
    killChild: undefined,
    forwardSignals: false,
    users: { single: undefined, ranges: [] },
    groups: { single: undefined, ranges: [] },
    owner: undefined,
    setgroups: undefined,
    keepCapabilities: false,
    user: undefined,
    group: undefined,
    monotonic: undefined,
    boottime: undefined,
    propagation: 'private',
    root: undefined,
    workingDirectory: undefined,
    mountProc: undefined,
    mountBinfmt: undefined,
    interpreter: undefined,
    command: [],
  };
}

/** Adds what follows from several options together. */
function completed(draft: Draft): Draft {
  if ((draft.monotonic ?? draft.boottime) !== undefined && !draft.kinds.has('time'))
    throw new CommandLineError(
      'options --monotonic and --boottime require unsharing of a time namespace (-T)',
    );
  return draft;
}

/** The folder for binfmt_misc is inside proc, which must be one that the new user namespace may mount on. */
function binfmtFolder(draft: Draft): string {
  draft.mountProc ??= PROC_FOLDER;
  return BINFMT_FOLDER;
}
