/** `ip mptcp`: its commands, and those of `endpoint` and `limits`, in order of precedence. */
import { dispatcher, type Subcommands } from '../frame/subcommands.ts';
import { withFamily } from '../generic/family-session.ts';

const usage = async () => (await import('./usage.ts')).MPTCP_USAGE;
const endpointGrammar = async () => (await import('./endpoint.ts')).ENDPOINT_GRAMMAR;
const limitsGrammar = async () => (await import('./limits.ts')).LIMITS_GRAMMAR;

const ENDPOINT: Subcommands = {
  program: 'ip mptcp',
  default: 'show',
  hasNoHelp: true,
  usage,
  commands: [
    {
      names: ['add'],
      load: async () => (await import('./endpoint.ts')).addEndpoint,
      grammar: endpointGrammar,
    },
    {
      names: ['change'],
      load: async () => (await import('./endpoint.ts')).changeEndpoint,
      grammar: endpointGrammar,
    },
    {
      names: ['delete'],
      load: async () => (await import('./endpoint.ts')).deleteEndpoint,
      grammar: endpointGrammar,
    },
    {
      names: ['show'],
      load: async () => (await import('./endpoint.ts')).showEndpoints,
      grammar: endpointGrammar,
    },
    { names: ['flush'], load: async () => (await import('./endpoint.ts')).flushEndpoints },
  ],
};

const LIMITS: Subcommands = {
  program: 'ip mptcp',
  default: 'show',
  hasNoHelp: true,
  usage,
  commands: [
    { names: ['set'], load: async () => (await import('./limits.ts')).setLimits, grammar: limitsGrammar },
    { names: ['show'], load: async () => (await import('./limits.ts')).getLimits, grammar: limitsGrammar },
  ],
};

const family = async () => (await import('../../genetlink/mptcp.ts')).mptcp;

export const MPTCP: Subcommands = {
  program: 'ip mptcp',
  usage,
  before: withFamily(family),
  commands: [
    { names: ['endpoint'], load: async () => dispatcher(ENDPOINT), subcommands: ENDPOINT },
    { names: ['limits'], load: async () => dispatcher(LIMITS), subcommands: LIMITS },
    { names: ['monitor'], load: async () => (await import('./monitor.ts')).monitorMptcp },
  ],
};
