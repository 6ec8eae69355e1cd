/** The scenarios of the suite in which the library and its specification can be compared, by where they are. */

/** Compared in netgraph.test.ts. */
export const related = [
  'both-ends', 'double-shutdown', 'force-writer', 'force-writer-shutdown', 'hub', 'hub-alone', 'hub-persistent', 'mkpeer-nat', 'nat-two-ends', 'one2many-back', 'one2many-config', 'one2many-last', 'one2many-one',
  'one2many-rmhook', 'one2many-set-twice', 'one2many-storm', 'overtaking', 'overtaking-force-writer', 'overtaking-queued', 'overtaking-relay', 'packet-rmhook',
  'packet-shutdown', 'pair-send-rmhook', 'pair-send-shutdown', 'queued-writers', 'tee', 'tee-bypass', 'tee-bypass-rmhook',
  'tee-bypass-shutdown', 'tee-last', 'tee-right', 'path-hop', 'path-named',
]; // prettier-ignore
/** Compared in no check: the local automata of a one2many that sends to all take seconds to make. */
export const costly = ['one2many', 'one2many-all', 'one2many-three', 'one2many-three-all'];
/** Compared in made.test.ts, or, where there are many, only by who asks. */
export const making = [
  'mkpeer', 'path-walk', 'path-walk-far',
  'connect-abandoned', 'connect-dying', 'connect-race', 'connect-race-linked', 'connect-shutdown', 'connect-twice', 'connect-two-at-once',
  'connect-walks', 'mkpeer-refused', 'patch-connect', 'storm', 'storm-other-end', 'tee-connect-shutdown',
]; // prettier-ignore
/** Compared in agreeing.test.ts: nodes through which the rest of the kernel comes in. */
export const devices = [
  'ether-connect', 'ether-detach', 'ether-detach-connect', 'ether-detach-input', 'ether-detach-told', 'ether-detach-upper', 'ether-ifname', 'ether-input', 'ether-link-detach', 'ether-link-peer', 'ether-link-rmhook', 'ether-link-tee', 'ether-link-unhook', 'ether-lower',
  'ether-move', 'ether-move-new', 'ether-move-told', 'ether-promisc', 'ether-promisc-move', 'ether-promisc-told', 'ether-rename', 'ether-rename-reset', 'ether-reset', 'ether-reset-twice',
  'ipfw-connect', 'ipfw-shutdown', 'queue-loop-rmhook', 'queue-mix', 'queue-mix-rmhook', 'queue-stall', 'source-queued', 'source-rmhook',
  'source-shutdown',
]; // prettier-ignore
/** Compared in agreeing.test.ts: sockets. */
export const sockets = [
  'bind-shutdown', 'connect-removed', 'connectdata-close', 'connectdata-send', 'connectdata-shutdown', 'connectdata-two', 'mkpeer-socket', 'request', 'request-answer', 'request-answer-close', 'request-close', 'request-flushed',
  'request-shutdown', 'socket-close', 'socket-close-data', 'socket-close-message', 'socket-close-path', 'socket-close-queued', 'socket-close-rmhook', 'socket-connect',
  'socket-connect-second', 'socket-data-shutdown', 'socket-last-hook', 'socket-send-rmhook', 'socket-write-rmhook', 'tee-stats', 'text-config',
]; // prettier-ignore
/** Compared in agreeing.test.ts: the end of a network stack. */
export const ending = [
  'teardown',
  'teardown-ether',
  'teardown-ether-detach',
  'teardown-ether-input',
  'teardown-ether-link',
  'teardown-ether-rename',
  'teardown-shutdown',
];
/** Compared in agreeing.test.ts: hash tables that grow. */
export const growing = ['id-collide', 'id-rehash', 'rename-grow-eight', 'rename-rehash', 'rename-rehash-stay'];
/** Compared in agreeing.test.ts: paths that are too long for the stack. */
export const deep = ['deep-chain', 'deep-chain-shutdown'];
/** Compared in agreeing.test.ts. */
export const answered = [
  'list-hooks', 'list-hooks-peer', 'listhooks-name', 'listhooks-rmhook', 'listnodes', 'mkpeer-failing', 'mkpeer-failing-alone',
  'nodeinfo', 'tee-connect', 'tee-connect-copies', 'text-status',
]; // prettier-ignore
