#!/bin/sh
# The gate for test runners that read TAP; arguments are those of the gate. kyua(1) starts it in a directory of its own.
cd "$(dirname "$0")/.." && exec node src/netgraph-mc.js gate --tap "$@"
