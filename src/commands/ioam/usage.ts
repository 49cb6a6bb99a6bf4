/** The help text of `ip ioam`. */
export const IOAM_USAGE = `\
Usage: ip ioam { COMMAND | help }
       ip ioam namespace show
       ip ioam namespace add ID [ data DATA32 ] [ wide DATA64 ]
       ip ioam namespace del ID
       ip ioam schema show
       ip ioam schema add ID DATA
       ip ioam schema del ID
       ip ioam namespace set ID schema { ID | none }
       ip ioam monitor

  namespace   who collects: packets name it, and carry what it says of each node
  data, wide  what this node says in it, as 32 bits and as up to 16 hexadecimal digits
  schema      text of up to 1020 bytes that a namespace adds
  monitor     what packets that end here have collected

No word may be abbreviated.`;
