import { once } from 'node:events';
import { claimsMade } from '../../spec/properties.ts';
import { Complaint } from '../complaint.ts';
import type { Choice } from '../explore/search/next.ts';
import { Expedition } from '../live/expedition.ts';
import { questionSchema, type Question } from '../live/question.ts';
import { serve, type Answer, type Desk } from '../live/server.ts';
import { counted } from '../report/number.ts';
import type { Terminal } from '../report/terminal.ts';
import { titleOf } from '../report/title.ts';
import { why } from '../saving.ts';
import { validator } from '../schema.ts';
import { pageOf } from '../viewer/page.ts';
import { choicesIn } from '../viewer/page/path.ts';
import { Misunderstanding } from '../viewer/page/predicate.ts';
import { programsOf } from '../viewer/programs.ts';
import { building, findScenario } from './catalogue.ts';
import type { ExitCode } from './exit.ts';
import { exit } from './exit.ts';
import { worldOf } from './jobs/job.ts';
import { meaningOf } from './explain/meaning.ts';
import { selectDesigns } from './selection.ts';
import { exploreCommand } from './replay/telling.ts';

/** `netgraph-mc explore`: walk in a scenario by choosing who goes on, in a browser on this machine. */
export type ExploreRequest = {
  readonly scenario: string;
  readonly design: string;
  readonly off: readonly string[];
  /** Where to begin; none: at the beginning. */
  readonly path: string;
  /** Seconds for one search. */
  readonly timeout: number;
  /** 0: any that is free. */
  readonly port: number;
};

/** Ends when the process is ended. */
export const explore = async (request: ExploreRequest, terminal: Terminal): Promise<ExitCode> => {
  const { url, server } = await serve(deskOf(request), request.port).catch((error: unknown) => {
    throw new Complaint(`port ${request.port}: nothing can listen there, ${why(error)}.`);
  });
  terminal.out(url);
  terminal.err('Open it in a browser on this machine. Ctrl-C ends it.');
  await once(server, 'close');
  return exit.holds;
};

/** What the page is, and what it is answered. */
export const deskOf = ({ scenario: asked, design: wanted, off, path, timeout }: ExploreRequest): Desk => {
  const [design] = selectDesigns([wanted], off) as [string];
  const { name, path: file, scenario } = findScenario(asked);
  const expedition = new Expedition({
    world: building(file, () => worldOf({ scenario, design, off })),
    claims: claimsMade(scenario, undefined),
    title: titleOf({ name, design, off }),
    description: scenario.description,
    programs: programsOf(scenario),
    commandTo: (choices) => exploreCommand({ scenario: asked, design, off }, choices),
    meaningOf,
  });
  const first = expedition.story(choicesOf(path));
  return {
    page: (address) => pageOf(first, { transcript: 'To choose, the page needs its script.', live: { address } }),
    answer: (question) => answer(expedition, question, timeout),
  };
};

const isQuestion = validator<Question>(questionSchema);

const answer = (expedition: Expedition, asked: unknown, seconds: number): Answer => {
  try {
    const { path, until } = isQuestion(asked, 'the question');
    const choices = choicesOf(path);
    if (until === undefined) return expedition.story(choices);
    const found = expedition.onward(choices, until === 'failure' ? null : until.holds, {
      seconds,
      maxStates: MOST_STATES,
    });
    if (found.kind === 'unknown') return `Not found: ${found.message}.`;
    if (found.kind === 'nothing')
      return `There is no way there from here: all ${counted(found.states, 'state')} were looked at.`;
    return expedition.story([...choices, ...found.choices]);
  } catch (error) {
    if (error instanceof Complaint || error instanceof Misunderstanding) return error.message;
    throw error;
  }
};

/** A search stops here as well: its memory is that of the page's server. */
const MOST_STATES = 5_000_000;

const choicesOf = (path: string): readonly Choice[] => {
  const choices = choicesIn(path);
  if (typeof choices === 'string') throw new Complaint(choices);
  return choices;
};
