import { h, type ComponentChild } from 'preact';
import type { Reader } from '#page/app.ts';
import type { Content, Drawing, Side, Story } from '#page/form.ts';

/**
 * The graph of nodes and hooks as it is at this moment. Everything keeps its place; what a thing is, is told by words and shapes:
 * a dashed arrow is a pointer to somebody who does not point back, a cross is memory that has been freed.
 */
export const Picture = ({ history, moment, look }: Reader): ComponentChild | null => {
  const { story } = history;
  const { drawing } = story;
  if (drawing.nodes.length === 0) return null;
  const contents = history.at(moment);
  const step = story.steps[moment - 1];
  const changed = new Set(step?.changes.map(({ record }) => record));
  const markOf = (record: number): string =>
    `${changed.has(record) ? ' changed' : ''}${step?.on === record ? ' touched' : ''}`;
  const common = { story, contents, look, markOf };
  return h(
    'figure',
    { class: 'picture' },
    h(
      'svg',
      {
        viewBox: `0 0 ${drawing.width} ${drawing.height}`,
        style: `max-width: ${drawing.width * 1.3}px; min-width: ${drawing.width * 0.72}px`,
        role: 'img',
        'aria-label': inWords(story, contents),
      },
      patterns(),
      drawing.hooks.map((hook) => h(Link, { ...common, hook })),
      drawing.nodes.map((node) => h(NodeBox, { ...common, node })),
      drawing.hooks.map((hook) => h(HookDot, { ...common, hook })),
    ),
    h(Others, common),
  );
};

type Common = {
  readonly story: Story;
  readonly contents: readonly Content[];
  readonly look: Reader['look'];
  readonly markOf: (record: number) => string;
};

