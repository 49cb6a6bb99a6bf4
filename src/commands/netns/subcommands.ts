/** `ip netns`: named network namespaces. The commands in the order in which abbreviations are tried. */
import { isNamespaceName } from '../../namespaces/named.ts';
import { type Args, EXIT_USAGE, UsageError } from '../../schema/args.ts';
import type { Operand } from '../../schema/keywords.ts';
import type { Context } from '../frame/context.ts';
import type { Subcommands } from '../frame/subcommands.ts';

const NEW_NAME: Operand = { synopsis: 'NAME', examples: ['new-name'] };
const NAME: Operand = { synopsis: 'NAME', names: 'namespace' };
const PROCESS: Operand = { synopsis: 'PID', names: 'process' };
/** An option of ours: before the name, where the original has a name. */
function option(word: string): Operand {
  return { synopsis: `[ ${word} ]`, words: [word], isOptional: true };
}

const NSID: Operand = { synopsis: 'NETNSID', words: ['auto'], examples: ['0', '7'] };
const PROGRAM: Operand = { synopsis: 'PROGRAM', names: 'program' };

export const NETNS: Subcommands = {
  program: 'ip netns',
  default: 'list',
  usage: async () => (await import('./usage.ts')).NETNS_USAGE,
  check: checkName,
  commands: [
    { names: ['list', 'show', 'lst'], load: async () => (await import('./show.ts')).listNamespaces },
    {
      names: ['list-id'],
      load: async () => (await import('./id.ts')).listIds,
      grammar: async () => (await import('./id.ts')).LIST_ID_GRAMMAR,
    },
    {
      names: ['add'],
      load: async () => (await import('./change.ts')).add,
      operands: [option('--if-absent'), NEW_NAME],
    },
    { names: ['set'], load: async () => (await import('./id.ts')).setId, operands: [NAME, NSID] },
    {
      names: ['delete'],
      load: async () => (await import('./change.ts')).remove,
      operands: [option('--if-present'), option('--wait'), option('--kill'), NAME],
    },
    {
      names: ['identify'],
      load: async () => (await import('./show.ts')).identify,
      operands: [{ ...PROCESS, isOptional: true }],
    },
    { names: ['pids'], load: async () => (await import('./show.ts')).listPids, operands: [NAME] },
    {
      names: ['exec'],
      load: async () => (await import('./exec.ts')).exec,
      operands: [
        ...['--keep-caps', '--env-clean'].map(option),
        ...['--user', '--group', '--timeout', '--parallel'].map(word => ({
          ...option(word),
          hasValue: true,
        })),
        NAME,
        PROGRAM,
      ],
    },
    { names: ['monitor'], load: async () => (await import('./monitor.ts')).monitor },
    {
      names: ['attach'],
      load: async () => (await import('./change.ts')).attach,
      operands: [NEW_NAME, PROCESS],
    },
    {
      names: ['prune'],
      isOwn: true,
      load: async () => (await import('./change.ts')).prune,
      operands: [option('--dry-run')],
    },
    {
      names: ['return'],
      isOwn: true,
      load: async () => (await import('./return.ts')).returnDevices,
      operands: [{ ...NAME, isOptional: true }],
    },
  ],
};

/** The commands that use a namespace: `exec` and `pids`, in any abbreviation. */
const USING = /^(e|ex|exe|exec|p|pi|pid|pids)$/;

/** Whatever the command: the word after it is taken for a name. */
function checkName(args: Args, context: Context): void {
  const [command = '', name] = args.rest;
  // A path can be no name; where a namespace is only used, one does.
  const isPath = name?.startsWith('path:') && USING.test(command);
  if (name !== undefined && !isPath && !context.options.all && !isNamespaceName(name))
    throw new UsageError(`Invalid netns name "${name}"`, EXIT_USAGE);
}
