import type { Statement } from './statement.ts';

/** How a run must go on, and what callers may expect. */
export const course: readonly Statement[] = [
  {
    number: 'T1',
    says: 'every item is applied or freed, once, in the end',
    where: ['ng_base.c:2376-2381', 'ng_base.c:3453-3511', 'ng_base.c:2225-2250'],
    by: ['no-leak', 'runs-end', 'items-applied', 'double-free', 'item-not-owned'],
  },
  {
    number: 'T2',
    says: 'every request of a control socket comes back',
    where: ['ng_socket.c:356-364', 'ng_base.c:2546-2552'],
    by: ['deadlock', 'runs-end', 'requests-answered'],
  },
  {
    number: 'T3',
    says: 'a node that was shut down is freed, and so are its hooks',
    where: ['ng_base.c:751-793'],
    by: ['no-zombie', 'hooks-freed', 'runs-end'],
  },
  {
    number: 'T4',
    says: 'a node that must really die is freed',
    where: ['ng_base.c:1652-1664', 'ng_ether.c:354-369'],
    by: ['really-dies', 'runs-end'],
  },
  {
    number: 'T5',
    says: 'when one end of a link has been destroyed, the other one will be',
    where: ['ng_base.c:1186-1196'],
    by: ['other-end-destroyed', 'runs-end'],
  },
  {
    number: 'T6',
    says: 'data never waits for those that change the graph',
    where: ['ng_base.c:3643-3680'],
    by: [],
    remark:
      'Not said of states: that a thread cannot go on is not seen by a predicate. What differs is the switch address-under-topology-lock; upstream waits by design.',
  },
  {
    number: 'T7',
    says: 'no threads wait for each other for ever',
    where: ['ng_base.c:1216', 'ng_base.c:2075', 'ng_base.c:3531'],
    by: ['deadlock', 'lock-recursion', 'runs-end'],
  },
  {
    number: 'T8',
    says: 'what one sender sends through one pair of hooks comes in order',
    where: ['ng_base.c:2094-2118', 'ng_base.c:2054'],
    by: ['in-order'],
  },
  {
    number: 'T9',
    says: 'a node that forwards a packet forwards or frees it, and all its copies, once',
    where: ['ng_hub.c:117-146', 'ng_tee.c:290-328', 'ng_one2many.c:412-495'],
    by: ['no-leak', 'double-free', 'item-not-owned'],
  },
  {
    number: 'L1',
    says: 'a look-up finds what had the name or ID at some moment of the call',
    where: ['ng_base.c:846-856', 'ng_base.c:951-959'],
    by: ['name-found'],
    remark: 'What is found had the name: it is compared under the lock (955). A look-up of an ID is one step.',
  },
  {
    number: 'L2',
    says: 'a path leads to a node that each hop led to at some moment',
    where: ['ng_base.c:1850-1896'],
    by: ['path-open'],
  },
  {
    number: 'L3',
    says: 'NGM_CONNECT without an error has made a link',
    where: ['ng_base.c:1424', 'ng_base.c:1513', 'ng_base.c:2546-2552'],
    by: ['connect-kept'],
  },
  {
    number: 'L4',
    says: 'NGM_SHUTDOWN has shut the node down, or reset it',
    where: ['ng_base.c:2574-2576'],
    by: ['shutdown-obeyed'],
    remark:
      'Asked at ends: the handler returns after ng_rmnode, and another thread may be the one that is doing the work.',
  },
  {
    number: 'L5',
    says: 'an entry of NGM_LISTHOOKS is a hook with its peer and the node of that peer',
    where: ['ng_base.c:2695-2706'],
    by: ['listing-consistent'],
  },
  {
    number: 'L6',
    says: 'an interface that is renamed gives its new name to its node',
    where: ['ng_ether.c:402-410', 'ng_ether.c:428-431'],
    by: ['interface-named'],
    remark: 'Asked at ends, for a node that stays. That another node has the name is an error that is logged.',
  },
  {
    number: 'L7',
    says: 'an interface and its node lead to each other',
    where: ['ng_ether.c:340-341', 'ng_ether.c:366-367'],
    by: ['interface-has-node'],
    remark: 'Asked at ends: they are stored one after the other.',
  },
];
