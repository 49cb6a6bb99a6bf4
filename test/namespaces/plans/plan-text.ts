/** Plans as text, a line for each step, for tests to compare. */

import type { Plan, Step } from '../../../src/kernel/plans/plan.ts';
import { KINDS } from '../../../src/namespaces/kinds.ts';

/** What nsenter's plans keep in each slot. */
const slots = [
  ...KINDS.map(({ kind }) => kind),
  ...['pidfd', 'root', 'cwd', 'environ', 'owner', 'cgroup', 'target-user', 'parent-user'],
];

/** Fields that are numbers of slots. */
const slotFields = new Set(['slot', 'from', 'pidfd', 'if', 'unless']);

/** `name field=value ...`, then `! phrase` of a failure that ends the plan, or `? phrase` of one that does not. */
export function shownSteps(plan: Plan): string[] {
  return plan.steps.map(shownStep);
}

function shownStep(step: Step): string {
  const { step: name, fails, warns, ...fields } = step as Step & Record<string, unknown>;
  const words = Object.entries(fields).map(([field, value]) => `${field}=${shownValue(field, value)}`);
  const outcome = fails !== undefined ? `! ${fails}` : warns !== undefined ? `? ${warns}` : '';
  return [name, ...words, outcome].join(' ').trimEnd();
}

function shownValue(field: string, value: unknown): string {
  if (!slotFields.has(field)) return JSON.stringify(value).replace(/^"([\w/:.-]+)"$/, '$1');
  return [value]
    .flat()
    .map(slot => slots[slot as number])
    .join(',');
}

/** Command lines after `$ `, each followed by the steps of its plan. */
export function parseCases(text: string): { readonly words: string[]; readonly steps: string[] }[] {
  return text
    .trim()
    .split(/^\$ /m)
    .filter(Boolean)
    .map(part => {
      const [line = '', ...steps] = part.trim().split('\n');
      return { words: line.split(' ').slice(1), steps };
    });
}
