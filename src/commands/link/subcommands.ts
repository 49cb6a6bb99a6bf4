/** `ip link`: its commands in order of precedence. */
import { loadKind } from '../../rtnetlink/kinds/load.ts';
import { UsageRequest } from '../../schema/args.ts';
import type { Command } from '../frame/command.ts';
import type { Subcommands } from '../frame/subcommands.ts';
import { IF_ABSENT, IF_PRESENT } from '../frame/tolerant.ts';
import { RETURN } from './own-words.ts';

const changeGrammar = async () => (await import('./words.ts')).LINK_GRAMMAR;

/** Loads what `--return` needs only where a line has it. */
const loadSet = async (): Promise<Command> => {
  const { setLink } = await import('./change.ts');
  return (args, context) =>
    args.rest.includes(RETURN)
      ? import('./return.ts').then(({ returning }) => returning(setLink)(args, context))
      : setLink(args, context);
};

export const LINK: Subcommands = {
  program: 'ip link',
  default: 'show',
  usage: async () => (await import('./usage.ts')).LINK_USAGE,
  commands: [
    {
      names: ['add'],
      tolerates: IF_ABSENT,
      load: async () => (await import('./change.ts')).addLink,
      grammar: changeGrammar,
    },
    {
      names: ['set', 'change'],
      ending: { after: 'netns', option: RETURN },
      load: loadSet,
      grammar: changeGrammar,
    },
    {
      names: ['replace'],
      load: async () => (await import('./change.ts')).replaceLink,
      grammar: changeGrammar,
    },
    {
      names: ['delete'],
      tolerates: IF_PRESENT,
      load: async () => (await import('./change.ts')).deleteLink,
      grammar: changeGrammar,
    },
    {
      names: ['show', 'lst', 'list'],
      load: async () => (await import('./show.ts')).showLinks,
      grammar: async () => (await import('../address/filter.ts')).FILTER_GRAMMAR,
    },
    {
      names: ['xstats'],
      load: async () => (await import('./xstats.ts')).showXstats,
      grammar: async () => (await import('./xstats.ts')).XSTATS_GRAMMAR,
    },
    {
      names: ['afstats'],
      load: async () => (await import('./xstats.ts')).showAfstats,
      grammar: async () => (await import('./xstats.ts')).AFSTATS_GRAMMAR,
    },
    {
      names: ['property'],
      load: async () => (await import('./property.ts')).changeProperties,
      grammar: async () => (await import('./property.ts')).PROPERTY_GRAMMAR,
      operands: [{ synopsis: '{ add | del }', words: ['add', 'del'] }],
    },
    {
      names: ['help'],
      load: async () => help,
      operands: [{ synopsis: 'TYPE', names: 'kind', isOptional: true }],
    },
  ],
};

/** `ip link help [TYPE]`. */
const help: Command = async args => {
  const name = args.peek();
  if (name !== undefined) {
    const kind = await loadKind(name);
    if (kind !== undefined && kind.usage !== '') throw new UsageRequest(kind.usage, 'help');
  }
  throw new UsageRequest();
};
