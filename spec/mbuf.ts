import { ghost, Shared, word } from '../src/machine/record.ts';

/**
 * struct mbuf: a packet. Whoever holds the pointer may read it, and nothing but discipline says who that is; so its accesses
 * are steps, and its life is watched apart from that of the item that carries it.
 */
export class Mbuf extends Shared {
  m_pkthdr_len = word(0, 0, 'length of the packet; what matters is that it is read, not what it says');
  number = ghost(word(0, 7, 'which packet of its interface it is, from 1 on; 0 if nobody asks'));
}
