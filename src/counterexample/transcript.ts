import type { Trace } from '../explore/search/verdict.ts';
import { counted } from '../report/number.ts';
import { titleOf } from '../report/title.ts';
import { unpainted } from '../report/terminal.ts';
import { traceText } from '../report/trace.ts';
import type { Counterexample } from './form.ts';

/** Wide enough for three CPUs in columns, narrow enough for a mail. */
const width = 100;

/** What stands beside a saved counterexample for those who only want to read it. */
export const transcript = (
  { scenario, design, property, message, preemptions }: Counterexample,
  trace: Trace,
  file: string,
): string =>
  [
    `${titleOf({ name: scenario.name, design: design.name, off: design.off })}: violates ${property}`,
    '',
    message,
    '',
    `The run, ${counted(trace.steps.length, 'step')}${preemptions === undefined ? '' : `, ${counted(preemptions, 'pre-emption')}`}:`,
    '',
    traceText(trace, true, width, unpainted),
    '',
    `Walk it again on the specification as it is today: npx netgraph-mc replay ${file}`,
    '',
  ].join('\n');
