import { subjectOf as sound } from '../../src/differ/netgraph.ts';
import type { Subject } from '../../src/differ/subject.ts';
import { mutated, without } from './mutated.ts';

/** For a crew: the library, which opens no epoch section. */
export const subjectOf = (key: string): Subject => mutated(sound(key), without('store', 'er_section'));
