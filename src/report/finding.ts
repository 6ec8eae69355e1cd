import { match } from 'ts-pattern';
import type { Verdict } from '../explore/verdict.ts';
import { counted } from './number.ts';
import type { Paint } from './terminal.ts';
import { traceText } from './trace.ts';
import { wrap } from './wrap.ts';

/** What there is to say about one verdict beside its numbers: the sentence, and the run that shows it. */
export const findingText = (
  title: string,
  verdict: Verdict,
  meaning: (property: string) => string | null,
  width: number,
  paint: Paint,
): string | null =>
  match(verdict)
    .with({ verdict: 'holds', neverFired: [] }, () => null)
    .with({ verdict: 'holds' }, ({ neverFired }) => {
      const head = `${title}: ${paint('doubt', `${counted(neverFired.length, 'step')} never happened in any run:`)}`;
      return [head, ...byProcedure(neverFired).map((line) => wrap(line, width - 6).join('\n      '))].join('\n  ');
    })
    .with({ verdict: 'unknown' }, ({ message }) =>
      paragraph(`${title}: ${paint('doubt', 'unknown')}: ${message}.`, width),
    )
    .with({ verdict: 'violated' }, ({ property, message, trace }) => {
      const claim = meaning(property ?? '');
      return [
        paint('strong', paragraph(`${title}: violated: ${property}${claim === null ? '' : ` (${claim})`}`, width)),
        paragraph(`${message}.`, width),
        ...(trace === null ? [] : ['', traceText(trace, true, width, paint)]),
      ].join('\n');
    })
    .exhaustive();

const paragraph = (text: string, width: number): string => wrap(text.replace(/\.\.$/, '.'), width - 2).join('\n  ');

/** `drop: load dropped, store dropped`: steps with the name of their procedure said once. */
const byProcedure = (steps: readonly string[]): readonly string[] => {
  const accesses = new Map<string, string[]>();
  for (const step of steps) {
    const [procedure = '', access = ''] = step.split(': ');
    accesses.set(procedure, [...(accesses.get(procedure) ?? []), access]);
  }
  return [...accesses].map(([procedure, of]) => `${procedure}: ${of.join(', ')}`);
};
