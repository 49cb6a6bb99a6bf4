#!/bin/sh
# Prints `-static` if programs can be linked so here (it takes a libc.a), else a flag without effect.
if echo 'int main(void) { return 0; }' | "${CC:-cc}" -static -x c - -o /dev/null 2>/dev/null; then
  echo -static
else
  echo -Wl,--as-needed
fi
