/** GPRS tunnels. Source: linux/if_link.h IFLA_GTP_*. The kernel makes the sockets. */
import { UsageError } from '../../../schema/args.ts';
import { parseRow } from '../../../schema/parse.ts';
import * as row from '../../../schema/row.ts';
import { oneOf, unsigned } from '../../../schema/spelling.ts';
import { linkKind } from '../../kind.ts';
import { refuse } from './udp-tunnel.ts';

const usage = `Usage: ... gtp role { sgsn | ggsn } [ hsize 1..131071 ] [ restart_count 0..255 ]`;

const MAX_HASH_SIZE = 0x1ffff;
const DEFAULT_HASH_SIZE = 1024;

const rows = row.unique({
  role: row.u32(4, {
    spelling: oneOf(['ggsn', 'sgsn'], { unknown: () => 'unknown' }),
    complaint: 'invalid role, use sgsn or ggsn',
  }),
  hsize: row.u32(3, {
    complaint: 'invalid PDP hash size',
    range: { max: MAX_HASH_SIZE, complaint: 'PDP hash size too big' },
  }),
  restart_count: row.u8(6, {
    spelling: unsigned(0xff, 10),
    complaint: 'invalid restart_count',
  }),
  create_sockets: row.u8(5, { keyword: false, show: false }),
});

export const gtp = linkKind('gtp', usage, rows, {
  required: ['role'],
  // The original ignores words that it does not know.
  parse(args, draft, tools) {
    while (!args.done) {
      if (parseRow(rows, args, draft, tools)) continue;
      if (args.accept('help')) throw new UsageError(usage);
      args.skip();
    }
  },
  finish(draft) {
    if (draft.role === undefined) refuse('gtp', 'role of the gtp device was not specified');
    draft.create_sockets ??= 1;
    draft.hsize ??= DEFAULT_HASH_SIZE;
  },
});
