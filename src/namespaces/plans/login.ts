/** Steps that make a program another user's, give it a fresh environment, or end it after some time. */
import { FORK_SIGNALS, type Step } from '../../kernel/plans/plan.ts';
import { type Account, groupsOf } from '../../kernel/system/accounts.ts';

/** Who the program runs as; undefined leaves the caller's. */
export interface Login {
  readonly user: number | undefined;
  readonly group: number | undefined;
  /** The user's account, if there is one. */
  readonly account: Account | undefined;
  readonly keepsCapabilities: boolean;
}

/** SIGKILL: the program does not outlive what waits for it. */
const KILL = 9;

/** Becomes the user, with all its groups and, if asked, the capabilities of before. */
export function loginSteps({ user, group, account, keepsCapabilities }: Login): Step[] {
  const first = group ?? account?.group ?? user;
  const steps: Step[] = [];
  if (first !== undefined) {
    const ids = account === undefined ? [first] : groupsOf(account.name, first);
    steps.push({ step: 'groups', ids: ids.join(','), fails: 'setting the groups failed' });
    steps.push({ step: 'setgid', id: first, fails: `setting group ${first} failed` });
  }
  if (user === undefined) return steps;
  if (keepsCapabilities) steps.push({ step: 'hold-capabilities', fails: 'keeping capabilities failed' });
  steps.push({ step: 'setuid', id: user, fails: `setting user ${user} failed` });
  if (keepsCapabilities) steps.push({ step: 'keep-capabilities', fails: 'keeping capabilities failed' });
  return steps;
}

/** Where programs are looked up in a fresh environment. */
const PATHS = {
  root: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  other: '/usr/local/bin:/usr/bin:/bin',
};
/** What a fresh environment keeps of the caller's. */
const KEPT = /^(TERM|COLORTERM|LANG|LANGUAGE|LC_[A-Z]+|TZ)$/;

/** Variables of the account, as su(1) sets them; first, if asked, an environment without the caller's. */
export function environmentSteps(
  account: Account | undefined,
  caller: Readonly<Record<string, string | undefined>> | undefined,
): Step[] {
  const variables: [string, string][] = [];
  if (caller !== undefined) {
    for (const [name, value] of Object.entries(caller))
      if (value !== undefined && KEPT.test(name)) variables.push([name, value]);
    variables.push(['PATH', account?.id === 0 ? PATHS.root : PATHS.other]);
  }
  if (account !== undefined) {
    const { name, home, shell } = account;
    variables.push(['HOME', home], ['SHELL', shell || '/bin/sh'], ['USER', name], ['LOGNAME', name]);
  }
  const set = variables.map(
    ([name, value]): Step => ({ step: 'variable', name, value, fails: `setting ${name} failed` }),
  );
  return caller === undefined
    ? set
    : [{ step: 'clear-environment', fails: 'clearing the environment failed' }, ...set];
}

/** Runs what follows in a child that gets SIGTERM after some time, then SIGKILL. The plan then ends with status 124. */
export function limitSteps(milliseconds: number): Step[] {
  return [
    { step: 'fork', signals: FORK_SIGNALS.forward, deathSignal: KILL, fails: 'fork failed' },
    { step: 'limit', milliseconds, fails: 'setting the time limit failed' },
    { step: 'wait', stops: 1, fails: '' },
    { step: 'process-group', fails: 'making a process group failed' },
  ];
}
