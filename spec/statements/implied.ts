import type { Statement } from './statement.ts';

/** What the design rests on in every state. */
export const implied: readonly Statement[] = [
  {
    number: 'S20',
    says: 'memory that a pointer is followed to has not been freed',
    where: ['ng_base.c:803', 'ng_base.c:1091', 'ng_base.c:837', 'ng_base.c:1079'],
    by: ['use-after-free', 'use-before-init'],
  },
  {
    number: 'S21',
    says: 'memory is freed once, and handed to NET_EPOCH_CALL once in its life',
    where: ['ng_base.c:837', 'ng_base.c:1079', 'ng_base.c:3061-3099'],
    by: ['double-free', 'double-epoch-call'],
  },
  {
    number: 'S22',
    says: 'a reference count is the number of those that hold a reference, and never below zero',
    where: ['ng_base.c:667', 'ng_base.c:1120-1124', 'ng_base.c:1145', 'ng_base.c:3530', 'ng_base.c:3670-3671'],
    by: ['refs-match', 'refcount-underflow'],
    remark:
      'Holders are counted at ends: in the middle of a run a thread can hold one that nothing but its next line tells of.',
  },
  {
    number: 'S23',
    says: 'a count that has come to zero is never raised again',
    where: ['ng_base.c:819', 'ng_base.c:1076'],
    by: ['refcount-resurrection'],
  },
  {
    number: 'S24',
    says: 'memory is freed after its last reference, and after the sections that were open then',
    where: ['ng_base.c:836-837', 'ng_base.c:1079-1080'],
    by: ['refcount-resurrection', 'use-after-free'],
    remark: 'The second half is what the machine does with NET_EPOCH_CALL.',
  },
  {
    number: 'S25',
    says: 'a node that is freed has no hook, no queue, and is on no list',
    where: ['ng_base.c:811-840'],
    by: ['node-freed-clean', 'worklist-once'],
  },
  {
    number: 'S26',
    says: 'the peer of the peer of a hook is the hook; ng_deadhook is its own peer, and ng_deadnode has no hooks',
    where: ['ng_base.c:1229-1230', 'ng_base.c:1295-1299', 'ng_base.c:1547-1548', 'ng_base.c:1613-1614'],
    by: ['peer-symmetry', 'list-integrity'],
  },
  {
    number: 'S27',
    says: 'a valid hook that is on a list belongs to the node of the list',
    where: ['ng_base.c:1252', 'ng_base.c:1274', 'ng_base.c:1471'],
    by: ['valid-pair', 'list-integrity'],
  },
  {
    number: 'S28',
    says: 'the list of hooks is whole, and nd_numhooks is its length',
    where: ['ng_base.c:1143-1144', 'ng_base.c:1256-1257', 'ng_base.c:1473-1474'],
    by: ['list-integrity', 'list-intact'],
  },
  {
    number: 'S29',
    says: 'a valid node has its name for itself, a valid hook on its node too, and IDs are unique and not 0',
    where: ['ng_base.c:684-689', 'ng_base.c:902-907', 'ng_base.c:1109', 'ng_base.c:1446'],
    by: ['name-unique', 'valid-pair', 'id-unique'],
  },
  {
    number: 'S30',
    says: 'a node that is being shut down gets no new hook',
    where: ['ng_base.c:740-745', 'ng_base.c:752'],
    by: ['no-hook-after-shutdown'],
  },
  {
    number: 'S31',
    says: 'a node is on the worklist at most once, as NGQ2_WORKQ says, and with a reference',
    where: ['ng_base.c:3485', 'ng_base.c:3524-3530'],
    by: ['worklist-once', 'work-taken', 'refs-match'],
  },
  {
    number: 'S32',
    says: 'a writer is alone on its node, and so is everybody on a node with NGF_FORCE_WRITER',
    where: ['ng_base.c:2313-2319', 'ng_base.c:1940-1951'],
    by: ['gate-exclusion', 'single-threaded'],
  },
  {
    number: 'S33',
    says: 'q_flags counts those that are on the node',
    where: ['ng_base.c:2211-2221', 'ng_base.c:2541-2544'],
    by: ['gate-left', 'gate-exclusion'],
    remark:
      'In the middle of a run q_flags counts at least them: a thread is in the gate a few steps longer than it is at work.',
  },
  {
    number: 'S34',
    says: 'no method of a node runs when its shutdown has begun',
    where: ['ng_base.c:706-709', 'ng_base.c:766'],
    by: ['no-data-in-shutdown', 'closing-as-writer'],
  },
  {
    number: 'S35',
    says: 'no packet is delivered to a hook or node that is seen to be invalid, nor to private data that has been freed',
    where: ['ng_base.c:2439-2440'],
    by: ['use-after-free'],
    remark: 'The first half is the test of 2439-2440 itself.',
  },
  {
    number: 'S36',
    says: 'shutdown is called once for a node, disconnect once for a hook, and connect after newhook',
    where: ['ng_base.c:726', 'ng_base.c:745', 'ng_base.c:1252', 'ng_base.c:1267', 'ng_base.c:1458-1487'],
    by: ['shutdown-once', 'disconnect-once'],
    remark: 'The order of newhook and connect is that of the lines of one function, 1134 and 1413, 1459 and 1487.',
  },
  {
    number: 'S37',
    says: 'what changes the hooks of one node comes one after the other',
    where: ['ng_base.c:1095-1096', 'ng_base.c:1190-1192'],
    by: ['list-serialised', 'shutdown-once', 'disconnect-once'],
  },
  {
    number: 'S38',
    says: 'every section is left, nobody sleeps in one, and what was found in one is not used after it without a reference',
    where: ['ng_base.c:3655-3676', 'ng_base.c:1169-1180', 'ng_base.c:3477-3507'],
    by: ['epoch-section-leaked', 'sleep-in-epoch', 'use-after-free'],
    remark: 'A pointer that is kept too long is not seen in a state; that it leads to memory that has been freed is.',
  },
  {
    number: 'S39',
    says: 'refs of a type is one more than the number of its nodes',
    where: ['ng_base.c:668', 'ng_base.c:821'],
    by: ['type-refs-match'],
  },
  {
    number: 'S40',
    says: 'a node has one data socket at most, and refs of its private data counts it, the control socket and the node',
    where: ['ng_socket.c:710-713', 'ng_socket.c:739-742', 'ng_socket.c:667-669'],
    by: ['sockets-match'],
  },
  {
    number: 'S41',
    says: 'an interface counts those who want it in promiscuous mode, and is there for as long as one of them does',
    where: ['ng_ether.c:766-769', 'if.c:3226-3232'],
    by: ['promisc-counted'],
  },
];
