/** The text of `nsenter --help`, and what a shell may complete after `nsenter`. */
import { KINDS } from '../../namespaces/kinds.ts';
import type { Candidate } from '../completion/answer.ts';
import { groupIds, namespaceFiles, processes, userIds } from '../completion/live.ts';
import { completeOptions, type OptionValues } from './completion.ts';
import { type HelpEntry, helpText, optionParser, type ProgramTexts } from './help.ts';
import { NSENTER_RULES } from './nsenter-options.ts';

const SUMMARY = `Runs a program, or else your login shell, in namespaces of other processes.
A namespace option names a FILE (--net=FILE, -nFILE) or an identity number (--net=:ID, -n:ID);
without that it takes the namespace of the target process.`;

function namespace(what: string): HelpEntry {
  return { group: 'Namespaces', text: `enter the ${what} namespace [FILE or :ID]` };
}

const ENTRIES: Readonly<Record<string, HelpEntry>> = {
  target: {
    group: 'Target',
    text: 'take namespaces and the rest from process PID, or PID:INODE of its pidfd',
  },
  all: { group: 'Namespaces', text: 'enter all namespaces of the target' },
  mount: namespace('mount'),
  uts: namespace('UTS (host name)'),
  ipc: namespace('IPC'),
  net: namespace('network'),
  'net-socket': { group: 'Namespaces', text: "enter the network namespace of the target's socket FD" },
  pid: namespace('PID'),
  user: namespace('user'),
  'user-parent': { group: 'Namespaces', text: 'enter the parent of the user namespace' },
  cgroup: namespace('cgroup'),
  time: namespace('time'),
  setuid: { group: 'Identity', text: "become user UID; `follow` is the target's" },
  setgid: { group: 'Identity', text: "become group GID; `follow` is the target's" },
  'preserve-credentials': { group: 'Identity', text: 'stay who you are in a user namespace' },
  'keep-caps': { group: 'Identity', text: 'let the program keep the capabilities in a user namespace' },
  'follow-context': { group: 'Identity', text: "run in the target's SELinux context" },
  root: { group: 'Surroundings', text: "change the root directory to DIR, or else the target's" },
  wd: { group: 'Surroundings', text: "change the working directory to DIR, or else the target's" },
  wdns: { group: 'Surroundings', text: 'change the working directory to DIR as seen inside' },
  env: { group: 'Surroundings', text: "use the target's environment variables" },
  'join-cgroup': { group: 'Surroundings', text: "join the target's cgroup" },
  'no-fork': {
    group: 'Surroundings',
    text: 'run the program in this process, even with a new PID namespace',
  },
  trace: { group: 'Information', text: 'print every step that is taken on stderr' },
  'dry-run': { group: 'Information', text: 'print the steps and take none' },
  help: { group: 'Information', text: 'show this text' },
  version: { group: 'Information', text: 'show the version' },
};

const textsOf = (name: string): ProgramTexts => ({
  name,
  page: 'tsnsenter(1)',
  summary: SUMMARY,
  rules: NSENTER_RULES,
  entries: ENTRIES,
});

export function nsenterHelp(name: string): Promise<string> {
  return helpText(textsOf(name));
}

const FOLLOW: Candidate = { word: 'follow', about: 'as the target' };

const VALUES: Readonly<Record<string, OptionValues>> = {
  ...Object.fromEntries(KINDS.map(({ kind }) => [kind === 'mnt' ? 'mount' : kind, { paths: 'files' }])),
  net: { candidates: namespaceFiles, paths: 'files' },
  target: { candidates: processes },
  setuid: { candidates: () => [FOLLOW, ...userIds()] },
  setgid: { candidates: () => [FOLLOW, ...groupIds()] },
  root: { paths: 'folders' },
  wd: { paths: 'folders' },
  wdns: { paths: 'folders' },
};

/** Answers the completion script of a shell. */
export function completeNsenter(words: readonly string[]): Promise<void> {
  const parser = () => optionParser(textsOf('nsenter'));
  return completeOptions(words, { parser, rules: NSENTER_RULES, values: VALUES });
}
