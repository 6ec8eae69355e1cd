import { describe, expect, it } from 'vitest';
import { readWritten } from '../../src/command/survey/known.ts';
import { contradictions, keyOf, knownOf } from '../../src/report/consequences.ts';

const findings = new Map([
  ['walk', ['use-after-free ng_base.c:1171']],
  ['link', ['use-after-free ng_base.c:1171', 'valid-pair']],
]);
const follows = { key: 'use-after-free ng_base.c:1172', of: 'walk', why: 'w' };

describe('the key of a break', () => {
  it('is its property and the C line that the message names', () => {
    const message = 'CPU0 in ng_findhook (ng_base.c:1171) reads hk_flags of hook a, but hook a has been freed';
    expect(keyOf({ property: 'use-after-free', message })).toBe('use-after-free ng_base.c:1171');
  });

  it('has the procedure where the step has no C line, and neither where a state is wrong', () => {
    const message = 'CPU1 in ng_iface_rcvdata fails KASSERT: ng_iface_rcvdata: iffam';
    expect(keyOf({ property: 'kassert', message })).toBe('kassert ng_iface_rcvdata');
    expect(keyOf({ property: 'valid-pair', message: 'hook1 and hook3 of A have one name' })).toBe('valid-pair');
  });
});

describe('a break', () => {
  it('is known by the findings that have its key, by what it follows from, or it is new', () => {
    const known = (key: string) => knownOf(key, [follows], findings);
    expect(known('use-after-free ng_base.c:1171')).toEqual({ kind: 'finding', of: ['walk', 'link'] });
    expect(known('use-after-free ng_base.c:1172')).toEqual({ kind: 'consequence', of: ['walk'] });
    expect(known('use-after-free ng_base.c:1173')).toEqual({ kind: 'new' });
  });
});

describe('spec/consequences.json', () => {
  it('names findings that exist, and no key that is a finding itself', () => {
    const { consequences, keys } = readWritten();
    expect(consequences).not.toEqual([]);
    expect(contradictions(consequences, keys)).toEqual([]);
  });

  it('is refused when it names no finding, a key of a finding, or the same twice', () => {
    expect(contradictions([follows], findings)).toEqual([]);
    expect(contradictions([{ ...follows, of: 'wlak' }], findings)).toEqual([
      'use-after-free ng_base.c:1172: there is no finding "wlak"',
    ]);
    expect(contradictions([{ ...follows, key: 'valid-pair' }], findings)).toEqual([
      'valid-pair is a consequence, but a finding has it too',
    ]);
    expect(contradictions([follows, follows], findings)).toEqual([
      'use-after-free ng_base.c:1172 of "walk" stands twice',
    ]);
    expect(contradictions([follows, { ...follows, of: 'link' }], findings)).toEqual([]);
  });
});
