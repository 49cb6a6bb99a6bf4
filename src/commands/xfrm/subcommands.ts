/** `ip xfrm`: states, policies and their monitor. */
import { dispatcher, type Subcommands } from '../frame/subcommands.ts';

const stateGrammar = async () => (await import('./state-change.ts')).STATE_GRAMMAR;
const stateIdGrammar = async () => (await import('./state-one.ts')).ID_GRAMMAR;
const stateFilter = async () => (await import('./state-filter.ts')).FILTER_GRAMMAR;
const policyGrammar = async () => (await import('./policy-change.ts')).POLICY_GRAMMAR;
const policyIdGrammar = async () => (await import('./policy-one.ts')).ID_GRAMMAR;
const policyFilter = async () => (await import('./policy-filter.ts')).FILTER_GRAMMAR;

const STATE: Subcommands = {
  program: 'ip xfrm state',
  default: 'list',
  usage: async () => (await import('./usage.ts')).STATE_USAGE,
  commands: [
    {
      names: ['add'],
      load: async () => (await import('./state-change.ts')).addState,
      grammar: stateGrammar,
    },
    {
      names: ['update'],
      load: async () => (await import('./state-change.ts')).updateState,
      grammar: stateGrammar,
    },
    {
      names: ['allocspi'],
      load: async () => (await import('./state-spi.ts')).allocateSpi,
      grammar: async () => (await import('./state-spi.ts')).SPI_GRAMMAR,
    },
    {
      names: ['delete'],
      load: async () => (await import('./state-one.ts')).deleteState,
      grammar: stateIdGrammar,
    },
    {
      names: ['deleteall', 'delall'],
      load: async () => (await import('./state-list.ts')).deleteStates,
      grammar: stateFilter,
    },
    {
      names: ['list', 'show', 'lst'],
      load: async () => (await import('./state-list.ts')).listStates,
      grammar: stateFilter,
    },
    { names: ['get'], load: async () => (await import('./state-one.ts')).getState, grammar: stateIdGrammar },
    {
      names: ['flush'],
      load: async () => (await import('./flush.ts')).flushStates,
      grammar: async () => (await import('./flush.ts')).STATE_FLUSH_GRAMMAR,
    },
    { names: ['count'], load: async () => (await import('./counts.ts')).countStates },
  ],
};

const POLICY: Subcommands = {
  program: 'ip xfrm policy',
  default: 'list',
  usage: async () => (await import('./usage.ts')).POLICY_USAGE,
  commands: [
    {
      names: ['add'],
      load: async () => (await import('./policy-change.ts')).addPolicy,
      grammar: policyGrammar,
    },
    {
      names: ['update'],
      load: async () => (await import('./policy-change.ts')).updatePolicy,
      grammar: policyGrammar,
    },
    {
      names: ['delete'],
      load: async () => (await import('./policy-one.ts')).deletePolicy,
      grammar: policyIdGrammar,
    },
    {
      names: ['deleteall', 'delall'],
      load: async () => (await import('./policy-list.ts')).deletePolicies,
      grammar: policyFilter,
    },
    {
      names: ['list', 'show', 'lst'],
      load: async () => (await import('./policy-list.ts')).listPolicies,
      grammar: policyFilter,
    },
    {
      names: ['get'],
      load: async () => (await import('./policy-one.ts')).getPolicy,
      grammar: policyIdGrammar,
    },
    {
      names: ['flush'],
      load: async () => (await import('./flush.ts')).flushPolicies,
      grammar: async () => (await import('./flush.ts')).POLICY_FLUSH_GRAMMAR,
    },
    { names: ['count'], load: async () => (await import('./counts.ts')).countPolicies },
    {
      names: ['set'],
      load: async () => (await import('./policy-settings.ts')).setThresholds,
      grammar: async () => (await import('./policy-settings.ts')).THRESHOLD_GRAMMAR,
    },
    {
      names: ['setdefault'],
      load: async () => (await import('./policy-settings.ts')).setDefaults,
      grammar: async () => (await import('./policy-settings.ts')).DEFAULT_GRAMMAR,
    },
    { names: ['getdefault'], load: async () => (await import('./policy-settings.ts')).getDefaults },
  ],
};

export const XFRM: Subcommands = {
  program: 'ip xfrm',
  default: 'help',
  usage: async () => (await import('./usage.ts')).OBJECT_USAGE,
  unknown: () => undefined,
  commands: [
    { names: ['state'], load: async () => dispatcher(STATE), subcommands: STATE },
    { names: ['policy'], load: async () => dispatcher(POLICY), subcommands: POLICY },
    {
      names: ['monitor'],
      load: async () => (await import('./monitor.ts')).monitorXfrm,
      grammar: async () => (await import('./monitor.ts')).MONITOR_GRAMMAR,
    },
  ],
};
