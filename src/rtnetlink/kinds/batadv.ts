/** Mesh devices of batman-adv. Source: linux/batman_adv.h IFLA_BATADV_*. The original shows nothing of them. */
import * as row from '../../schema/row.ts';
import { linkKind } from '../kind.ts';

const usage = `Usage: ... batadv [ ra ALGORITHM ]

ALGORITHM, of routing: BATMAN_IV | BATMAN_V`;

export const batadv = linkKind('batadv', usage, {
  algo_name: row.text(1, { word: 'ra', abbreviable: true, show: false }),
});
