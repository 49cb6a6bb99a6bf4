/** Protocols above IP by name: the system's /etc/protocols, as getprotobyname(3) reads it. */
import { readFileSync, statSync } from 'node:fs';
import { parseUnsigned } from '../../schema/number.ts';
import { decodeText } from '../../wire/text.ts';

const FILE = '/etc/protocols';

/** Number of a protocol by name, alias or decimal number; undefined if it is not one. */
export function ipProtocolNumber(word: string): number | undefined {
  return parseUnsigned(word, 0xff, 10) ?? ipProtocolByName(word);
}

/** Number of a protocol by name or alias; undefined if there is none. */
export function ipProtocolByName(word: string): number | undefined {
  return readProtocols().find(({ names }) => names.includes(word))?.number;
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

let protocols: readonly Protocol[] = [];
/** The file that they were read from, as it was then: `tsip run` makes many calls in one process. */
let source: string | undefined;

function readProtocols(): readonly Protocol[] {
  let text = '';
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(FILE, { bigint: true });
    const found = [dev, ino, size, mtimeNs, ctimeNs].join(' ');
    if (found === source) return protocols;
    text = decodeText(readFileSync(FILE));
    source = found;
  } catch {
    // Without the file no protocol has a name.
    source = undefined;
  }
  protocols = text.split('\n').flatMap(line => {
    const [name, number, ...aliases] = line.replace(/#.*/, '').split(/\s+/).filter(Boolean);
    return name !== undefined && number !== undefined && /^\d+$/.test(number)
      ? [{ number: Number(number), names: [name, ...aliases] }]
      : [];
  });
  return protocols;
}
