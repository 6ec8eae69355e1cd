#!/bin/sh
# The gate for test runners that read TAP; arguments are those of the gate. kyua(1) starts it in a directory of its own.
cd "$(dirname "$0")/.." || exit 3
# Where npm ci has installed a Node.js, that is the one that is new enough.
node=node_modules/.bin/node
[ -x "$node" ] || node=node
exec "$node" src/netgraph-mc.js gate --tap "$@"
