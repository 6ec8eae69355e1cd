import { parse, type DefaultTreeAdapterTypes } from 'parse5';
import { describe, expect, it } from 'vitest';
import { momentsOf } from '../../src/report/moment.ts';
import { contentsPage } from '../../src/viewer/contents.ts';
import { pageOf } from '../../src/viewer/page.ts';
import { History } from '../../src/viewer/page/history.ts';
import type { Story } from '../../src/viewer/page/form.ts';
import { files, tell } from './stories.ts';

/** What can be said of a page without a browser. */

type Element = DefaultTreeAdapterTypes.Element;

const elementsOf = (html: string): readonly Element[] => {
  const found: Element[] = [];
  const visit = (node: DefaultTreeAdapterTypes.Node): void => {
    if ('tagName' in node) found.push(node);
    if ('childNodes' in node) node.childNodes.forEach(visit);
  };
  visit(parse(html));
  return found;
};
const attribute = ({ attrs }: Element, name: string): string | undefined =>
  attrs.find((each) => each.name === name)?.value;
const textOf = ({ childNodes }: Element): string =>
  childNodes.map((node) => ('value' in node ? node.value : '')).join('');
const carried = (html: string): Story =>
  JSON.parse(textOf(elementsOf(html).find((element) => attribute(element, 'id') === 'story')!)) as Story;

const mistakesOf = (html: string): readonly string[] => {
  const mistakes: string[] = [];
  parse(html, { onParseError: ({ code, startLine }) => void mistakes.push(`${startLine}: ${code}`) });
  return mistakes;
};

