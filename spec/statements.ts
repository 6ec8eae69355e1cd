import { course } from './statements/course.ts';
import { implied } from './statements/implied.ts';
import { said } from './statements/said.ts';
import type { Statement } from './statements/statement.ts';

export type { Statement };

/** All that the C says of itself and that this suite looks at, in the order of the numbers. */
export const statements: readonly Statement[] = [...said, ...implied, ...course];
