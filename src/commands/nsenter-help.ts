/** The text of `nsenter --help`. */
import { type HelpEntry, helpText } from './help-text.ts';
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
  trace: { group: 'Information', text: 'tell on stderr every step that is taken' },
  'dry-run': { group: 'Information', text: 'tell the steps and take none' },
  help: { group: 'Information', text: 'show this text' },
  version: { group: 'Information', text: 'show the version' },
};

export function nsenterHelp(name: string): Promise<string> {
  return helpText(name, 'tsnsenter(1)', SUMMARY, NSENTER_RULES, ENTRIES);
}
