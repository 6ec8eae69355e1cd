import { subjectOf as sound } from '../../src/differ/netgraph.ts';
import type { Subject } from '../../src/differ/subject.ts';
import { mutated, without } from './mutated.ts';

/** For a crew: the library, which opens no epoch section. It must not be one that finds its own fault: that ends a worker. */
export const subjectOf = (key: string): Subject => mutated(sound(key), without('store', 'er_section'));
