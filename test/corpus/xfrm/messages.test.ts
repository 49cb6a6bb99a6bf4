/**
 * Saved messages of xfrm: every type and every attribute, with right and wrong lengths, printed by `xfrm monitor file`
 * and by the lists, as the original prints them.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
  xfrmAttribute,
  xfrmMessage,
} from '../../support/capture/xfrm-messages.ts';
import { difference } from '../../support/difference.ts';
import { hashOf } from '../../support/random/sample.ts';
import { needs } from '../../support/requirements.ts';

const TYPES = Object.keys(STRUCTS).map(Number);
const ATTRIBUTE_TYPES = Object.keys(ATTRIBUTES).map(Number);
const OPTIONS = [[], ['-s'], ['-s', '-s'], ['-o'], ['-o', '-s'], ['-d'], ['-j'], ['-N']];
const VARIANTS = 6;

/** Types of messages that the original knows; of the others it prints the numbers. */
const WITH_ATTRIBUTES = [0x10, 0x11, 0x13, 0x14, 0x17, 0x18, 0x1a, 0x1b, 0x1d, 0x20];

/** What both print of a file of messages. */
async function compareFile(options: readonly string[], messages: readonly Buffer[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tsip-xfrm-'));
  try {
    const file = join(folder, 'messages');
    writeFileSync(file, Buffer.concat(messages.flatMap(message => [message, CLEARING])));
    const words = [...options, 'xfrm', 'monitor', 'file', file];
    const [theirs, own] = [original(words), await ours(words)];
    assert.equal(difference(theirs.stdout, encodeText(own.stdout).toString('utf8')), '');
    assert.equal(difference(theirs.stderr, own.stderr), '');
    assert.equal(own.status, theirs.status);
    assert.notEqual(theirs.stdout, '');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** DELSA and DELPOLICY carry what was deleted as an attribute. */
function deletedIn(type: number, text: string): Buffer[] {
  return type === 0x11 ? [attributeFor(6, text)] : type === 0x14 ? [attributeFor(7, text)] : [];
}

describe('saved messages of xfrm', function () {
  this.timeout(120_000);

  before(function () {
    needs(this, 'oracle', 'compiler');
  });

  for (const options of OPTIONS)
    it(`are printed alike with ${options.join(' ') || 'no options'}`, async () => {
      const messages = TYPES.flatMap(type =>
        Array.from({ length: VARIANTS }, (_, variant) => {
          const text = `${type} ${variant}`;
          return xfrmMessage(type, structFor(type, text), deletedIn(type, text));
        }),
      );
      await compareFile(options, messages);
    });

  it('are printed alike when all that they have is zero', async () => {
    const messages = TYPES.map(type => {
      const deleted = type === 0x11 ? [[6, 224]] : type === 0x14 ? [[7, 168]] : [];
      const attributes = deleted.map(([number, size]) => xfrmAttribute(number!, Buffer.alloc(size!)));
      return xfrmMessage(type, Buffer.alloc(STRUCTS[type]!), attributes);
    });
    await compareFile([], messages);
    await compareFile(['-s'], messages);
  });

  it('are printed alike when they are too short', async () => {
    const messages = TYPES.flatMap(type =>
      [0, 1, 4, 20, 23, 24, 48, 60, 63, 100, 167, 168, 200, 223].flatMap(length =>
        length < STRUCTS[type]! ? [xfrmMessage(type, structFor(type, 'short').subarray(0, length))] : [],
      ),
    );
    await compareFile([], messages);
  });

  for (const type of ATTRIBUTE_TYPES)
    it(`are printed alike with attribute ${type}, of any length`, async () => {
      const messages = WITH_ATTRIBUTES.flatMap(message =>
        Array.from({ length: 2 * VARIANTS }, (_, variant) => {
          const text = `${message} ${type} ${variant}`;
          const others = deletedIn(message, text);
          return xfrmMessage(message, structFor(message, text), [...others, attributeFor(type, text)]);
        }),
      );
      await compareFile(hashOf(`options ${type}`) % 2 ? ['-s'] : [], messages);
    });

  it('are printed alike with several attributes in any order', async () => {
    const messages = WITH_ATTRIBUTES.flatMap(message =>
      Array.from({ length: 8 * VARIANTS }, (_, variant) => {
        const text = `${message} many ${variant}`;
        const attributes = Array.from({ length: 1 + (hashOf(text) % 9) }, (_, place) =>
          attributeFor(
            ATTRIBUTE_TYPES[hashOf(`${text} ${place}`) % ATTRIBUTE_TYPES.length]!,
            `${text} ${place}`,
          ),
        );
        return xfrmMessage(message, structFor(message, text), attributes);
      }),
    );
    await compareFile([], messages);
    await compareFile(['-s'], messages);
  });
});
