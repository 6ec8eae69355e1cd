import { KASSERT } from '../src/machine/access.ts';
import { procedure } from '../src/machine/procedure.ts';
import { ghost, pointer, Shared, word } from '../src/machine/record.ts';
import { IfIndex, IfNet, ifnet_byindex } from './ifnet.ts';

/**
 * struct mbuf: a packet. Whoever holds the pointer may read it, and nothing but discipline says who that is; so its accesses
 * are steps, and its life is watched apart from that of the item that carries it. Where it came from is no step: only who has the packet looks at that.
 */
export class Mbuf extends Shared {
  m_pkthdr_len = word(0, 0, 'length of the packet; what matters is that it is read, not what it says');
  rcvif: IfNet | null = ghost(pointer(() => IfNet, 'the interface that it came by, without a reference, or NULL'));
  rcvidx: IfIndex | null = ghost(
    pointer(() => IfIndex, 'in a queue, how to find that interface again; one word with rcvif in the C'),
  );
  number = ghost(word(0, 7, 'which packet of its interface it is, from 1 on; 0 if nobody asks'));
}

/** m_pkthdr.rcvif. Whoever left it an index would go by that as by a pointer. */
export const rcvifOf = procedure('ip_input.c:613', function rcvifOf(m: Mbuf): IfNet | null {
  KASSERT(m.rcvidx === null, 'rcvif of a packet is an index, and is taken for a pointer');
  return m.rcvif;
});

/** Before a packet waits where no section keeps its interface: what is left of the interface is how to find it. To be called in a section. */
export const m_rcvif_serialize = procedure('kern_mbuf.c:1614-1632', function m_rcvif_serialize(m: Mbuf): void {
  const rcvif = rcvifOf(m);
  if (rcvif === null) return;
  m.rcvidx = rcvif.if_index; // 1619, 1620
  m.rcvif = null;
});

/** The interface is looked for again, in the section in which the packet goes on. Returns whether it is still there, or there was none. */
export const m_rcvif_restore = procedure('kern_mbuf.c:1635-1659', function m_rcvif_restore(m: Mbuf): boolean {
  const { rcvidx } = m;
  if (rcvidx === null) return true;
  const ifp = ifnet_byindex(rcvidx); // 1642
  m.rcvidx = null;
  m.rcvif = ifp;
  return ifp !== null;
});
