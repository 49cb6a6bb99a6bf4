/** IP over InfiniBand. Source: linux/if_link.h IFLA_IPOIB_*, IPOIB_MODE_*. */
import { UsageError } from '../../schema/args.ts';
import * as row from '../../schema/row.ts';
import { oneOf, type PlainSpelling, unsigned } from '../../schema/spelling.ts';
import { linkKind, unknownOption } from '../kind.ts';

const usage = `Usage: ... ipoib [ pkey KEY ] [ mode datagram|connected ] [ umcast 0|1 ]

KEY, of the partition: 0x8001 to 0xffff`;

const fourDigits = (value: number) => value.toString(16).padStart(4, '0');

/** 16 bits shown by `show`, for programs too. */
function inHex(show: (value: number) => string): PlainSpelling<number, never> {
  return { ...unsigned(0xffff), show, datum: show };
}

/** Each field is shown only after the one before it. */
export const ipoib = linkKind(
  'ipoib',
  usage,
  row.abbreviable({
    pkey: row.u16(1, {
      key: 'key',
      complaint: 'pkey is invalid',
      spelling: inHex(value => (value === 0 ? '0000' : `0x${fourDigits(value)}`)),
    }),
    mode: row.u16(2, {
      spelling: oneOf(['datagram', 'connected'], { unknown: () => 'unknown' }),
      complaint: (_word, keyword) =>
        new UsageError(`Error: argument of "${keyword}" must be "datagram"or "connected"`),
      when: (_mode, { pkey }) => pkey !== undefined,
    }),
    umcast: row.u16(3, {
      complaint: 'umcast is invalid',
      spelling: inHex(fourDigits),
      when: (_umcast, { pkey, mode }) => pkey !== undefined && mode !== undefined,
    }),
  }),
  { unknownWord: unknownOption },
);
