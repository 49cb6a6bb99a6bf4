/** The command line of unshare. Source: unshare(1), and runs of util-linux 2.42.4. */

import { KINDS, type Kind } from '../../namespaces/kinds.ts';
import { type IdRange, NO_ID } from '../../namespaces/plans/id-maps.ts';
import type { Caller, Propagation, UnshareOptions } from '../../namespaces/plans/unshare.ts';
import { CommandLineError, InformationRequest } from './command-line-error.ts';
import { type OptionRule, OUR_RULES, readOptions } from './getopt.ts';
import { GROUPS, readNamedId, readRanges, USERS } from './id-maps.ts';
import { idOption, longOption, readLooseId } from './numbers.ts';
import { signalNumber } from './signal-names.ts';

/** In the order in which ambiguous abbreviations are listed. */
export const UNSHARE_RULES: readonly OptionRule[] = [
  { name: 'help', letter: 'h', argument: 'none' },
  { name: 'version', letter: 'V', argument: 'none' },
  { name: 'mount', letter: 'm', argument: 'optional', letterArgument: 'none' },
  { name: 'uts', letter: 'u', argument: 'optional', letterArgument: 'none' },
  { name: 'ipc', letter: 'i', argument: 'optional', letterArgument: 'none' },
  { name: 'net', letter: 'n', argument: 'optional', letterArgument: 'none' },
  { name: 'pid', letter: 'p', argument: 'optional', letterArgument: 'none' },
  { name: 'user', letter: 'U', argument: 'optional', letterArgument: 'none' },
  { name: 'cgroup', letter: 'C', argument: 'optional', letterArgument: 'none' },
  { name: 'time', letter: 'T', argument: 'optional', letterArgument: 'none' },
  { name: 'fork', letter: 'f', argument: 'none' },
  { name: 'kill-child', argument: 'optional' },
  { name: 'forward-signals', argument: 'none' },
  { name: 'mount-proc', argument: 'optional' },
  { name: 'mount-binfmt', argument: 'optional' },
  { name: 'map-user', argument: 'required' },
  { name: 'map-users', argument: 'required' },
  { name: 'map-group', argument: 'required' },
  { name: 'map-groups', argument: 'required' },
  { name: 'map-root-user', letter: 'r', argument: 'none' },
  { name: 'map-current-user', letter: 'c', argument: 'none' },
  { name: 'map-auto', argument: 'none' },
  { name: 'map-subids', argument: 'none' },
  { name: 'owner', argument: 'required' },
  { name: 'propagation', argument: 'required' },
  { name: 'setgroups', argument: 'required' },
  { name: 'keep-caps', argument: 'none' },
  { name: 'setuid', letter: 'S', argument: 'required' },
  { name: 'setgid', letter: 'G', argument: 'required' },
  { name: 'root', letter: 'R', argument: 'required' },
  { name: 'wd', letter: 'w', argument: 'required' },
  { name: 'monotonic', argument: 'required' },
  { name: 'boottime', argument: 'required' },
  { name: 'load-interp', letter: 'l', argument: 'required' },
  ...OUR_RULES,
];

/** Options that are named by what they unshare. */
const KIND_OF_OPTION: ReadonlyMap<string, Kind> = new Map(
  KINDS.map(({ kind }) => [kind === 'mnt' ? 'mount' : kind, kind]),
);

/** What --propagation takes. */
export const PROPAGATIONS: readonly Propagation[] = ['slave', 'shared', 'private', 'unchanged'];
const SIGKILL = 9;
const PROC_FOLDER = '/proc';
const BINFMT_FOLDER = '/proc/sys/fs/binfmt_misc';

interface IdDraft {
  single: number | undefined;
  ranges: IdRange[];
}

/** What has been read so far. */
type Draft = { -readonly [Name in keyof UnshareOptions]: UnshareOptions[Name] } & {
  readonly kinds: Set<Kind>;
  readonly files: Map<Kind, string>;
  readonly users: IdDraft;
  readonly groups: IdDraft;
};

/** Reads the command line; `caller` is mapped to itself where an option says so. */
export function readUnshareOptions(
  program: string,
  words: readonly string[],
  caller: Caller,
): UnshareOptions {
  const draft = emptyDraft(program);
  const options = readOptions(words, UNSHARE_RULES);
  for (;;) {
    const next = options.next();
    if (next.done) return { ...completed(draft), command: next.value };
    applyOption(draft, next.value.name, next.value.value, caller);
  }
}

