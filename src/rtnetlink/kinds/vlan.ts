/** VLAN devices (802.1Q, 802.1ad). Source: linux/if_link.h IFLA_VLAN_*. */
import { be16, u16 } from '../../schema/row.ts';
import { named } from '../../schema/spelling.ts';
import { linkKind } from '../kind.ts';

const usage = `Usage: ... vlan id VLANID [protocol 802.1Q|802.1ad]`;

export const vlan = linkKind('vlan', usage, {
  protocol: be16(5, { spelling: named({ 33024: '802.1Q', 34984: '802.1ad' }) }),
  id: u16(1),
});
