/** The text of `unshare --help`, and what a shell may complete after `unshare`. */
import { KINDS } from '../../namespaces/kinds.ts';
import { groupIds, groups, userIds, users } from '../completion/live.ts';
import { completeOptions, type OptionValues } from './completion.ts';
import { type HelpEntry, helpText, optionParser, type ProgramTexts } from './help.ts';
import { SIGNAL_NAMES } from './signal-names.ts';
import { PROPAGATIONS, UNSHARE_RULES } from './unshare-options.ts';

const SUMMARY = `Runs a program, or else your login shell, in new namespaces.
A long namespace option may name a FILE (--net=FILE) that keeps the namespace when the program has ended.`;

function namespace(what: string): HelpEntry {
  return { group: 'Namespaces', text: `make a new ${what} namespace [FILE]` };
}

const ENTRIES: Readonly<Record<string, HelpEntry>> = {
  mount: namespace('mount'),
  uts: namespace('UTS (host name)'),
  ipc: namespace('IPC'),
  net: namespace('network'),
  pid: namespace('PID'),
  user: namespace('user'),
  cgroup: namespace('cgroup'),
  time: namespace('time'),
  fork: { group: 'Processes', text: 'run the program in a child, the first process of a new PID namespace' },
  'kill-child': {
    group: 'Processes',
    text: 'kill the child with SIGNAL, or else KILL, when its parent dies',
  },
  'forward-signals': { group: 'Processes', text: 'pass SIGTERM and SIGINT on to the child' },
  propagation: {
    group: 'Files',
    text: 'share mounts with outside: slave, shared, private or unchanged (MODE)',
  },
  'mount-proc': { group: 'Files', text: 'mount proc on DIR, or else /proc' },
  'mount-binfmt': { group: 'Files', text: 'mount binfmt_misc on DIR, or else where it belongs' },
  'load-interp': { group: 'Files', text: 'register an interpreter of program files by DEFINITION' },
  root: { group: 'Files', text: 'change the root directory to DIR' },
  wd: { group: 'Files', text: 'change the working directory to DIR' },
  'map-root-user': { group: 'Users', text: 'be root inside' },
  'map-current-user': { group: 'Users', text: 'be yourself inside' },
  'map-user': { group: 'Users', text: 'be user UID or NAME inside' },
  'map-group': { group: 'Users', text: 'be of group GID or NAME inside' },
  'map-users': {
    group: 'Users',
    text: 'map users from OUTER:COUNT to INNER, as INNER:OUTER:COUNT; or auto, subids, all',
  },
  'map-groups': {
    group: 'Users',
    text: 'map groups from OUTER:COUNT to INNER, as INNER:OUTER:COUNT; or auto, subids, all',
  },
  'map-auto': { group: 'Users', text: 'map your subordinate ids from 0 on' },
  'map-subids': { group: 'Users', text: 'map your subordinate ids to themselves' },
  owner: { group: 'Users', text: 'let UID:GID own the user namespace' },
  setgroups: { group: 'Users', text: 'allow or deny setgroups(2) inside' },
  setuid: { group: 'Users', text: 'become user UID inside' },
  setgid: { group: 'Users', text: 'become group GID inside' },
  'keep-caps': { group: 'Users', text: 'let the program keep the capabilities in the user namespace' },
  monotonic: { group: 'Clocks', text: 'set the monotonic clock off by SECONDS' },
  boottime: { group: 'Clocks', text: 'set the clock since boot off by SECONDS' },
  trace: { group: 'Information', text: 'print every step that is taken on stderr' },
  'dry-run': { group: 'Information', text: 'print the steps and take none' },
  help: { group: 'Information', text: 'show this text' },
  version: { group: 'Information', text: 'show the version' },
};

const textsOf = (name: string): ProgramTexts => ({
  name,
  page: 'tsunshare(1)',
  summary: SUMMARY,
  rules: UNSHARE_RULES,
  entries: ENTRIES,
});

export function unshareHelp(name: string): Promise<string> {
  return helpText(textsOf(name));
}

const words = (...all: string[]) => ({ candidates: () => all.map(word => ({ word })) });
const ID_MAPS = ['auto', 'subids', 'all'] as const;

const VALUES: Readonly<Record<string, OptionValues>> = {
  ...Object.fromEntries(KINDS.map(({ kind }) => [kind === 'mnt' ? 'mount' : kind, { paths: 'files' }])),
  'kill-child': words(...SIGNAL_NAMES),
  'mount-proc': { paths: 'folders' },
  'mount-binfmt': { paths: 'folders' },
  'map-user': { candidates: users },
  'map-group': { candidates: groups },
  'map-users': words(...ID_MAPS),
  'map-groups': words(...ID_MAPS),
  propagation: words(...PROPAGATIONS),
  setgroups: words('allow', 'deny'),
  setuid: { candidates: userIds },
  setgid: { candidates: groupIds },
  root: { paths: 'folders' },
  wd: { paths: 'folders' },
};

/** Answers the completion script of a shell. */
export function completeUnshare(line: readonly string[]): Promise<void> {
  const parser = () => optionParser(textsOf('unshare'));
  return completeOptions(line, { parser, rules: UNSHARE_RULES, values: VALUES });
}
