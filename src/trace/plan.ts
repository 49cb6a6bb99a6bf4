/** Plans as people read them: one line a step, with the system call that it is and what its failure means. */
import type { Plan, Step } from '../kernel/plans/plan.ts';
import { ioctlName, mountFlags, namespaceFlags, quoted, umountFlags } from './calls.ts';

/** The lines of a plan. */
export function planLines({ steps, program, failure }: Plan, isHeld: boolean): string[] {
  const title = isHeld ? 'not carried out' : 'plan';
  const end = `a step that fails ends it with status ${failure}${program === '' ? '' : `, reported as "${program}: ..."`}`;
  return [`${title}: ${steps.length} step${steps.length === 1 ? '' : 's'}; ${end}`, ...steps.map(stepLine)];
}

function stepLine(step: Step): string {
  const conditions = [
    ...(step.if ?? []).map(slot => `slot ${slot} is open`),
    ...(step.unless ?? []).map(slot => `slot ${slot} is not open`),
  ];
  const condition = conditions.length === 0 ? '' : `, if ${conditions.join(' and ')}`;
  return `  ${stepText(step)}${condition}${failureText(step)}`;
}

function failureText({ fails, warns, step }: Step): string {
  if (fails !== undefined) return '';
  if (warns !== undefined) return '; failure only warns';
  return FORGIVING.has(step) ? '; failure is forgiven' : '';
}

/** Steps that may fail silently, where no phrase says otherwise. */
const FORGIVING: ReadonlySet<Step['step']> = new Set([
  'open',
  'setns',
  'unshare',
  'mount',
  'umount',
  'chdir',
  'chroot',
  'setgroups',
  'make-private',
]);

function stepText(step: Step): string {
  switch (step.step) {
    case 'exec':
      return `exec ${step.argv.map(quoted).join(' ')}`;
    case 'open':
      return `slot ${step.slot} = open(${quoted(step.path)})`;
    case 'pidfd':
      return `slot ${step.slot} = pidfd_open(${step.pid})`;
    case 'namespace-by-id':
      return `slot ${step.slot} = open_by_handle_at(namespace ${step.id}, ${ioctlName(step.ioctl)})`;
    case 'user-namespace':
      return `slot ${step.slot} = user namespace of the process in slot ${step.pidfd}`;
    case 'parent':
      return `slot ${step.slot} = ioctl(slot ${step.from}, NS_GET_USERNS)`;
    case 'socket-namespace':
      return `slot ${step.slot} = ioctl(pidfd_getfd(slot ${step.pidfd}, ${step.descriptor}), SIOCGSKNS)`;
    case 'setns':
      return `setns(slot ${step.slot}, ${namespaceFlags(step.type)})`;
    case 'target':
      return `to be entered: ${namespaceFlags(step.type)}, by slot ${step.slot} if it is open`;
    case 'enter':
      return `setns() with the namespaces to be entered, of the process in slot ${step.pidfd} where no slot has one`;
    case 'default-action':
      return `sigaction(${step.signal}, SIG_DFL)`;
    case 'unshare':
      return `unshare(${namespaceFlags(step.flags)})`;
    case 'mount':
      return `mount(${quoted(step.source)}, ${quoted(step.target)}, ${quoted(step.type)}, ${mountFlags(step.flags)}, ${step.data === '' ? 'NULL' : quoted(step.data)})`;
    case 'make-private':
      return `mount("none", ${quoted(step.target)}, NULL, MS_REC|MS_PRIVATE, NULL)`;
    case 'umount':
      return `umount2(${quoted(step.target)}, ${umountFlags(step.flags)})`;
    case 'replace-sysfs':
      return `umount2(${quoted(step.target)}, MNT_DETACH), mount(${quoted(step.source)}, ${quoted(step.target)}, "sysfs")`;
    case 'write':
      return `write(${quoted(step.path)}, ${quoted(step.text)})`;
    case 'fchdir':
      return `fchdir(slot ${step.slot})`;
    case 'fork':
      return `fork(); this process goes on to the next wait, the child after it${step.deathSignal === 0 ? '' : `, and dies by signal ${step.deathSignal} with this process`}`;
    case 'wait':
      return 'wait for the child and end as it does';
    case 'helper':
      return `helper ${step.index}: a child that does the following when released`;
    case 'end':
      return 'end of the helper';
    case 'print':
      return `write(${step.descriptor}, ${quoted(step.text)})`;
    case 'hold':
      return 'print the process id, and stay until a signal';
    case 'shell':
      return "exec the user's login shell";
    default:
      return generalText(step);
  }
}

/** The step's name and its fields. */
function generalText({
  step,
  fails: _fails,
  warns: _warns,
  if: _if,
  unless: _unless,
  ...fields
}: Step): string {
  const words = Object.entries(fields).map(([name, value]) =>
    typeof value === 'string' ? quoted(value) : name === 'slot' ? `slot ${value}` : String(value),
  );
  return `${step}(${words.join(', ')})`;
}