describe.each(files)('the page of %s', (file) => {
  it('carries the story, and nothing of it is lost on the way', () => {
    const { page, story } = tell(file);
    expect(carried(page)).toEqual(story);
  });

  it('begins with one sentence in plain words', () => {
    const { page, message, trace } = tell(file);
    const [first] = elementsOf(page).filter(({ tagName }) => tagName === 'h1');
    expect(textOf(first!)).toBe(`${trace.over ? 'At the end ' : ''}${message}.`);
  });

  it('has the steps of the run: who, what, C line, line of the specification', () => {
    const { story, trace } = tell(file);
    expect(story.steps.map(({ cpu, step, c, spec, stack }) => ({ cpu, step, c, spec, stack }))).toEqual(
      trace.steps.map(({ cpu, step, c, spec, stack }) => ({ cpu, step, c, spec, stack })),
    );
    expect(story.steps.map(({ texts }) => texts)).toEqual(momentsOf(trace, true).map(({ texts }) => texts));
  });

  it('marks the step that goes wrong, or says after the last that only the end is', () => {
    const { story, trace } = tell(file);
    const wrong = story.steps.flatMap(({ last }, i) => (last ? [i + 1] : []));
    expect(wrong).toEqual(trace.over ? [] : [story.steps.length]);
    expect(story.end).toBe(trace.over ? 'nobody can go on: it is wrong here, at the end' : null);
  });

  it('shows of each step the changes that the transcript tells', () => {
    const { story, trace } = tell(file);
    trace.steps.forEach((step, i) => {
      const shown = story.steps[i]!.changes.map(({ record, field, from, to }) => {
        const { name } = story.records[record]!;
        return field === '' ? `${name}: ${from} → ${to}` : `${name}.${field}: ${from} → ${to}`;
      });
      const opened = story.steps[i]!.opened !== 0;
      // A record that comes or goes is told as a whole by a transcript; a page shows what its fields hold as well.
      const mortal = new Set(
        story.steps[i]!.changes.filter(({ field }) => field === '').map(({ record }) => story.records[record]!.name),
      );
      const lasting = shown.filter((line) => ![...mortal].some((name) => line.startsWith(`${name}.`)));
      expect(lasting.toSorted()).toEqual(step.changes.filter((line) => !line.startsWith('epoch sections')).toSorted());
      expect(opened).toBe(step.changes.some((line) => line.startsWith('epoch sections')));
    });
  });

  it('lets nobody act at a step who could not: who acts could not have waited', () => {
    const { story } = tell(file);
    story.steps.forEach(({ cpu }, i) => {
      for (const turn of story.steps[i]!.instead) expect(turn.cpu).not.toBe(cpu);
      if (i + 1 < story.steps.length && story.steps[i + 1]!.cpu !== cpu) {
        const before = story.steps[i]!.instead.filter((turn) => turn.cpu === story.steps[i + 1]!.cpu);
        expect(before.length).toBeGreaterThan(0);
      }
    });
  });

  it('has the text of every line of the specification that it speaks of, and none of the C', () => {
    const { story, page } = tell(file);
    for (const { spec } of story.steps.filter((step) => step.spec !== '')) {
      const [source, line] = spec.split(':');
      expect(story.excerpts[source!]![Number(line)]).toMatch(/\S/);
    }
    expect(Object.keys(story.excerpts).every((source) => source.startsWith('spec/'))).toBe(true);
    expect(page).not.toContain('#include');
  });

  it('asks nobody for anything', () => {
    const { page } = tell(file);
    for (const element of elementsOf(page)) {
      expect(attribute(element, 'src')).toBeUndefined();
      expect(attribute(element, 'href') ?? '#').toMatch(/^(?:#|data:,)/);
    }
    expect(page.replaceAll(/data:text\/javascript;base64,[\w+/=]+/g, '')).not.toMatch(/https?:|url\((?!#)|@import/);
    const policy = elementsOf(page).find((each) => attribute(each, 'http-equiv') === 'Content-Security-Policy')!;
    expect(attribute(policy, 'content')).toMatch(/^default-src 'none';.*connect-src 'none'/);
  });

  it('is valid HTML', () => expect(mistakesOf(tell(file).page)).toEqual([]));

  it('is less than 150 KB without the run', () => {
    const { page, story, transcript } = tell(file);
    expect(page.length - JSON.stringify(story).length - transcript.length).toBeLessThan(150_000);
  });
});

describe('a page', () => {
  // Each by itself: a comment that is begun before it makes `</script>` harmless.
  it.each(['</script><b>&amp;', '<!-- <script>', '"><i>', ']]> \u2028'])(
    'is not broken by a run that says %s',
    (nasty) => {
      const story = { ...tell(files[0]!).story, headline: nasty, title: nasty };
      const page = pageOf(story, { transcript: `</pre></noscript>${nasty}`, live: null });
      expect(mistakesOf(page)).toEqual([]);
      expect(carried(page)).toEqual(story);
      expect(elementsOf(page).filter(({ tagName }) => tagName === 'b' || tagName === 'i')).toEqual([]);
    },
  );

  it('is reached from a table of contents that is valid and has what is not good first', () => {
    const entry = { title: 'a <b> & "c"', message: '1 < 2', page: 'a.html' };
    const page = contentsPage('2 of 2', {
      Verdicts: [
        { ...entry, good: true, verdict: 'holds', page: null },
        { ...entry, good: false, verdict: 'violated' },
      ],
    });
    expect(mistakesOf(page)).toEqual([]);
    expect(page.indexOf('✗ violated')).toBeLessThan(page.indexOf('✓ holds'));
    expect(
      elementsOf(page)
        .filter(({ tagName }) => tagName === 'a')
        .map((a) => attribute(a, 'href')),
    ).toEqual(['a.html']);
  });
});

describe('the history of a story', () => {
  it.each(files)('is at every step what the state of the run is: %s', (file) => {
    const { story, stills } = tell(file);
    const history = new History(story);
    for (let moment = 0; moment <= history.last; moment++)
      expect(history.at(moment)).toEqual((stills[moment] ?? stills.at(-1)!).records);
  });

  it('says of a record when it came and when it went', () => {
    const { story } = tell(files[0]!);
    const history = new History(story);
    const lives = history.livesOf(history.recordNamed('B:b.private')!);
    expect(lives.map(({ life }) => life)).toEqual(['live', 'freed']);
    expect(story.steps[lives[1]!.from - 1]!.step).toContain('free');
    expect(history.writerOf(history.recordNamed('B:b.private')!, '', history.last)).toBe(lives[1]!.from);
  });
});

describe('how it came to a failure', () => {
  const causesIn = (file: string): readonly string[] => tell(file).story.causes.map(({ text }) => text);

  it('after a use after free: who freed it, and since when the pointer was held', () =>
    expect(causesIn(files[0]!)).toEqual([
      'B:b.private was freed by CPU1, in ngh_disconnect (ng_hole.c:220); CPU0 was in an epoch section.',
      'CPU0 had got its pointer to B:b.private in ngh_rcvdata (ng_hole.c:205).',
    ]));

  it('after a count was raised from 0: who had released the last reference', () =>
    expect(causesIn(files[1]!)).toEqual(['A.nd_refs had become 0 by CPU0, in ng_unref_node (ng_base.c:819).']));

  it('after a NULL was followed: where it was read, and who had put it there', () =>
    expect(causesIn(files[3]!)).toEqual([
      'CPU0 had read NULL from E.ifnet.if_l2com in ng_ether_input (ng_ether.c:249).',
      'E.ifnet.if_l2com had become NULL by CPU1, in letGo (ng_ether.c:366).',
    ]));

  it('after an item was lost: who changed it last, and who had got it', () =>
    expect(causesIn(files[2]!)).toEqual([
      'item1.msg had become NULL by CPU0, in ng_hub_rcvmsg (ng_hub.c:100).',
      'item1 was allocated by CPU0, in ng_package_msg (ng_base.c:3605), with el_flags 0.',
    ]));

  it('after an item was left in a queue: who changed it last, and who had looked at it', () =>
    expect(causesIn('queue-stall-minimal-gsoc23-no-leak.json')).toEqual([
      'item2.el_hook had become FW:2 by CPU0, in ng_send_fn (ng_base.c:3786).',
      'ngthread0 had got its pointer to item2 in ng_dequeue (ng_base.c:2006).',
    ]));

  it.each(files)('speaks of steps that do what is said of them: %s', (file) => {
    const { story, trace } = tell(file);
    for (const { text, step } of story.causes) {
      const { cpu, changes, c } = story.steps[step! - 1]!;
      expect(text).toContain(story.cpus[cpu]!.name);
      expect(text).toContain(`(${c})`);
      const [, read] = /NULL from (\S+) in|pointer to (\S+) in/.exec(text)?.filter((part) => part !== undefined) ?? [];
      if (read === undefined)
        expect(changes.some(({ record }) => text.startsWith(story.records[record]!.name))).toBe(true);
      else expect(trace.steps[step! - 1]!.did).toContain(read.split('.').at(-1)!);
    }
  });
});
