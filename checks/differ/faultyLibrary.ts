import { subjectOf as sound } from '../../src/differ/netgraph.ts';
import type { Subject } from '../../src/differ/subject.ts';
import { mutated, uncounted } from './mutated.ts';

/** For a crew: a library that finds its own fault. */
export const subjectOf = (key: string): Subject => mutated(sound(key), uncounted);
