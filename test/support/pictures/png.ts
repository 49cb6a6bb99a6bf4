/** Pixels of a PNG picture with 8 bits a channel, for tests that look at colours. Source: RFC 2083. */
import { inflateSync } from 'node:zlib';

const SIGNATURE_LENGTH = 8;
/** Channels by colour type: RGB, RGB with opacity. */
const CHANNELS: Readonly<Record<number, number>> = { 2: 3, 6: 4 };

/** The colours of a picture, `#rrggbb`, with the number of their pixels. */
export function coloursOf(png: Buffer): Map<string, number> {
  const { width, height, channels, data } = unpack(png);
  const stride = width * channels;
  const counts = new Map<string, number>();
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const start = y * (stride + 1);
    const row = unfiltered(data.subarray(start + 1, start + 1 + stride), above, data[start]!, channels);
    for (let x = 0; x < stride; x += channels) {
      const colour = `#${Buffer.from(row.subarray(x, x + 3)).toString('hex')}`;
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
    above = row;
  }
  return counts;
}

function unpack(png: Buffer): { width: number; height: number; channels: number; data: Buffer } {
  const parts: Buffer[] = [];
  let [width, height, channels] = [0, 0, 0];
  for (let at = SIGNATURE_LENGTH; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') {
      [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
      channels = CHANNELS[body[9]!] ?? 0;
      if (body[8] !== 8 || channels === 0) throw new Error('only pictures with 8 bits of each RGB channel');
    } else if (type === 'IDAT') parts.push(body);
    at += 12 + length;
  }
  return { width, height, channels, data: inflateSync(Buffer.concat(parts)) };
}

/** A row of bytes without its filter, which predicts each from those to the left and above. */
function unfiltered(
  filtered: Buffer,
  above: Uint8Array,
  filter: number,
  channels: number,
): Uint8Array<ArrayBuffer> {
  const row = new Uint8Array(filtered.length);
  for (let at = 0; at < row.length; at++) {
    const left = row[at - channels] ?? 0;
    const up = above[at]!;
    const corner = at < channels ? 0 : above[at - channels]!;
    const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
    row[at] = filtered[at]! + predicted;
  }
  return row;
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [toLeft, toUp, toCorner] = [left, up, corner].map(value => Math.abs(estimate - value));
  if (toLeft! <= toUp! && toLeft! <= toCorner!) return left;
  return toUp! <= toCorner! ? up : corner;
}
