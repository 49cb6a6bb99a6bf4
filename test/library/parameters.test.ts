/** Every parameter of every kind of device that may be set reaches the kernel: the rows are walked, not a list. */
import assert from 'node:assert/strict';
import type { Connection } from '../../src/library/connection.ts';
import { ArgumentError } from '../../src/library/values/argument.ts';
import { encodeParameters, isReadOnly, kindOf, parametersOf } from '../../src/library/values/kind.ts';
import { Words } from '../../src/library/values/words.ts';
import { KIND_NAMES, loadKinds } from '../../src/rtnetlink/kinds/load.ts';
import { linkHeader } from '../../src/rtnetlink/link.ts';

/** A parameter takes at least one of them. */
const CANDIDATES: readonly unknown[] = [
  ...[true, 1, 2, 5, 0, 5n, '10.0.0.1', 'fd00::1', '02:00:00:00:00:01', 'eth0', 3000],
  ...[[1], [5, 6], ['10.0.0.1'], ['fd00::1'], [5n], Buffer.alloc(8, 1), Buffer.alloc(16, 1)],
  ...[[{ from: 1, to: 2 }], ['02:00:00:00:00:01'], {}],
];

const connection = {
  words: new Words(),
  devices: {
    index: (_argument: string, device: string | number) => (device === 'eth0' ? 7 : Number(device)),
  },
} as unknown as Connection;

function encoded(kind: string, parameters: Readonly<Record<string, unknown>>): string {
  const bytes = encodeParameters(kindOf('kind', kind), parameters, {
    connection,
    isAdd: true,
    existing: undefined,
    makePeer: () => ({ header: linkHeader.zero(), attributes: { ifname: 'peer' } }),
  });
  return bytes?.toString('hex') ?? '';
}

/** What a kind is given in any case, because something else needs it. */
const BASES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  vxlan: { id: 5, link: 'eth0' },
  macsec: { replay_protect: true, window: 9 },
  xfrm: { if_id: 5, link: 'eth0' },
  bareudp: { dstport: 99, ethertype: 'ip' },
  geneve: { id: 5, remote: '10.0.0.9' },
  gtp: { role: 'ggsn' },
};

/** What is sent; undefined for what is refused, whose reason is noted. */
function attempt(kind: string, parameters: Readonly<Record<string, unknown>>, reasons: Set<string>) {
  try {
    return encoded(kind, parameters);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    reasons.add(error.message);
    return undefined;
  }
}

/** Why a parameter has no effect with any candidate, alone or with what its kind needs; undefined if it has one. */
function complaintAbout(kind: string, name: string): string | undefined {
  const reasons = new Set<string>();
  for (const candidate of CANDIDATES) {
    for (const base of [BASES[kind] ?? {}, {}]) {
      const { [name]: _own, ...others } = base;
      const sent = attempt(kind, { ...others, [name]: candidate }, reasons);
      if (sent === undefined) continue;
      if (sent !== attempt(kind, others, new Set())) return undefined;
      reasons.add(`no effect of ${String(candidate)}`);
    }
  }
  const found = [...reasons];
  if (found.some(reason => reason.startsWith('no effect'))) return `${kind} ${name}: ${found.join('; ')}`;
  // Refused by its name whatever it is: it belongs to another kind of the same family.
  const isNamed = found.some(reason => reason.startsWith(`${name}: has no meaning`));
  return isNamed ? undefined : `${kind} ${name}: ${found[0]}`;
}

describe('the parameters of devices', () => {
  before(() => loadKinds());

  it('are sent as they are given, each of every kind', () => {
    const complaints = KIND_NAMES.flatMap(kind =>
      [...parametersOf(kindOf('kind', kind))]
        .filter(name => !isReadOnly(kind, name))
        .flatMap(name => complaintAbout(kind, name) ?? []),
    );
    assert.deepEqual(complaints, []);
  });
});
