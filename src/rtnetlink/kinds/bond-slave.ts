/** Ports of a bond. Source: linux/if_link.h IFLA_BOND_SLAVE_*, linux/if_bonding.h BOND_*, LACP_STATE_*. */
import type { Facets } from '../../schema/facets.ts';
import type { Output } from '../../schema/output.ts';
import * as row from '../../schema/row.ts';
import type { Spelling } from '../../schema/spelling.ts';
import { linkKind, unknownOption } from '../kind.ts';

const usage = `Usage: ... bond_slave [ queue_id ID ] [ prio PRIORITY ] [ actor_port_prio PRIORITY ]`;

const STATES = ['ACTIVE', 'BACKUP'];
const MII_STATES = ['UP', 'GOING_DOWN', 'DOWN', 'GOING_BACK'];
const CHURN_STATES = ['MONITOR', 'CHURN', 'NO_CHURN'];

/** The bits of LACP_STATE_* from the lowest on. */
const LACP_STATES = [
  'active',
  'short_timeout',
  'aggregating',
  'in_sync',
  'collecting',
  'distributing',
  'defaulted',
  'expired',
];

/** The facets of a read-only state; one without name has another key for programs. */
function stateOf(name: string, states: readonly string[]): Facets<number> {
  return {
    keyword: false,
    show(value, out) {
      const state = states[value];
      if (state === undefined) out.field(`${name}_index`, value, `${name} ${value} `);
      else out.field(name, state, `${name} ${state} `);
    },
  };
}

const churnState: Spelling<number> = {
  show: value => CHURN_STATES[value] ?? String(value),
  datum: value => CHURN_STATES[value] ?? value,
  parse: () => undefined,
};

/** The facets of a read-only set of LACP_STATE_* bits: the number, and the names of the bits. */
function lacpState(name: string): Facets<number> {
  return {
    keyword: false,
    show(value, out) {
      out.field(name, value, `${name} ${value} `);
      showLacpStates(`${name}_str`, value, out);
    },
  };
}

function showLacpStates(name: string, value: number, out: Output): void {
  out.list(name, `${name} <`);
  for (const [bit, state] of LACP_STATES.entries()) {
    if (((value >> bit) & 1) === 0) continue;
    // A comma also before bits without name.
    const hasMore = value >> (bit + 1) !== 0;
    out.item(state, hasMore ? `${state},` : state);
  }
  out.end('> ');
}

export const bondSlave = linkKind(
  'bond_slave',
  usage,
  {
    state: row.u8(1, stateOf('state', STATES)),
    mii_status: row.u8(2, stateOf('mii_status', MII_STATES)),
    link_failure_count: row.s32(3, { keyword: false }),
    perm_hwaddr: row.mac(4, { keyword: false }),
    queue_id: row.u16(5, { abbreviable: true, complaint: 'queue_id is invalid' }),
    prio: row.s32(9, { complaint: 'prio is invalid' }),
    ad_aggregator_id: row.u16(6, { keyword: false }),
    ad_actor_oper_port_state: row.u8(7, lacpState('ad_actor_oper_port_state')),
    ad_partner_oper_port_state: row.u16(8, lacpState('ad_partner_oper_port_state')),
    churn_actor_state: row.u8(11, { spelling: churnState, keyword: false }),
    churn_partner_state: row.u8(12, { spelling: churnState, keyword: false }),
    actor_port_prio: row.u16(10, { complaint: 'actor prio is invalid' }),
  },
  { unknownWord: unknownOption },
);
