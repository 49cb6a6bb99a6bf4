/** Whether to give hints. */

import type { Streams } from '../frame/streams.ts';

/** People at a terminal are given hints; programs only on demand. */
export function hintsEnabled(isStrict: boolean, streams: Streams): boolean {
  const wish = streams.variable('TSIP_HINTS');
  if (wish === 'always' || wish === 'never') return wish === 'always';
  return isStrict || streams.isErrorTerminal;
}
