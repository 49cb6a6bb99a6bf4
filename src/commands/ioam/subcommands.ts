/** `ip ioam`: its commands. None of their names may be abbreviated. */
import { wrongArgument } from '../../schema/args.ts';
import { dispatcher, type Subcommands } from '../frame/subcommands.ts';
import { DATA, NAMESPACE_ID, SCHEMA_ID } from './operands.ts';

const usage = async () => (await import('./usage.ts')).IOAM_USAGE;
const unknown = (word: string) => wrongArgument(word, 'Unknown').message;
const exact = { program: 'ip ioam', isExact: true, usage, unknown } as const;
const nested = { ...exact, needsWord: true, hasNoHelp: true } as const;

const NAMESPACE: Subcommands = {
  ...nested,
  commands: [
    { names: ['show'], load: async () => (await import('./namespace.ts')).showNamespaces },
    {
      names: ['add'],
      load: async () => (await import('./namespace.ts')).addNamespace,
      operands: [NAMESPACE_ID],
      grammar: async () => (await import('./namespace.ts')).ADD_GRAMMAR,
    },
    {
      names: ['del'],
      load: async () => (await import('./namespace.ts')).deleteNamespace,
      operands: [NAMESPACE_ID],
    },
    {
      names: ['set'],
      load: async () => (await import('./namespace.ts')).setSchema,
      operands: [NAMESPACE_ID],
      grammar: async () => (await import('./namespace.ts')).SET_GRAMMAR,
    },
  ],
};

const SCHEMA: Subcommands = {
  ...nested,
  commands: [
    { names: ['show'], load: async () => (await import('./schema.ts')).showSchemas },
    {
      names: ['add'],
      load: async () => (await import('./schema.ts')).addSchema,
      operands: [SCHEMA_ID, DATA],
    },
    { names: ['del'], load: async () => (await import('./schema.ts')).deleteSchema, operands: [SCHEMA_ID] },
  ],
};

export const IOAM: Subcommands = {
  ...exact,
  commands: [
    { names: ['namespace'], load: async () => dispatcher(NAMESPACE), subcommands: NAMESPACE },
    { names: ['schema'], load: async () => dispatcher(SCHEMA), subcommands: SCHEMA },
    { names: ['monitor'], load: async () => (await import('./monitor.ts')).monitorIoam },
  ],
};
