/** `ip ila`: its commands in order of precedence. */
import type { Subcommands } from '../frame/subcommands.ts';
import { withFamily } from '../generic/family-session.ts';

const grammar = async () => (await import('./change.ts')).TRANSLATION_GRAMMAR;

export const ILA: Subcommands = {
  program: 'ip ila',
  usage: async () => (await import('./usage.ts')).ILA_USAGE,
  before: withFamily(async () => (await import('../../genetlink/ila.ts')).ila),
  commands: [
    { names: ['add'], load: async () => (await import('./change.ts')).addTranslation, grammar },
    { names: ['delete'], load: async () => (await import('./change.ts')).deleteTranslation, grammar },
    { names: ['list', 'show', 'lst'], load: async () => (await import('./show.ts')).showTranslations },
  ],
};