const patterns = (): ComponentChild =>
  h(
    'defs',
    null,
    h(
      'pattern',
      { id: 'hatch', width: 7, height: 7, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
      h('path', { d: 'M0 0V7', class: 'hatch' }),
    ),
    h(
      'marker',
      {
        id: 'head',
        viewBox: '0 0 8 8',
        refX: 8,
        refY: 4,
        markerWidth: 8,
        markerHeight: 8,
        orient: 'auto-start-reverse',
      },
      h('path', { d: 'M0 0L8 4L0 8z', class: 'arrow-head' }),
    ),
  );

const NodeBox = ({
  story,
  contents,
  look,
  markOf,
  node,
}: Common & { readonly node: Drawing['nodes'][number] }): ComponentChild => {
  const { record, x, y, width, height } = node;
  const { name } = story.records[record]!;
  const { life, fields } = contents[record]!;
  const type = (fields.nd_type ?? '').replace(/^ng_/, '');
  return h(
    'g',
    { class: `node ${life.replace(' ', '-')}${markOf(record)}`, onClick: () => look(name) },
    h('rect', { class: 'box', x: x - width / 2, y: y - height / 2, width, height, rx: 4 }),
    h('text', { x, y: y - 8, class: 'title' }, name, type === '' ? null : h('tspan', { class: 'type' }, ` ${type}`)),
    h('text', { x, y: y + 9, class: 'state' }, isThere(life) ? `refs ${fields.nd_refs ?? '?'}` : ''),
    h('text', { x, y: y + 23, class: 'state' }, lifeWord(life) ?? flagsOf(fields.nd_flags)),
    life === 'freed' ? h('path', { class: 'cross', d: crossing(x, y, width, height) }) : null,
  );
};

const HookDot = ({
  story,
  contents,
  look,
  markOf,
  hook,
}: Common & { readonly hook: Drawing['hooks'][number] }): ComponentChild | null => {
  const { record, x, y, side } = hook;
  const { name } = story.records[record]!;
  const { life, fields } = contents[record]!;
  if (life === 'unused') return null;
  const [away, anchor] = asides[side];
  const first = side === 'bottom' ? 22 : side === 'top' ? -38 : -9;
  const detached = fields.hk_node === 'ng_deadnode';
  const states = [
    ...linesOf(lifeWord(life) ?? (detached ? 'off its node' : flagsOf(fields.hk_flags))),
    isThere(life) ? `refs ${fields.hk_refs ?? '?'}` : '',
  ];
  const below = side === 'bottom' || side === 'top' ? 13 : 26;
  return h(
    'g',
    {
      class: `hook ${life.replace(' ', '-')}${detached ? ' detached' : ''}${markOf(record)}`,
      onClick: () => look(name),
    },
    h('circle', { cx: x, cy: y, r: 7 }),
    life === 'freed' ? h('path', { class: 'cross', d: crossing(x, y, 10, 10) }) : null,
    h('text', { x: x + away, y: y + first, 'text-anchor': anchor, class: 'title' }, name.slice(name.indexOf(':') + 1)),
    states.map((state, i) =>
      h('text', { x: x + away, y: y + first + below + 12 * i, 'text-anchor': anchor, class: 'state' }, state),
    ),
  );
};

/** Where the words of a hook stand beside it. */
const asides: Readonly<Record<Side, readonly [away: number, anchor: string]>> = {
  left: [-12, 'end'],
  right: [12, 'start'],
  top: [0, 'middle'],
  bottom: [0, 'middle'],
};

/** From a hook to its peer: one line where each is the other's peer, else an arrow. */
const Link = ({
  story,
  contents,
  hook,
}: Common & { readonly hook: Drawing['hooks'][number] }): ComponentChild | null => {
  const peerName = contents[hook.record]!.fields.hk_peer;
  const peer = story.drawing.hooks.find(({ record }) => story.records[record]!.name === peerName);
  if (peer === undefined || peer.record === hook.record) return null;
  const mutual = contents[peer.record]!.fields.hk_peer === story.records[hook.record]!.name;
  if (mutual && peer.record < hook.record) return null;
  return h('path', {
    class: mutual ? 'link' : 'link one-way',
    d: `M${hook.x} ${hook.y}L${shortOf(hook, peer)}`,
    'marker-end': mutual ? undefined : 'url(#head)',
  });
};

/** The end of an arrow: at the rim of the circle, not in its middle. */
const shortOf = (from: { x: number; y: number }, to: { x: number; y: number }): string => {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const keep = length < 20 ? 1 : (length - 9) / length;
  return `${from.x + (to.x - from.x) * keep} ${from.y + (to.y - from.y) * keep}`;
};

/** The rest of the memory that is in use: items, packets, what nodes and hooks keep for themselves. */
const Others = ({ story, contents, look, markOf }: Common): ComponentChild | null => {
  const drawn = new Set([...story.drawing.nodes, ...story.drawing.hooks].map(({ record }) => record));
  const others = story.records.flatMap(({ name, type, isStatic }, record) => {
    const { life } = contents[record]!;
    return isStatic || drawn.has(record) || life === 'unused' ? [] : [{ name, type, record, life }];
  });
  if (others.length === 0) return null;
  return h(
    'figcaption',
    { class: 'others' },
    others.map(({ name, type, record, life }) =>
      h(
        'button',
        {
          type: 'button',
          class: `chip ${life.replace(' ', '-')}${markOf(record)}`,
          title: `${type}, ${life}`,
          onClick: () => look(name),
        },
        life === 'freed' ? '✗ ' : life === 'handed over' ? '… ' : null,
        name,
      ),
    ),
  );
};

const isThere = (life: string): boolean => life === 'live' || life === 'static' || life === 'handed over';
const lifeWord = (life: string): string | null =>
  life === 'live' || life === 'static' ? null : life === 'unused' ? 'not yet' : life;

/** Only the names of the bits, without the prefix that they all have. */
const flagsOf = (shown: string | undefined): string =>
  shown === undefined || shown === '0' ? '' : shown.replaceAll(/\b(?:NGF|HK)_/g, '').replaceAll('|', ' ');

/** Words in lines that leave room for those of the hook at the other end. */
const linesOf = (words: string): readonly string[] =>
  words.split(' ').reduce<readonly string[]>((lines, word) => {
    const joined = `${lines.at(-1) ?? ''} ${word}`.trim();
    return lines.length > 0 && joined.length <= widest ? [...lines.slice(0, -1), joined] : [...lines, word];
  }, []);
const widest = 13;

const crossing = (x: number, y: number, width: number, height: number): string =>
  `M${x - width / 2} ${y - height / 2}L${x + width / 2} ${y + height / 2}M${x - width / 2} ${y + height / 2}L${x + width / 2} ${y - height / 2}`;

const inWords = (story: Story, contents: readonly Content[]): string =>
  [...story.drawing.nodes, ...story.drawing.hooks]
    .map(({ record }) => `${story.records[record]!.name} ${contents[record]!.life}`)
    .join(', ');