function emptyDraft(program: string): Draft {
  return {
    program,
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

function applyOption(draft: Draft, name: string, value: string | undefined, caller: Caller): void {
  const kind = KIND_OF_OPTION.get(name);
  if (kind !== undefined) {
    draft.kinds.add(kind);
    if (value !== undefined) draft.files.set(kind, value);
    return;
  }
  if (name.startsWith('map-')) {
    draft.kinds.add('user');
    applyMap(draft, name, value, caller);
    return;
  }
  switch (name) {
    case 'help':
    case 'version':
      throw new InformationRequest(name);
    case 'fork':
      draft.fork = true;
      break;
    case 'kill-child':
      draft.fork = true;
      draft.killChild = value === undefined ? SIGKILL : readSignal(value);
      break;
    case 'forward-signals':
      draft.fork = true;
      draft.forwardSignals = true;
      break;
    case 'mount-proc':
      draft.kinds.add('mnt');
      draft.mountProc = value ?? PROC_FOLDER;
      break;
    case 'mount-binfmt':
      draft.kinds.add('mnt').add('user');
      draft.mountBinfmt = value ?? binfmtFolder(draft);
      break;
    case 'load-interp':
      draft.kinds.add('mnt').add('user');
      draft.mountBinfmt ??= binfmtFolder(draft);
      draft.interpreter = value;
      break;
    case 'owner':
      draft.kinds.add('user');
      draft.owner = readOwner(value!);
      break;
    case 'propagation':
      draft.propagation = readPropagation(value!);
      break;
    case 'setgroups':
      draft.setgroups = readSetgroups(value!);
      break;
    case 'keep-caps':
      draft.keepCapabilities = true;
      break;
    case 'setuid':
      draft.user = idOption('uid', value!);
      break;
    case 'setgid':
      draft.group = idOption('gid', value!);
      break;
    case 'root':
      draft.root = value;
      break;
    case 'wd':
      draft.workingDirectory = value;
      break;
    case 'monotonic':
      draft.monotonic = longOption('monotonic offset', value!);
      break;
    case 'boottime':
      draft.boottime = longOption('boottime offset', value!);
      break;
  }
}

/** The folder for binfmt_misc is inside proc, which must be one that the new user namespace may mount on. */
function binfmtFolder(draft: Draft): string {
  draft.mountProc ??= PROC_FOLDER;
  return BINFMT_FOLDER;
}

function applyMap(draft: Draft, name: string, value: string | undefined, caller: Caller): void {
  const { users, groups } = draft;
  switch (name) {
    case 'map-user':
      users.single = readNamedId(USERS, value!);
      break;
    case 'map-group':
      groups.single = readNamedId(GROUPS, value!);
      break;
    case 'map-users':
      users.ranges.push(...readRanges(USERS, value!));
      break;
    case 'map-groups':
      groups.ranges.push(...readRanges(GROUPS, value!));
      break;
    case 'map-root-user':
      users.single = 0;
      groups.single = 0;
      break;
    case 'map-current-user':
      users.single = caller.user;
      groups.single = caller.group;
      break;
    case 'map-auto':
    case 'map-subids': {
      const word = name.slice('map-'.length);
      users.ranges.push(...readRanges(USERS, word));
      groups.ranges.push(...readRanges(GROUPS, word));
      break;
    }
  }
}

function readSignal(word: string): number {
  const number = signalNumber(word);
  if (number === undefined) throw new CommandLineError(`unknown signal: ${word}`);
  return number;
}

function readOwner(word: string): UnshareOptions['owner'] {
  const [user, group, ...rest] = word.split(':').map(readLooseId);
  if (user === undefined || group === undefined || rest.length > 0)
    throw new CommandLineError('failed to parse owner');
  const known = (id: number) => (id === NO_ID ? undefined : id);
  return { user: known(user), group: known(group) };
}

function readPropagation(word: string): Propagation {
  const mode = PROPAGATIONS.find(known => known === word);
  if (mode === undefined) throw new CommandLineError(`unsupported propagation mode: ${word}`);
  return mode;
}

function readSetgroups(word: string): 'allow' | 'deny' {
  if (word !== 'allow' && word !== 'deny')
    throw new CommandLineError(`unsupported --setgroups argument '${word}'`);
  return word;
}
