import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { always, sometimes } from './known.ts';

it('runs what is known to run, part of it on a thread of its own', async () => {
  expect(always() + sometimes(true)).toBe('alwaysyes');
  const [said] = await once(new Worker(new URL('./thread.ts', import.meta.url)), 'message');
  expect(said).toBe('in a thread');
});
