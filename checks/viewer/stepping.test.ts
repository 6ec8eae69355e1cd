import { describe, expect, it } from 'vitest';
import { ended, start } from '../cli/command.ts';
import { files, tell } from './stories.ts';

/** `replay FILE --step`, told through a pipe what to do. */
const file = `counterexamples/${files[0]!}`;
const { story } = tell(files[0]!);

const step = async (...said: readonly string[]) => {
  const child = start(['replay', file, '--step']);
  child.stdin.end(said.map((line) => `${line}\n`).join(''));
  return ended(child);
};

/** The numbers of the steps that were shown, in order; the beginning is 0. */
const shown = (out: string): readonly number[] =>
  [...out.matchAll(/^(?:Step (\d+) of|The beginning)/gm)].map(([, number]) => Number(number ?? 0));

describe('walking through a run on the terminal', () => {
  it('goes on, back, to a number, along a CPU, and to both ends', async () => {
    const { out, code } = await step('', 'n', '', 'p', '12', 'J', 'K', 'c', 'G', '', 'g', 'p', 'q', 'n');
    const other = story.steps.findIndex(({ cpu }) => cpu !== story.steps[11]!.cpu) + 1;
    expect(shown(out)).toEqual([0, 1, 2, 3, 2, 12, 13, 12, other, 71, 0]);
    expect(out).toContain('That is the end: there are 71 steps.');
    expect(out).toContain('That is the beginning.');
    expect(code).toBe(0);
  });

  it('shows of a step what it did and changed, where it stands, and what else could have been', async () => {
    const { out } = await step('43');
    expect(out).toContain('hk_peer of B:b: E:lower → ng_deadhook');
    expect(out).toContain('ng_base.c:1229, spec/destroy.ts:');
    expect(out).toContain('text: peer.hk_peer = ng_deadhook; // 1229');
    expect(out).toContain('instead: CPU0 could ngh_rcvdata: load frames (ng_hole.c:207)');
  });

  it('says where only the end is wrong, and calls no step wrong', async () => {
    const child = start(['replay', `counterexamples/${files[2]!}`, '--step']);
    child.stdin.end('G\np\nq\n');
    const { out } = await ended(child);
    expect(out.match(/✗.*/g)).toEqual(['✗ nobody can go on: it is wrong here, at the end']);
    const [, last, before] = out.split(/^Step /m);
    expect(last).toMatch(/✗ nobody can go on.*\n {2}At the end item1 is lost\n/);
    expect(before).not.toContain('At the end');
  });

  it('answers questions about the moment that it is at', async () => {
    const { out } = await step(
      '43',
      'B:b',
      'sections(CPU0)',
      "'E:lower'.hk_peer == 'B:b'",
      '44',
      "'E:lower'.hk_peer",
      'B.nd_',
      '?',
    );
    expect(out).toContain('hk_peer     ng_deadhook  (step 43)');
    expect(out).toMatch(/^ {2}1\n {2}true\n/m);
    expect(out).toMatch(/^ {2}ng_deadhook\n/m);
    expect(out).toContain('"B.nd_" is no command, no record, and no expression: a Node has no field "nd_". ? helps.');
  });

  it('walks through one run only, and says so', async () => {
    const { code, err } = await ended(start(['replay', file, file.replace(files[0]!, files[1]!), '--step']));
    expect(code).toBe(3);
    expect(err).toBe('--step walks through one saved run, not several.\n');
  });
});
