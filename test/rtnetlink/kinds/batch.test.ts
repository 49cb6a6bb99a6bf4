/** Which mistakes in the arguments of a kind end a batch, as the original ends there at once, and which fail a line. */
import assert from 'node:assert/strict';
import { type LinkTools, parseKind } from '../../../src/rtnetlink/kind.ts';
import { Args, UsageError } from '../../../src/schema/args.ts';
import { original } from '../../support/capture/capture.ts';
import { needs } from '../../support/requirements.ts';
import { words } from '../../support/sandbox.ts';
import { findKind } from './list.ts';

/** A mistake, and whether the batch goes on after it. */
const mistakes: readonly (readonly [kind: string, line: string, goesOn: boolean])[] = [
  ['bridge_slave', 'flood maybe', false],
  ['bridge_slave', 'cost x', false],
  ['bridge_slave', 'x', true],
  ['bridge', 'group_address x', true],
  ['bridge', 'stp_mode x', true],
  ['vlan', 'gvrp x', true],
  ['vlan', 'id', false],
  ['macvlan', 'mode x', true],
  ['macvlan', 'macaddr add 1:2', true],
  ['bond', 'arp_ip_target x', false],
  ['bond', 'ns_ip6_target x', false],
  ['bond', 'active_slave none', true],
  ['bond', 'coupled_control x', true],
  ['macsec', 'encrypt x', true],
  ['macsec', 'replay on', true],
  ['macsec', 'port 0', false],
  ['rmnet', 'ingress-commands x', true],
  ['ipvlan', 'mode x', true],
  ['can', 'loopback x', false],
  ['can', 'x', true],
];

const RTM_NEWLINK = 16;
const isChange = (message: Buffer) => message.readUInt16LE(4) === RTM_NEWLINK;

const tools = {
  names: { deviceIndex: () => undefined },
  isAdd: true,
  warn: () => undefined,
} as unknown as LinkTools;

describe('a batch with a mistake in the arguments of a kind', () => {
  for (const [kind, line, goesOn] of mistakes) {
    const title = `${goesOn ? 'goes on after' : 'ends with'} ${kind} ${line}`;

    it(title, () => {
      const parse = () => parseKind(findKind(kind)!, new Args(words(line)), { ...tools, kind });
      assert.throws(parse, error => error instanceof UsageError && error.endsBatch === !goesOn);
    });

    it(`${title}, with the original`, function () {
      needs(this, 'oracle', 'compiler');
      const stdin = `link set eth0 type ${kind} ${line}\nlink set eth1 down\n`;
      const run = original(['-force', '-batch', '-'], { stdin });
      assert.equal(run.sent.some(isChange), goesOn);
      assert.equal(run.stderr.includes('Command failed -:1'), goesOn);
    });
  }
});
