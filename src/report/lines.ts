import { marksOf } from './columns.ts';
import type { Moment } from './moment.ts';
import type { Paint } from './terminal.ts';
import { wrap } from './wrap.ts';

/** A run with one line a step, for narrow screens and for runs of many CPUs. */
export const lineText = (names: readonly string[], moments: readonly Moment[], width: number, paint: Paint): string => {
  const cpuWidth = Math.max(...names.map((name) => name.length));
  const placeWidth = Math.max(...moments.map(({ place }) => place.length));
  const indent = 5 + cpuWidth + 1 + 3;
  return moments
    .flatMap((moment) => {
      const who = names[moment.cpu]!.padEnd(cpuWidth);
      const standing = moment.standing[moment.cpu]!;
      const heading = moment.heading === null ? [] : [`     ${who}     ${moment.heading}`];
      const [first, ...more] = wrap(moment.texts.join('; '), Math.max(20, width - indent - placeWidth - 2));
      const place = moment.place.padEnd(placeWidth);
      const wrong = moment.last ? '✗ ' : '';
      const line = `${String(moment.number).padStart(4)} ${who} ${marksOf(standing, 'at')} ${place}  ${wrong}${first}`;
      const rest = more.map((text) => ' '.repeat(indent + placeWidth + 2) + text);
      return [
        ...heading.map((text) => paint('faint', text)),
        ...[line, ...rest].map((text) => (moment.last ? paint('bad', text) : text)),
      ];
    })
    .join('\n');
};
