import { atomically, given, NET_EPOCH_ENTER, NET_EPOCH_EXIT, rw_rlock, rw_runlock } from '../src/machine/access.ts';
import { again, foreach, procedure, type Again } from '../src/machine/procedure.ts';
import { asks } from './asked.ts';
import { ng } from './globals.ts';
import { bucket, type NodeHash } from './hash.ts';
import { HK_INVALID, type Hook } from './hook.ts';
import type { Node } from './node.ts';

/** The listings. What they write into their answer is not kept: what matters is what they touch on the way, and how often. */

/** NGM_NODEINFO. The ID of a node never changes; that the memory is there is seen by the other loads. */
export const nodeInfo = procedure('ng_base.c:2643-2660', function nodeInfo(here: Node): void {
  const named = here.nd_name !== ''; // 2655
  if (named) void here.nd_name; // 2656
  void here.nd_type; // 2657
  void here.nd_numhooks; // 2659
});

/**
 * NGM_LISTHOOKS. The memory for the answer is for as many hooks as nd_numhooks said; a list that has more is cut off. Nothing holds
 * the list but the gate, nor the peers and their nodes but the references of the links.
 */
export const listHooks = procedure('ng_base.c:2662-2709', function listHooks(here: Node): void {
  const nhooks = here.nd_numhooks; // 2664
  if (here.nd_name !== '') void here.nd_name; // 2680, 2681
  if (given('listing-in-epoch')) NET_EPOCH_ENTER();
  const first = here.nd_hooks; // 2687
  if (first !== null) listFrom(first, 0, nhooks);
  if (given('listing-in-epoch')) NET_EPOCH_EXIT();
});

const listFrom = procedure(
  'ng_base.c:2687-2707',
  function listFrom(hook: Hook, listed: number, nhooks: number): void | Again {
    if (listed >= nhooks) return; // 2690
    const invalid = hook.hk_flags & HK_INVALID; // 2695
    if (!invalid) {
      if (given('peer-once')) listPeerOnce(hook);
      else listPeer(hook);
    }
    const next = hook.cle_next; // 2687
    if (next !== null) return again(next, invalid ? listed : listed + 1, nhooks);
  },
);

/** One entry: hk_peer is loaded six times, and hk_node behind it. The pair that is told need not ever have been one. */
const listPeer = procedure('ng_base.c:2697-2706', function listPeer(hook: Hook): void {
  void hook.hk_name; // 2697
  const peer = tellPeer(hook);
  const named = tellName(hook);
  tellType(hook);
  const numbered = tellID(hook);
  if (peer !== named || peer !== numbered) ng.mixed = true;
  tellCount(hook);
});

/** One entry of one peer. What it says was so at one moment of the listing. */
const listPeerOnce = procedure('ng_base.c:2697-2706', function listPeerOnce(hook: Hook): void {
  void hook.hk_name; // 2697
  const peer = hook.hk_peer; // 2698
  void peer.hk_name; // 2698
  const node = peer.hk_node; // 2699
  const named = node.nd_name !== ''; // 2699
  if (named) void node.nd_name; // 2701
  void node.nd_type; // 2703
  void node.nd_ID; // 2704
  void node.nd_numhooks; // 2705
});

/* Its statements, apart because what each of them has loaded is of no use to the next: only the claim compares it. */
const tellPeer = procedure('ng_base.c:2698', function tellPeer(hook: Hook): Hook | null {
  const peer = hook.hk_peer; // 2698
  void peer.hk_name; // 2698
  return compared(peer);
});
const tellName = procedure('ng_base.c:2699-2701', function tellName(hook: Hook): Hook | null {
  const peer = hook.hk_peer; // 2699
  const named = peer.hk_node.nd_name !== ''; // 2699
  if (named) void hook.hk_peer.hk_node.nd_name; // 2701
  return compared(peer);
});
const tellType = procedure('ng_base.c:2703', function tellType(hook: Hook): void {
  void hook.hk_peer.hk_node.nd_type; // 2703
});
const tellID = procedure('ng_base.c:2704', function tellID(hook: Hook): Hook | null {
  const peer = hook.hk_peer; // 2704
  void peer.hk_node.nd_ID; // 2704
  return compared(peer);
});
const tellCount = procedure('ng_base.c:2705', function tellCount(hook: Hook): void {
  void hook.hk_peer.hk_node.nd_numhooks; // 2705
});

/** What is told apart where the scenario asks; elsewhere it is forgotten. */
const compared = (peer: Hook): Hook | null => (asks('listing-consistent') ? peer : null);

/**
 * NGM_LISTNODES: every valid node of the ID hash. Atomic: what is loaded goes into the answer only, and under the R lock no node that
 * is chained can be freed; so it is all the same when within the time of the lock it is loaded, and of each node one load tells
 * whether its memory is there. That the answer has room for all (2742) is hash-counts.
 */
export const listNodes = procedure('ng_base.c:2711-2749', function listNodes(): void {
  atomically(() => {
    rw_rlock(ng.ng_idhash_lock); // 2717
    visit(ng.V_ng_ID_hash, ng.V_ng_ID_hmask, 'nd_idnodes_next'); // 2730-2746
    rw_runlock(ng.ng_idhash_lock); // 2747
  });
});

/** NGM_LISTNAMES: every valid node of the name hash. Atomic: likewise. */
export const listNames = procedure('ng_base.c:2750-2787', function listNames(): void {
  atomically(() => {
    rw_rlock(ng.ng_namehash_lock); // 2756
    visit(ng.V_ng_name_hash, ng.V_ng_name_hmask, 'nd_nodes_next'); // 2769-2784
    rw_runlock(ng.ng_namehash_lock); // 2785
  });
});

const visit = (table: NodeHash, hmask: number, link: 'nd_idnodes_next' | 'nd_nodes_next'): void => {
  foreach<number, null>(
    0,
    (i) => (i < hmask ? i + 1 : null),
    (i) => {
      foreach<Node, null>(
        table[bucket(i)], // 2731, 2770
        (node) => node[link], // 2731, 2770
        (node) => void node.nd_flags, // 2735, 2774
      );
    },
  );
};
