import { describe, expect, it } from 'vitest';
import { checkArena, closeThread, statistics, type Design } from '../../src/netgraph/index.ts';
import { work } from './crew.ts';
import { settle } from './stack.ts';

describe.each(['lockfree', 'rwlock'] satisfies readonly Design[])('threads that storm on %s', (design) => {
  it('lose no packet, no memory and no count', async () => {
    const { done, td } = await work(design, 1500, [
      { does: 'send', atLeast: 100 },
      { does: 'send', atLeast: 100 },
      { does: 'restructure', atLeast: 10 },
      { does: 'restructure', atLeast: 10 },
    ]);
    // Each has ended; what it has handed over last is due only when all have.
    for (const [i] of done.entries()) expect(closeThread(td, i + 1)).toBe(0);
    settle(td);
    expect(checkArena(td)).toEqual([]);
    expect(statistics(td).sent).toBe(done[0]!.count + done[1]!.count);
  });
});
