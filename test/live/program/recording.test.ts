/** The recording of a terminal in README.md, man/recording.svg: it shows what the programs print. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type RecordedLine, recordingSvg } from '../../support/pictures/recording.ts';
import { repository } from '../../support/requirements.ts';
import { alone } from '../../support/twin.ts';

const file = resolve(repository, 'man/recording.svg');

const BOTH_UP =
  '$ until tsip -n blue -br link show up b0 | grep -q UP && tsip -n red -br link show r0 | grep -q UP; do sleep 0.05; done';

const session = [
  'tsip netns add red',
  'tsip netns add blue',
  'tsip link add r0 netns red type veth peer name b0 netns blue',
  'tsip -n red addr add 10.0.0.1/24 dev r0',
  'tsip -n red link set r0 up',
  'tsip -n blue link set b1 up',
  'tsip -n blue link set b0 up',
  'tsip map red blue',
  'tsip --trace -n red route add default via 10.0.0.2',
];

describe('the recording in the README', () => {
  // TSIP_RECORD=1 makes it again.
  alone('shows what the programs print on a terminal', async sandbox => {
    const lines: RecordedLine[] = [];
    for (const command of session) {
      // The kernel reports a moment later that both ends are up.
      if (command.startsWith('tsip map')) await sandbox.run(BOTH_UP);
      const { stdout, stderr } = await sandbox.run(`$ TSIP_HINTS=always ${command}`);
      lines.push({ command, output: (stdout + stderr).replace(/sequence \d+/g, 'sequence 1') });
    }
    const picture = recordingSvg(
      'A terminal: two namespaces, a typing error with its hint, a map and a trace',
      lines,
    );
    if (process.env['TSIP_RECORD']) writeFileSync(file, picture);
    assert.equal(picture, readFileSync(file, 'utf8'));
    assert.match(picture, /class="hint"/);
  });
});
