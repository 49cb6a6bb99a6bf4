/** Lists of virtual functions of which the kernel could not report all: the number of functions is not that of the list. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHex, readMessage, splitMessages } from '../support/capture/bytes.ts';
import { original, ours } from '../support/capture/capture.ts';
import { fixturesFolder } from '../support/capture/fixtures.ts';
import { needs } from '../support/requirements.ts';

const HEADERS_LENGTH = 32;
const IFLA_NUM_VF = 21;
const IFLA_VFINFO_LIST = 22;
const IFLA_VF_INFO = 1;

function attribute(type: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt16LE(header.length + payload.length);
  header.writeUInt16LE(type, 2);
  return Buffer.concat([header, payload, Buffer.alloc(-payload.length & 3)]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** The device of the fixture with a list of `listed` functions of `count`; undefined: the attribute is left out. */
function device(listed: number | undefined, count: number | undefined): Buffer {
  const blocks = parseHex(readFileSync(join(fixturesFolder, 'link/vf/reply.hex'), 'utf8'));
  const [first] = splitMessages(Buffer.concat(blocks.map(({ bytes }) => bytes)));
  const { attributes } = readMessage(first!);
  const others = attributes.filter(({ type }) => type !== IFLA_NUM_VF && type !== IFLA_VFINFO_LIST);
  const vf = attributes.find(({ type }) => type === IFLA_VFINFO_LIST)!.nested![0]!;
  const message = Buffer.concat([
    first!.subarray(0, HEADERS_LENGTH),
    ...others.map(({ type, payload }) => attribute(type, payload)),
    ...(count === undefined ? [] : [attribute(IFLA_NUM_VF, number(count))]),
    ...(listed === undefined
      ? []
      : [
          attribute(
            IFLA_VFINFO_LIST,
            Buffer.concat(Array<Buffer>(listed).fill(attribute(IFLA_VF_INFO, vf.payload))),
          ),
        ]),
  ]);
  message.writeUInt32LE(message.length);
  return message;
}

describe('a list of functions', () => {
  before(function () {
    needs(this, 'oracle', 'compiler');
  });

  for (const [listed, count] of [
    [3, 3],
    [2, 3],
    [4, 3],
    [0, 3],
    [2, 0],
    [2, undefined],
    [undefined, 3],
  ] as const) {
    it(`with ${listed} of ${count} is shown, and reported if it is cut, as by the original`, async () => {
      for (const line of [
        'link',
        '-j link',
        '-o link',
        '-br link',
        '-s link',
        'addr',
        '-d addr',
        '-4 addr',
      ]) {
        const options = { replies: device(listed, count) };
        const shown = ({ stdout, stderr, status }: Awaited<ReturnType<typeof ours>>) => ({
          line,
          stdout,
          stderr,
          status,
        });
        const words = line.split(' ');
        assert.deepEqual(shown(await ours(words, options)), shown(original(words, options)));
      }
    });
  }
});
