/**
 * Policies as the kernel's own tests of xfrm use them (tools/testing/selftests/net/xfrm_policy.sh): a gateway with a
 * tunnel, hundreds of policies that do not match, exceptions, prefixes that overlap, and what `policy get` finds among them.
 * What they find is shown, not sent: this kernel has no ESP.
 */
import { differential, line, type Step } from '../../support/twin.ts';

const gateway: readonly Step[] = [
  'netns add gw',
  '-n gw link set lo up',
  '-n gw addr add 10.0.3.1/24 dev lo',
];

/** Policies of a tunnel between the networks behind this gateway and behind the other. */
function tunnel(here: string, there: string, local: string, remote: string): readonly Step[] {
  const template = (from: string, to: string) => `tmpl src ${from} dst ${to} proto esp mode tunnel`;
  return [
    `-n gw xfrm policy add src ${local} dst ${remote} dir out ${template(here, there)} priority 100 action allow`,
    `-n gw xfrm policy add src ${remote} dst ${local} dir fwd ${template(there, here)} priority 100 action allow`,
  ];
}

/** Lines of a batch: policies of networks that nothing is sent to, the wider ones around the narrower ones. */
function unrelated(): string {
  const lines: string[] = [];
  for (let net = 10; net <= 12; net++) {
    lines.push(`xfrm policy add src 0.0.0.0/0 dst 10.${net}.99.0/30 dir out action block`);
    lines.push(`xfrm policy add src 10.${net}.99.0/30 dst 0.0.0.0/0 dir out action block`);
    for (let host = 32; host < 64; host++) {
      for (const length of [30, 29, 24])
        lines.push(
          `xfrm policy add src 10.${net}.1.0/${length} dst 10.${net}.${host}.0/${length} dir out action block`,
        );
      lines.push(`xfrm policy add src dead:${net}:${host}::/64 dst dead:${net}::/24 dir fwd action block`);
    }
  }
  return `${lines.join('\n')}\n`;
}

const lookups: readonly Step[] = [
  '-n gw xfrm policy get src 10.0.1.0/24 dst 10.0.2.0/24 dir out',
  '-n gw xfrm policy get src 10.0.2.0/24 dst 10.0.1.0/24 dir fwd',
  '-n gw xfrm policy get src dead:1::/64 dst dead:2::/64 dir out',
  '-n gw xfrm policy get src 10.0.1.0/24 dst 10.0.9.0/24 dir out',
  '-n gw xfrm policy count',
  '-n gw -s xfrm policy count',
];

describe('the policies of a gateway', () => {
  differential('are found among hundreds of others', [
    ...gateway,
    ...tunnel('10.0.3.1', '10.0.3.10', '10.0.1.0/24', '10.0.2.0/24'),
    ...tunnel('dead:3::1', 'dead:3::10', 'dead:1::/64', 'dead:2::/64'),
    line('-n gw -batch -', { stdin: unrelated() }),
    ...lookups,
    '-n gw xfrm policy add dst 10.0.2.240/28 dir out priority 10 action allow',
    '-n gw xfrm policy add dst 10.0.2.253 dir out tmpl src 10.0.3.1 dst 10.0.3.10 proto esp mode tunnel priority 1 action allow',
    '-n gw xfrm policy get dst 10.0.2.253 dir out',
    '-n gw xfrm policy get dst 10.0.2.240/28 dir out',
    '-n gw xfrm policy list dir fwd priority 100',
    '-n gw xfrm policy deleteall dir out action block',
    ...lookups,
  ]);

  differential('are kept when prefixes overlap, and thresholds of hashing change', [
    ...gateway,
    ...tunnel('10.0.3.1', '10.0.3.10', '10.0.1.0/24', '10.0.2.0/24'),
    ...['10.1.0.0/24', '10.2.0.0/24'].map(
      from => `-n gw xfrm policy add src ${from} dst 10.0.0.0/24 dir fwd priority 200 action block`,
    ),
    '-n gw xfrm policy add src 10.2.0.0/24 dst 10.0.1.0/24 dir fwd priority 200 action block',
    '-n gw xfrm policy add src 10.1.0.0/24 dst 10.0.0.0/23 dir fwd priority 200 action block',
    ...lookups,
    '-n gw xfrm policy set hthresh4 32 32 hthresh6 128 128',
    ...lookups,
    '-n gw xfrm policy set hthresh4 0 0 hthresh6 0 0',
    '-n gw xfrm policy list',
    '-n gw xfrm policy flush',
    '-n gw xfrm policy count',
  ]);
});
