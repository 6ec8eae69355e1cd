import { didYouMean } from '../../suggestion.ts';
import type { Terminal } from '../../report/terminal.ts';
import { glance, recordText } from '../../viewer/glance.ts';
import type { Story } from '../../viewer/page/form.ts';
import { History } from '../../viewer/page/history.ts';
import { Misunderstanding, momentIn, understand } from '../../viewer/page/predicate.ts';

/** Asks for one line; null when there will be none any more. The prompt is for people only. */
export type Ask = (prompt: string) => Promise<string | null>;

/** Walks through a run on the terminal, as the lines that come say, until they end or one of them is `q`. */
export const stepThrough = async (story: Story, ask: Ask, terminal: Terminal): Promise<void> => {
  const history = new History(story);
  const { columns, paint } = terminal;
  let moment = 0;
  terminal.out(glance(story, moment, columns, paint));
  terminal.out(`\n${help}`);
  for (;;) {
    const line = await ask(`[${moment}/${history.last}] `);
    if (line === null) return;
    const said = line.trim();
    if (said === 'q') return;
    const to = goal(said, story, moment);
    if (to === null) terminal.out(answer(said, history, moment));
    else if (to > history.last) terminal.out(`  That is the end: there are ${history.last} steps.`);
    else if (to < 0) terminal.out('  That is the beginning.');
    else {
      moment = to;
      terminal.out(`\n${glance(story, moment, columns, paint)}`);
    }
  }
};

/** The moment that a command leads to; null when it is none that leads anywhere. */
const goal = (said: string, { steps }: Story, moment: number): number | null => {
  if (/^\d+$/.test(said)) return Number(said);
  const cpu = steps[moment - 1]?.cpu;
  const found = (at: number): number => (at < 0 ? moment : at + 1);
  switch (said) {
    case '':
    case 'n':
      return moment + 1;
    case 'p':
      return moment - 1;
    case 'g':
      return 0;
    case 'G':
      return steps.length;
    case 'J':
      return found(steps.findIndex((step, i) => i >= moment && step.cpu === cpu));
    case 'K':
      return found(steps.findLastIndex((step, i) => i < moment - 1 && step.cpu === cpu));
    case 'c':
      return found(steps.findIndex((step, i) => i >= moment && step.cpu !== cpu));
    default:
      return null;
  }
};

/** What is no way to go is a question: for help, for a record by its name, for the value of an expression. */
const answer = (said: string, history: History, moment: number): string => {
  if (said === '?') return help;
  const record = history.recordNamed(said);
  if (record !== null) return recordText(history, record, moment);
  try {
    const value = understand(said, history.story)(momentIn(history, moment));
    // A word that is no name stands for itself in an expression, as in x.nd_type = hub; by itself it is a name with a mistake.
    if (value === said && !/\s/.test(said))
      return `  "${said}" is no record and no field of one.${meant(said, history)}`;
    return `  ${value ?? 'there is nothing'}`;
  } catch (error) {
    if (!(error instanceof Misunderstanding)) throw error;
    return `  "${said}" is no command, no record, and no expression: ${error.message}. ? helps.`;
  }
};

const meant = (said: string, { story }: History): string =>
  didYouMean(
    said,
    story.records.map(({ name }) => name),
  );

const help = `  Enter, n  next step           p  step before         12  to step 12
  J, K      of the same CPU     c  of another CPU      g, G  to the beginning, to the end
  A record's name shows its fields; an expression like B.nd_refs > 1 is answered.
  ?  this help                  q  away`;
