/** How it is laid out which state is meant: by its addresses, protocol, SPI and request id. */
import type { Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';
import { isIpsec } from '../../xfrm/names.ts';
import type { StateKey } from '../../xfrm/structs.ts';
import { addressText, hex8, modeText, transformProtocolText } from './spelling.ts';

/** What names a state, in states and in templates. */
export interface Identity {
  readonly id: StateKey;
  readonly saddr: Buffer;
  readonly family: number;
  readonly reqid: number;
  readonly mode: number;
}

/** Prints two lines; `prefix` stands before the second. With `isState` it is not a template, whose SPI may be any. */
export function showIdentity(
  { id, saddr, family, reqid, mode }: Identity,
  prefix: string,
  isState: boolean,
  out: Output,
  view: View,
): void {
  const isDetailed = view.statistics > 0;
  const [source, destination] = [addressText(saddr, family), addressText(id.daddr, family)];
  out.field('src', source, `src ${source} `);
  out.field('dst', destination, `dst ${destination}`);
  out.newline();
  out.text(`${prefix}\t`);
  showProtocolAndSpi(id, isState && isIpsec(id.proto), out, view);
  out.field('reqid', reqid, `reqid ${reqid}${isDetailed ? `(0x${hex8(reqid)})` : ''} `);
  const word = modeText(mode);
  out.field('mode', word, `mode ${word}`);
  out.newline();
}

/** The protocol, and the SPI unless that is 0 and not to be shown. */
export function showProtocolAndSpi(
  { proto, spi }: StateKey,
  showsZero: boolean,
  out: Output,
  { statistics }: View,
): void {
  const protocol = transformProtocolText(proto);
  out.field('proto', protocol, `proto ${protocol} `);
  if (statistics > 0 || spi !== 0 || showsZero)
    out.field('spi', spi, `spi 0x${hex8(spi)}${statistics > 0 ? `(${spi})` : ''} `);
}
