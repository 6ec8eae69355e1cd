import { match, P } from 'ts-pattern';
import type { Failure, Verdict } from '../explore/search/verdict.ts';
import { counted } from './number.ts';
import type { Paint } from './terminal.ts';
import { traceText } from './trace.ts';
import { wrap } from './wrap.ts';

/** What there is to say about one verdict beside its numbers: the sentence, and the run that shows it. `isListing`: steps that never happened are named, and not only counted. */
export const findingText = (
  title: string,
  verdict: Verdict,
  meaning: (property: string) => string | null,
  width: number,
  paint: Paint,
  isListing = false,
): string | null =>
  match(verdict)
    .with({ verdict: 'holds', neverFired: [] }, () => null)
    .with({ verdict: 'holds' }, ({ neverFired }) => {
      const procedures = byProcedure(neverFired);
      const many = `${counted(neverFired.length, 'step')} of ${counted(procedures.length, 'procedure')}`;
      const told = `${title}: ${paint('doubt', `${many} never happened in any run`)}`;
      return isListing
        ? [`${told}:`, ...procedures.map((line) => wrap(line, width - 6).join('\n      '))].join('\n  ')
        : paragraph(`${told}; --unreached names them.`, width);
    })
    .with({ verdict: 'unknown' }, ({ message }) =>
      paragraph(`${title}: ${paint('doubt', 'unknown')}: ${message}.`, width),
    )
    .with({ verdict: 'violated', failures: P.array() }, ({ failures, cutShort }) =>
      allFailures(title, failures, cutShort ?? null, width, paint),
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

/** One line for each distinct failure, then the shortest run to each. */
const allFailures = (
  title: string,
  failures: readonly Failure[],
  cutShort: string | null,
  width: number,
  paint: Paint,
): string => {
  const more = cutShort === null ? '' : `, and there may be more: ${cutShort}`;
  const head = paragraph(`${title}: violated in ${counted(failures.length, 'distinct way')}${more}.`, width);
  const each = failures.map(({ key, message, trace }, i) =>
    [
      paint('strong', paragraph(`${i + 1}. ${key}`, width)),
      paragraph(`${message}.`, width),
      ...(trace === null ? [] : ['', traceText(trace, true, width, paint)]),
    ].join('\n'),
  );
  return [paint('strong', head), ...each].join('\n\n');
};

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
