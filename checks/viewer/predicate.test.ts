import { describe, expect, it } from 'vitest';
import { History } from '../../src/viewer/page/history.ts';
import { Misunderstanding, understand, type Value } from '../../src/viewer/page/predicate.ts';
import { files, tell } from './stories.ts';

/** What a reader may ask of a state. */
const { story } = tell(files[0]!);
const history = new History(story);

const ask = (text: string, moment = 0): Value =>
  understand(text, story)({ contents: history.at(moment), sections: story.cpus.map((_, cpu) => cpu) });

describe('a predicate', () => {
  it.each<[string, Value]>([
    ['B.nd_refs', 2],
    ['B.nd_refs == 2 && B.nd_refs < 3', true],
    ['B.nd_refs > 2 || !(B.nd_refs >= 2)', false],
    ['-B.nd_refs + 3 - 1', 0],
    ["'E:lower'.hk_peer == 'B:b'", true],
    ["'E:lower'.hk_node != E", false],
    ["'E:lower'.hk_flags & HK_HI_STACK", true],
    ["'E:lower'.hk_flags & HK_INVALID", false],
    ["'E:lower'.hk_name == 'lower'", true],
    ['6 & 3', 2],
    ["life('B:b.private') == 'live'", true],
    ['life(item1)', 'unused'],
    ['sections(CPU1)', 1],
  ])('%s is %s', (text, value) => expect(ask(text)).toBe(value));

  it('sees what the run changes', () => {
    expect(ask("life('B:b.private') == 'freed'", history.last)).toBe(true);
    expect(ask("'B:b'.hk_peer == ng_deadhook", history.last)).toBe(true);
  });

  it('says neither yes nor no of memory that is not there', () => {
    expect(ask("'B:b.private'.frames == 0", history.last)).toBe(false);
    expect(ask("'B:b.private'.frames != 0", history.last)).toBe(false);
  });

  it.each([
    ['', 'one expression'],
    ['B.nd_refs B.nd_refs', 'one expression'],
    ['B.nd_refs >', 'Expected expression'],
    ['X.nd_refs', 'no record "X"'],
    ['B.hk_refs', 'no field "hk_refs"'],
    ["B['nd_refs']", 'in brackets'],
    ['B.nd_refs.constructor', 'word or a text in quotes'],
    ['constructor.constructor', 'no record "constructor"'],
    ["B.constructor('x')()", 'only life'],
    ['alert(1)', 'only life'],
    ['this', 'ThisExpression'],
    ['[1]', 'ArrayExpression'],
    ['1 ? 2 : 3', 'ConditionalExpression'],
    ['sections(CPU9)', 'no CPU "CPU9"'],
    ['life(B, E)', 'takes one name'],
    ['1 << 40', 'means nothing'],
  ])('%s is not understood, and that is said', (text, complaint) => {
    expect(() => ask(text)).toThrow(Misunderstanding);
    expect(() => ask(text)).toThrow(complaint);
  });
});
