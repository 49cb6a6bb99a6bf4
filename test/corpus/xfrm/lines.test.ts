/**
 * Lines of `ip xfrm` with the original and with ours under capture: every keyword with values right and wrong, and
 * random lines. TSIP_LINES takes more of them, TSIP_SEED others.
 */
import assert from 'node:assert/strict';
import { readMessage } from '../../support/capture/bytes.ts';
import { original, ours, type Recorded } from '../../support/capture/capture.ts';
import { STRUCTS, structFor, xfrmMessage } from '../../support/capture/xfrm-messages.ts';
import { difference } from '../../support/difference.ts';
import { SEED } from '../../support/random/sample.ts';
import {
  randomXfrmLine,
  sweepLines,
  type XfrmCommand,
  xfrmCommands,
} from '../../support/random/xfrm-lines.ts';
import { needs } from '../../support/requirements.ts';

const LINES = Number(process.env.TSIP_LINES ?? 300);
const NLM_F_DUMP = 0x300;
const NLM_F_ACK = 4;
const MAX_SHOWN = 15;

/** A state and a policy, for the questions. */
const ANSWERS = Buffer.concat(
  [0x10, 0x13, 0x22, 0x24, 0x28].map(type => xfrmMessage(type, structFor(type, 'an answer'))),
);

/**
 * The requests as text: attributes in any order, without the acknowledgement that is asked for at the end of deletions.
 */
function sent({ xfrm }: Recorded): string {
  return xfrm
    .map(bytes => {
      const [type, flags] = [bytes.readUInt16LE(4), bytes.readUInt16LE(6)];
      const isDump = (flags & NLM_F_DUMP) === NLM_F_DUMP;
      const { header, attributes, rest } = readMessage(bytes, isDump ? 0 : STRUCTS[type]!);
      const lines = attributes.map(
        ({ type, flagBits, payload }) => `${type} ${flagBits} ${payload.toString('hex')}`,
      );
      const title = `type ${type} flags ${flags & ~NLM_F_ACK} ${header.toString('hex')}`;
      return [title, ...lines.sort(), rest.toString('hex')].join('\n');
    })
    .join('\n\n');
}

const withoutUsage = (text: string) => text.replace(/^Usage:[\s\S]*/m, 'Usage\n');

/** What differs; '' if nothing does. */
async function compare(words: readonly string[]): Promise<string> {
  const options = { xfrmReplies: ANSWERS };
  const [theirs, own] = [original(words, options), await ours(words, options)];
  const found = [
    difference(sent(theirs), sent(own)),
    difference(withoutUsage(theirs.stdout), withoutUsage(own.stdout)),
    difference(withoutUsage(theirs.stderr), withoutUsage(own.stderr)),
    theirs.status === own.status ? '' : `exit code ${own.status} instead of ${theirs.status}`,
  ].filter(text => text !== '');
  return found.length === 0 ? '' : `ip ${words.map(word => word || "''").join(' ')}\n${found.join('\n')}`;
}

async function assertSame(lines: Iterable<readonly string[]>): Promise<void> {
  const reports: string[] = [];
  let count = 0;
  for (const words of lines) {
    count++;
    const report = await compare(words);
    if (report !== '') reports.push(report);
  }
  assert.ok(count > 0);
  const text = `${reports.length} of ${count} lines differ\n\n${reports.slice(0, MAX_SHOWN).join('\n\n')}`;
  assert.equal(reports.length, 0, text);
}

describe('lines of ip xfrm', function () {
  this.timeout(60_000 + LINES * 200);
  let commands: readonly XfrmCommand[] = [];

  before(async function () {
    needs(this, 'oracle', 'compiler');
    commands = await xfrmCommands();
  });

  for (const object of ['state', 'policy'])
    it(`have the same effect with every keyword of ${object}`, async () => {
      const found = commands.filter(({ words }) => words[1] === object && words[2] !== 'deleteall');
      await assertSame(found.flatMap(command => [...sweepLines(command)]));
    });

  it(`have the same effect with random words, seed ${SEED}`, async () => {
    const lines = Array.from({ length: LINES }, (_, number) => randomXfrmLine(commands, `line ${number}`));
    await assertSame(lines.filter(words => !words.includes('deleteall')));
  });
});
