/** Protocols above IP by name: the system's /etc/protocols, as getprotobyname(3) reads it. */
import { readFileSync } from 'node:fs';
import { parseUnsigned } from '../../schema/number.ts';
import { decodeText } from '../../wire/text.ts';

const FILE = '/etc/protocols';

/** Number of a protocol by name, alias or decimal number; undefined if it is not one. */
export function ipProtocolNumber(word: string): number | undefined {
  return parseUnsigned(word, 0xff, 10) ?? readProtocols().find(({ names }) => names.includes(word))?.number;
}

/** Name of a protocol; undefined when it has none. */
export function ipProtocolName(number: number): string | undefined {
  return readProtocols().find(protocol => protocol.number === number)?.names[0];
}

interface Protocol {
  readonly number: number;
  /** The name, then aliases. */
  readonly names: readonly string[];
}

let protocols: readonly Protocol[] | undefined;

function readProtocols(): readonly Protocol[] {
  if (protocols !== undefined) return protocols;
  let text = '';
  try {
    text = decodeText(readFileSync(FILE));
  } catch {
    // Without the file no protocol has a name.
  }
  protocols = text.split('\n').flatMap(line => {
    const [name, number, ...aliases] = line.replace(/#.*/, '').split(/\s+/).filter(Boolean);
    return name !== undefined && number !== undefined && /^\d+$/.test(number)
      ? [{ number: Number(number), names: [name, ...aliases] }]
      : [];
  });
  return protocols;
}
