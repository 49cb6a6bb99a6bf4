/** Whether to give hints. */

import { isTerminal } from '../../kernel/system/terminal.ts';
import { STDERR } from '../../linux/descriptors.ts';

/** People at a terminal are given hints; programs only on demand. */
export function hintsEnabled(isStrict: boolean): boolean {
  const wish = process.env['TSIP_HINTS'];
  if (wish === 'always' || wish === 'never') return wish === 'always';
  return isStrict || isTerminal(STDERR);
}
