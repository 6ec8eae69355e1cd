import { workerData } from 'node:worker_threads';
import type { Orders } from '../../src/explore/levels/crew.ts';
import { serve } from '../../src/explore/levels/member.ts';
import type { DrawnProgram } from './drawnProgram.ts';
import { build } from './interpreter.ts';

/** A thread of a crew that searches a drawn program. */
const { program, orders } = workerData as { readonly program: DrawnProgram; readonly orders: Orders };
const { world, properties } = build(program);
serve(world, properties, { quotient: true, fuse: true }, orders);
