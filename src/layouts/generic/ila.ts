/** How translations of locators are laid out: one line of columns for people, one object for programs. */
import type { IlaAttributes } from '../../genetlink/ila.ts';
import type { Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';
import { padEndBytes } from '../../wire/text.ts';
import { ILA_CHECKSUM_MODES, ILA_IDENTIFIER_TYPES, locatorText } from '../encap.ts';

const LOCATOR_WIDTH = 20;
const DEVICE_WIDTH = 16;
/** Of a column that is empty, and the space after it. */
const NOTHING = `${'-'.padEnd(10)} `;

/** Prints one translation. */
export function showIla(translation: IlaAttributes, out: Output, view: View): void {
  const { ifindex, csum_mode: checksum, ident_type: type } = translation;
  out.open();
  for (const key of ['locator_match', 'locator'] as const) {
    const locator = translation[key];
    const text = locator === undefined ? '-' : locatorText(locator);
    out.field(key, text, text.padEnd(LOCATOR_WIDTH));
  }
  if (ifindex === undefined) out.text(NOTHING);
  else {
    const name = view.names.device(ifindex);
    out.field('interface', name, padEndBytes(name, DEVICE_WIDTH), 'ifname');
  }
  if (checksum === undefined) out.text(NOTHING);
  else showName('csum_mode', ILA_CHECKSUM_MODES[checksum], out);
  if (type === undefined) out.text('-');
  else showName('ident_type', ILA_IDENTIFIER_TYPES[type], out);
  out.newline();
  out.close();
}

function showName(key: string, name: string | undefined, out: Output): void {
  out.field(key, name ?? 'unknown', name ?? 'unknown');
}
