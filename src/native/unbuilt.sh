#!/bin/sh
# What the programs are until the launcher has taken their place.
echo "${0##*/}: the native part is not built: run \`npm install\` where it lies" >&2
exit 1
