/** TUN and TAP devices, which `ip link` only shows. Source: linux/if_link.h IFLA_TUN_*, linux/if_tun.h. */
import type { Facets } from '../../schema/facets.ts';
import * as row from '../../schema/row.ts';
import { named, type Spelling, toggled } from '../../schema/spelling.ts';
import type { View } from '../../schema/view.ts';
import { linkKind } from '../kind.ts';

const TYPES = { 1: 'tun', 2: 'tap' };

/** An account by its name, by its number where it has none. */
function account(nameOf: (view: Pick<View, 'names'>, id: number) => string | undefined): Spelling<number> {
  return {
    show: (id, view) => nameOf(view, id) ?? String(id),
    datum: (id, view) => nameOf(view, id) ?? id,
    parse: () => undefined,
  };
}

/** The facets of a number of queues, which devices with several have. */
const queues: Facets<number> = {
  keyword: false,
  when: (_count, all) => Boolean(all['multi_queue']),
};

export const tun = linkKind('tun', '', {
  type: row.u8(3, {
    keyword: false,
    spelling: named(TYPES, { unknown: value => `UNKNOWN:${value}` }),
  }),
  pi: row.onOff(4, { keyword: false }),
  vnet_hdr: row.onOff(5, { keyword: false }),
  multi_queue: row.u8(7, {
    keyword: false,
    label: '',
    spelling: toggled('multi_queue'),
    textWhen: value => value !== 0,
    absent: { datum: false, text: '' },
  }),
  num_queues: row.u32(8, { ...queues, label: 'numqueues', key: 'numqueues' }),
  num_disabled_queues: row.u32(9, { ...queues, label: 'numdisabled', key: 'numdisabled' }),
  persist: row.onOff(6, { keyword: false }),
  owner: row.u32(1, {
    label: 'user',
    key: 'user',
    keyword: false,
    spelling: account(({ names }, id) => names.user(id)),
  }),
  group: row.u32(2, { keyword: false, spelling: account(({ names }, id) => names.userGroup(id)) }),
});
