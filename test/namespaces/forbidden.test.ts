/** Why a system makes no user namespaces, by its settings. */
import assert from 'node:assert/strict';
import { userNamespacesForbidden } from '../../src/namespaces/rootless/forbidden.ts';

function forbidden(files: Readonly<Record<string, string>>): string {
  return userNamespacesForbidden('unshare failed: Operation not permitted', path => files[path]);
}

describe('a system without user namespaces', () => {
  it('names each setting that forbids them, and the line that permits them', () => {
    for (const [path, value, name, permits] of [
      ['kernel/unprivileged_userns_clone', '0', 'kernel.unprivileged_userns_clone', 1],
      [
        'kernel/apparmor_restrict_unprivileged_userns',
        '1',
        'kernel.apparmor_restrict_unprivileged_userns',
        0,
      ],
      ['user/max_user_namespaces', '0', 'user.max_user_namespaces', 15000],
      ['user/max_net_namespaces', '0', 'user.max_net_namespaces', 15000],
    ] as const) {
      const text = forbidden({ [`/proc/sys/${path}`]: `${value}\n` });
      assert.ok(text.includes(`${name} is ${value}, `), text);
      assert.ok(text.includes(`"sudo sysctl -w ${name}=${permits}" permits it`), text);
      assert.ok(text.endsWith('(unshare failed: Operation not permitted)'), text);
    }
  });

  it('has a filter of system calls, or no setting that is known', () => {
    assert.match(forbidden({ '/proc/self/status': 'Name:\tnode\nSeccomp:\t2\n' }), /seccomp/);
    const permissive = {
      '/proc/sys/kernel/unprivileged_userns_clone': '1',
      '/proc/sys/user/max_user_namespaces': '1000',
      '/proc/self/status': 'Seccomp:\t0\n',
    };
    assert.match(forbidden(permissive), /no setting says why/);
  });
});
