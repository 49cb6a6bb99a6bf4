/**
 * Messages of xfrm in fixtures/xfrm, and what the original prints of them: every type, and every attribute with right
 * and wrong lengths. They need no original. TSIP_RECORD=1 writes them again by the original.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeText } from '../../../src/wire/text.ts';
import { original, ours } from '../../support/capture/capture.ts';
import {
  ATTRIBUTES,
  attributeFor,
  CLEARING,
  STRUCTS,
  structFor,
  xfrmMessage,
} from '../../support/capture/xfrm-messages.ts';
import { difference } from '../../support/difference.ts';
import { needs, repository } from '../../support/requirements.ts';

const folder = join(repository, 'fixtures/xfrm');
/** Types of messages that have attributes to show; one of them for each attribute and length. */
const WITH_ATTRIBUTES = [0x10, 0x11, 0x13, 0x14, 0x17, 0x18, 0x1a, 0x1b, 0x1d, 0x20];
const LENGTHS = 5;
const VARIANTS = 3;

/** Options that print something else, by file; those after it print the same, as xfrm has neither JSON nor details. */
const VIEWS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  text: [[], ['-d'], ['-j'], ['-j', '-p']],
  statistics: [['-s'], ['-s', '-d'], ['-s', '-j']],
  oneline: [
    ['-o', '-s'],
    ['-o', '-s', '-d'],
  ],
};

/** The messages to record. */
function messages(): Buffer[] {
  const whole = Object.keys(STRUCTS)
    .map(Number)
    .flatMap(type =>
      Array.from({ length: VARIANTS }, (_, variant) => message(type, `recorded ${type} ${variant}`)),
    );
  const attributes = Object.keys(ATTRIBUTES).map(Number);
  const single = attributes.flatMap(attribute =>
    Array.from({ length: LENGTHS }, (_, variant) => {
      const type = WITH_ATTRIBUTES[(attribute + variant) % WITH_ATTRIBUTES.length]!;
      const text = `recorded ${type} ${attribute} ${variant}`;
      return message(type, text, [attributeFor(attribute, text)]);
    }),
  );
  return [...whole, ...single];
}

/** DELSA and DELPOLICY carry what was deleted as an attribute. */
function message(type: number, text: string, attributes: readonly Buffer[] = []): Buffer {
  const deleted = type === 0x11 ? [attributeFor(6, text)] : type === 0x14 ? [attributeFor(7, text)] : [];
  return xfrmMessage(type, structFor(type, text), [...deleted, ...attributes]);
}

type Print = (words: readonly string[]) => Promise<string>;

async function shown(print: Print, hex: string, options: readonly string[]): Promise<string> {
  const temporary = mkdtempSync(join(tmpdir(), 'tsip-xfrm-'));
  try {
    const file = join(temporary, 'messages');
    const saved = hex
      .split('\n')
      .filter(Boolean)
      .map(line => Buffer.from(line, 'hex'));
    writeFileSync(file, Buffer.concat(saved.flatMap(bytes => [bytes, CLEARING])));
    return await print([...options, 'xfrm', 'monitor', 'file', file]);
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

const byOriginal: Print = async words => original(words).stdout;
const byOurs: Print = async words => encodeText((await ours(words)).stdout).toString('utf8');

describe('recorded messages of xfrm', function () {
  this.timeout(120_000);

  before(async function () {
    if (process.env.TSIP_RECORD !== '1') return;
    needs(this, 'oracle', 'compiler');
    mkdirSync(folder, { recursive: true });
    const hex = messages()
      .map(bytes => `${bytes.toString('hex')}\n`)
      .join('');
    writeFileSync(join(folder, 'messages.hex'), hex);
    for (const [file, [first, ...others]] of Object.entries(VIEWS)) {
      const text = await shown(byOriginal, hex, first!);
      for (const options of others) assert.equal(await shown(byOriginal, hex, options), text);
      writeFileSync(join(folder, file), text);
    }
  });

  for (const [file, views] of Object.entries(VIEWS))
    for (const options of views)
      it(`are printed as recorded with ${options.join(' ') || 'no options'}`, async () => {
        const hex = readFileSync(join(folder, 'messages.hex'), 'utf8');
        assert.equal(
          difference(readFileSync(join(folder, file), 'utf8'), await shown(byOurs, hex, options)),
          '',
        );
      });
});
