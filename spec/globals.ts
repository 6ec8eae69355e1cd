import {
  constant, ghost, guardedBy, mutex, name, perThread, pointer, rwlock, Shared, staticRecord, truth, word,
  type Mutex, type PerThread, type RwLock,
} from '../src/machine/record.ts'; // prettier-ignore
import { MOST_BUCKETS, MOST_IDS } from './bounds.ts';
import { NodeHash } from './hash.ts';
import { Node } from './node.ts';

/** What ng_base.c keeps outside all records. */
export class Globals extends Shared {
  ng_topo_lock: RwLock = rwlock(
    'the divorce of two hooks writes; the way from a hook to its peer reads, in some designs',
  );
  ng_idhash_lock: RwLock = rwlock('guards the ID hash');
  V_ng_ID_hash: NodeHash = pointer(() => NodeHash, 'the table of the ID hash');
  V_ng_ID_hmask = word(0, MOST_BUCKETS - 1, 'its number of buckets less one');
  V_ng_nodes = word(0, MOST_IDS, 'nodes in the ID hash');
  V_ng_kept = word(0, MOST_IDS, 'nodes that have memory; not in the C (teardown-awaits-nodes)');
  V_nextID = word(0, MOST_IDS, 'the next ID to give out');
  ng_namehash_lock: RwLock = rwlock('guards the name hash');
  V_ng_name_hash: NodeHash = pointer(() => NodeHash, 'the table of the name hash');
  V_ng_name_hmask = word(0, MOST_BUCKETS - 1, 'its number of buckets less one; also read before the lock is taken');
  V_ng_named_nodes = word(0, MOST_IDS, 'nodes in the name hash');
  ng_worklist_mtx: Mutex = mutex('guards the worklist; taken last of all');
  ng_worklist_first: Node | null = guardedBy(
    'ng_worklist_mtx',
    pointer(() => Node, 'first node that has work'),
  );
  ng_worklist_last: Node | null = guardedBy(
    'ng_worklist_mtx',
    pointer(() => Node, 'last node that has work'),
  );

  stackSize = constant(word(0, 7, 'how many nested calls of ng_apply_item a thread has stack for; 0: always enough'));
  stackUsed: PerThread = ghost(perThread('how many it is in'));

  linkChanges = constant(truth('the link of an interface changes in some run'));
  vnetGoes = constant(truth('a network stack that ends has memory that goes'));
  vnetGone = ghost(truth('the memory of the network stack has gone'));
  expectsDelivery = constant(truth('the scenario says that in some run a packet arrives'));
  claims = constant(name('the claims that the scenario asks for, with spaces between'));
  growing = ghost(word(0, MOST_BUCKETS, 'buckets of the table that nodes are moved to: one of more is beyond a check'));
  missed = ghost(truth('a look-up by name found nothing, though a valid node had the name all the time'));
  strayed = ghost(truth('a hop has come to a node that its hook did not lead to at any moment of the hop'));
  mixed = ghost(truth('an entry of NGM_LISTHOOKS is made of two peers'));
  overtaken = ghost(truth('a packet has come after one that the same interface sent later'));
  linked = ghost(
    word(0, 3, 'links made by NGM_CONNECT: for a moment both hooks were valid and each the peer of the other'),
  );
  promised = ghost(word(0, 3, 'NGM_CONNECTs whose sender was told that no error had come of it'));
  delivered = ghost(truth('a sink has a packet in hand: up while it counts it, down afterwards'));
}

export const ng = staticRecord(Globals, 'ng');
