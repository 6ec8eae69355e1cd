import { describe, expect, it } from 'vitest';
import { accountOf } from '../../src/report/account.ts';
import type { Trace } from '../../src/explore/search/verdict.ts';
import { lost, useAfterFree } from './runs.ts';

/** What went wrong in one sentence, for readers who will not see the run. */
const accountIn = (trace: Trace, message: string, property = 'no-leak') => accountOf({ property, message, trace });

describe('the account of a run that fails in a step', () => {
  it('is at that step, with who had taken the record away', () => {
    const { text, at } = accountIn(
      useAfterFree,
      'CPU0 in ng_address_hook reads b, but b has been freed',
      'use-after-free',
    );
    expect(at!.number).toBe(8);
    expect(text).toContain('(CPU0 in ng_address_hook, ng_base.c:3676, spec/some.ts:1, step 8)');
    expect(text).toContain('; b had been taken away by CPU1 in ng_unref_hook, ng_base.c:1079, spec/some.ts:1, step 6');
  });
});

describe('the account of a run of which only the end is wrong', () => {
  it('blames no step, and is at the last change of the record that it speaks of', () => {
    const { text, at } = accountIn(lost, 'item1 is lost');
    expect(text).toBe(
      'no-leak: item1 is lost (at the end, after step 4); item1 was last changed by CPU1 in ng_hub_rcvmsg, ng_hub.c:100, spec/some.ts:1, step 2',
    );
    expect(at).toMatchObject({ number: 2, cpu: 'CPU1', c: 'ng_hub.c:100' });
  });

  it('speaks of the record that the sentence names first', () =>
    expect(accountIn(lost, 'H.private stays, and item1').text).toContain('; H.private was last changed by CPU1 in'));

  it('is at the last access of a record that no step has changed', () => {
    const { text, at } = accountIn(lost, 'G is left');
    expect(text).toContain('; G was last touched by CPU0 in ng_snd_item, ng_base.c:2376');
    expect(at!.number).toBe(3);
  });

  it('is of the last step of each CPU that waits', () => {
    const { text, at } = accountIn(lost, 'CPU0, CPU1 wait for each other for ever', 'deadlock');
    expect(text).toBe(
      [
        'deadlock: CPU0, CPU1 wait for each other for ever (at the end, after step 4)',
        'the last step of CPU0 was in ng_snd_item, ng_base.c:2376, spec/some.ts:1, step 3',
        'the last step of CPU1 was in dropNode, ng_base.c:819, spec/some.ts:1, step 4',
      ].join('; '),
    );
    expect(at!.number).toBe(4);
    expect(accountIn(lost, 'CPU0 waits for ever', 'deadlock').at!.number).toBe(3);
  });

  it('is at the last step where the sentence speaks of nothing that is in the run', () => {
    const { text, at } = accountIn(lost, 'the list ends too early');
    expect(text).toContain('; the last step of CPU1 was in dropNode');
    expect(at!.number).toBe(4);
  });
});
