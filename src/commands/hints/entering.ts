/**
 * What will stop a program from entering or making namespaces: a process that has ended, or a capability that is not held
 * in the user namespace that owns what is entered. It is said before, because the program that enters is another one.
 * Sources: setns(2), unshare(2), ioctl_nsfs(2).
 */
import type { Plan, Step } from '../../kernel/plans/plan.ts';
import { factsOf, KINDS, type Kind } from '../../namespaces/kinds.ts';
import { userNamespacesForbidden } from '../../namespaces/rootless/forbidden.ts';
import type { SystemView } from './system-view.ts';

/** What is asked of the system. */
export type EnteringView = Pick<SystemView, 'identity' | 'isProcess' | 'owner'>;

/** What a plan is about to do. */
interface Entry {
  /** The process whose namespaces are entered; undefined if none is named. */
  readonly target: number | undefined;
  /** Kinds that are entered, each with a file of the namespace where one is known. */
  readonly entered: ReadonlyMap<Kind, string | undefined>;
  readonly made: readonly Kind[];
}

/** The hint for a plan of nsenter, unshare or netns exec; `words` is what was called, with what stands before its program. */
export function enteringHint(plan: Plan, words: readonly string[], system: EnteringView): string | undefined {
  const { target, entered, made } = entryOf(plan.steps);
  if (target !== undefined && !system.isProcess(target))
    return `there is no process ${target} here: it has ended, or is in another PID namespace`;
  const who = system.identity();
  if (who.hasSysAdmin || entered.has('user')) return undefined;
  if (made.includes('user')) return forbiddenHint();
  const lacks = (where: string) =>
    `this takes CAP_SYS_ADMIN in ${where}, which user ${who.user} does not have`;
  const [first] = made;
  if (first !== undefined && entered.size === 0) {
    const own = who.user === 0 ? 'what started this shell has dropped it' : makingAdvice();
    return `${lacks(who.userNamespace)}: ${own}`;
  }
  for (const [kind, file] of entered) {
    const owner = (file === undefined ? undefined : system.owner(file)) ?? 'a user namespace outside of ours';
    if (owner === who.userNamespace) return `${lacks(owner)}: ${adviceFor(words, who.user)}`;
    const whose = `this takes CAP_SYS_ADMIN in ${owner}, which owns the ${kind} namespace, and in ours, ${who.userNamespace}`;
    // The process that is entered is in the namespace that owns it: to enter that one as well is enough for its owner.
    return target !== undefined && system.owner(`/proc/${target}/ns/${kind}`) === owner
      ? `${whose}: enter that of the process, too, with --user`
      : `${whose}: ${adviceFor(words, who.user)}`;
  }
  return undefined;
}

function entryOf(steps: readonly Step[]): Entry {
  let target: number | undefined;
  const files = new Map<number, string>();
  const entered = new Map<Kind, string | undefined>();
  const made: Kind[] = [];
  const enter = (type: number, file: string | undefined) => {
    for (const kind of kindsOf(type))
      entered.set(kind, file ?? (target === undefined ? undefined : `/proc/${target}/ns/${kind}`));
  };
  for (const step of steps) {
    if (step.step === 'pidfd') target = step.pid;
    // What has been noticed while the plan was made.
    else if (step.step === 'print') target ??= targetIn(step.text);
    else if (step.step === 'open') files.set(step.slot, step.path);
    else if (step.step === 'target' || step.step === 'setns') enter(step.type, files.get(step.slot));
    // What comes after an entry, the mounts of netns exec, is made with the capability that the entry takes.
    else if (step.step === 'unshare' && entered.size === 0) made.push(...kindsOf(step.flags));
  }
  return { target, entered, made };
}

function targetIn(complaint: string): number | undefined {
  const pid = /\/proc\/(\d+)\/ns\//.exec(complaint)?.[1];
  return pid === undefined ? undefined : Number(pid);
}

function kindsOf(flags: number): readonly Kind[] {
  return KINDS.map(({ kind }) => kind).filter(kind => (flags & factsOf(kind).flag) !== 0);
}

function makingAdvice(): string {
  return 'be root, or make a user namespace too, in which you are root: --map-root-user';
}

function adviceFor(words: readonly string[], user: number): string {
  if (user === 0) return 'what started this shell has dropped it';
  return words[0] === 'netns'
    ? `be root there, or use namespaces of your own: tsip --rootless ${words.slice(0, 2).join(' ')} ...`
    : 'be root there';
}

/** Which setting forbids user namespaces to users, if one does. */
function forbiddenHint(): string | undefined {
  const text = userNamespacesForbidden();
  return text.includes(' permits it')
    ? text.replace(/^.*makes none: /, 'this makes a user namespace: ')
    : undefined;
}
