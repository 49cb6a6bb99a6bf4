/** The kind of a device, and the kind of port that it is, with their details. Source: linux/if_link.h IFLA_INFO_*. */
import { type LinkKind, showKind } from '../../rtnetlink/kind.ts';
import type { LinkAttributes } from '../../rtnetlink/link.ts';
import type { Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';
import { showCanStatistics } from './can-statistics.ts';

/** Finds the description of a kind; undefined for kinds that nobody described. */
export type KindFinder = (name: string) => LinkKind | undefined;

type LinkInfo = NonNullable<LinkAttributes['linkinfo']>;

/** Prints `KIND details` and `KIND_slave details`, each on a separate line. */
export function showLinkInfo(info: LinkInfo, find: KindFinder, out: Output, view: View): void {
  const { kind, data, xstats, slave_kind: slaveKind, slave_data: slaveData } = info;
  out.open('linkinfo');
  if (kind !== undefined) {
    out.newline();
    out.field('info_kind', kind, `    ${kind} `);
    showData('info_data', find(kind), data, out, view);
    if (view.statistics > 0 && xstats !== undefined && kind === 'can') showCanStatistics(xstats, out);
  }
  if (slaveKind !== undefined) {
    out.newline();
    out.field('info_slave_kind', slaveKind, `    ${slaveKind}_slave `);
    showData('info_slave_data', find(`${slaveKind}_slave`), slaveData, out, view);
  }
  out.close();
}

function showData(
  key: string,
  kind: LinkKind | undefined,
  data: Buffer | undefined,
  out: Output,
  view: View,
): void {
  if (kind === undefined || !kind.hasDetails) return;
  out.open(key);
  if (data !== undefined) showKind(kind, kind.table.decode(data, 0, data.length), out, view);
  out.close();
}
