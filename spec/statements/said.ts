import type { Statement } from './statement.ts';

/** What KASSERT, panic(9) and comments of the C say. */
export const said: readonly Statement[] = [
  {
    number: 'S1',
    says: 'what is sent or applied is an item for a node, and data has a hook',
    where: ['ng_base.c:2285', 'ng_base.c:2297', 'ng_base.c:2302', 'ng_base.c:2422-2423', 'ng_base.c:2438'],
    by: ['null-dereference'],
    asserts: ['ng_snd_item: hook for data is NULL', 'ng_apply_item: hook for data is NULL'],
  },
  {
    number: 'S2',
    says: 'nobody enters the gate of ng_deadnode, or takes one of its mutexes',
    where: ['ng_base.c:2096', 'ng_base.c:2124'],
    by: ['lock-destroyed'],
    asserts: ['ng_acquire_read: working on deadnode', 'ng_acquire_write: working on deadnode'],
  },
  {
    number: 'S3',
    says: 'a queue is changed with q_mtx held',
    where: ['ng_base.c:2003', 'ng_base.c:3522'],
    by: ['lock-not-owned'],
  },
  {
    number: 'S4',
    says: 'OP_PENDING is set exactly while something is queued',
    where: ['ng_base.c:1940-1951'],
    by: ['queue-pending-flag'],
  },
  {
    number: 'S5',
    says: 'a listing has room for all nodes',
    where: ['ng_base.c:2742', 'ng_base.c:2780'],
    by: ['hash-counts'],
  },
  {
    number: 'S6',
    says: 'the ID hash is walked with its lock held',
    where: ['ng_base.c:208'],
    by: [],
    remark: 'Cannot be broken here: the walk is part of the step that takes the lock (name.ts).',
  },
  {
    number: 'S7',
    says: 'after a divorce the topology lock is not held',
    where: ['ng_base.c:1246'],
    by: ['lock-recursion', 'lock-held-at-exit'],
    remark: 'The assertion itself is left out: every way to it gives the lock back two statements before.',
  },
  {
    number: 'S8',
    says: 'td_ng_outbound is not negative',
    where: ['netgraph.h:1213-1217'],
    by: [],
    remark: 'Cannot be broken here: the word goes down the calls as an argument, and comes back with them.',
  },
  {
    number: 'S9',
    says: 'an item is allocated with a type that there is, and one that is used again is there',
    where: ['ng_base.c:3038', 'ng_base.c:3809'],
    by: ['null-dereference'],
    remark: 'The type is a constant in every call, so that assertion is left out.',
  },
  {
    number: 'S10',
    says: 'whoever waits for a request wakes with what came of it',
    where: ['ng_socket.c:364'],
    by: [],
    asserts: ["ng_socket: priv->error wasn't updated"],
  },
  {
    number: 'S11',
    says: 'a node with NGF_REALLY_DIE is gone when the end of a vnet comes to it again',
    where: ['ng_base.c:3226'],
    by: ['really-dies', 'panic'],
    asserts: ["ng node won't die"],
    remark: 'really-dies asks it of every shutdown; a panic fails in whatever procedure it stands.',
  },
  {
    number: 'S12',
    says: 'ng_rmnode has the writer lock and is alone on its node',
    where: ['ng_base.c:706-709'],
    by: ['closing-as-writer', 'no-data-in-shutdown', 'gate-exclusion'],
  },
  {
    number: 'S13',
    says: 'hooks do not go while a reader is on their node',
    where: ['ng_base.c:3571-3573'],
    by: ['hooks-stay'],
  },
  {
    number: 'S14',
    says: 'the reference on the peer keeps it and its node until ng_destroy_hook is done with them',
    where: ['ng_base.c:1192-1195'],
    by: ['use-after-free', 'refcount-resurrection', 'refcount-underflow'],
  },
  {
    number: 'S15',
    says: 'hooks are always connected, but for a brief moment, and then to ng_deadhook',
    where: ['ng_base.c:1061-1063'],
    by: ['other-end-destroyed', 'null-dereference'],
    remark:
      'How long the moment is nothing says, so it is asked at ends. That hk_peer is never NULL is seen where it is followed.',
  },
  {
    number: 'S16',
    says: 'a reader enters where there is no writer, a writer where there is nobody',
    where: ['ng_base.c:1940-1951'],
    by: ['gate-word', 'gate-exclusion'],
    remark: 'That nobody enters directly past a queue is the cmpset of 2104 and 2128 itself.',
  },
];
