import { at, privateWord, type Pointer } from '../netgraph/index.ts';

/**
 * Private data of the types: by the name of the record in the specification, in which word the library keeps which field. What is missing is
 * not compared, since the library has no such field: `octets` of a hook of ng_hole, and the lock of ng_iface.
 */
const word =
  (i: number) =>
  (p: Pointer): number =>
    at(p, privateWord(i));

export const words: Readonly<Record<string, Readonly<Record<string, (p: Pointer) => number>>>> = {
  IfacePrivate: { hook: word(0) },
  HoleHookInfo: { frames: word(0) },
  PatchPrivate: { in: word(0), out: word(1), received: word(2), dropped: word(3) },
  HubPrivate: { persistent: word(0) },
  One2ManyPrivate: {
    one: word(0),
    many0: word(1),
    many1: word(2),
    many2: word(3),
    enabled0: word(5),
    enabled1: word(6),
    enabled2: word(7),
    xmitAlg: word(9),
    nextMany: word(10),
    numActiveMany: word(11),
    activeMany0: word(12),
    activeMany1: word(13),
    activeMany2: word(14),
  },
};

/** Fields that count: of them only the accesses are compared, for the model does not know the number. */
export const counters: ReadonlySet<string> = new Set(['frames', 'received', 'dropped']);
