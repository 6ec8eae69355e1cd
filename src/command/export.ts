import { Complaint } from '../complaint.ts';
import { basename, dirname, join, resolve } from 'node:path';
import { counted } from '../report/number.ts';
import { progressLine, reportProgress } from '../report/progress.ts';
import type { Terminal } from '../report/terminal.ts';
import { titleOf } from '../report/title.ts';
import { probeFile, save } from '../saving.ts';
import { shown } from '../suite.ts';
import { building, findScenario } from './catalogue.ts';
import { exit, type ExitCode } from './exit.ts';
import { moduleOf, type ModelText } from './jobs/exporting.ts';
import type { Interruption } from './jobs/interruption.ts';
import { worldOf } from './jobs/job.ts';
import { Searcher } from './jobs/searcher.ts';
import { selectDesigns } from './selection.ts';

/** `netgraph-mc export`: a scenario on a design as a model for another checker, or as a graph. */
export type ExportRequest = {
  readonly scenario: string;
  readonly design: string;
  readonly off: readonly string[];
  readonly to: 'promela' | 'murphi' | 'tla' | 'dot';
  readonly quotient: boolean;
  /** Nothing is exported of what has more states; none: what the language is good for. */
  readonly maxStates?: number;
  /** File to write; none: to print it. */
  readonly output?: string;
};

export const exportModel = async (
  request: ExportRequest,
  terminal: Terminal,
  interruption: Interruption,
): Promise<ExitCode> => {
  const { name, path, scenario } = findScenario(request.scenario);
  const { design, off, output } = request;
  selectDesigns([design], off);
  refuseName(request);
  if (output !== undefined) probeFile(resolve(output));
  building(path, () => worldOf({ scenario, design, off }));
  const title = titleOf({ name, design, off });
  const text = await written(request, title, terminal, interruption);
  if (typeof text === 'string' || 'bound' in text) {
    const why = typeof text === 'string' ? text : `${text.bound}, after ${counted(text.states, 'state')}`;
    terminal.err(`${title} cannot be exported: ${why}.`);
    return exit.unknown;
  }
  if (output === undefined) terminal.out(text.main.trimEnd());
  else {
    const besides = text.cfg === undefined ? [] : [{ path: cfgBeside(output), text: text.cfg }];
    save([{ path: output, text: text.main }, ...besides]);
    terminal.out(`written: ${shown(output)}, ${counted(text.states, 'state')}`);
  }
  return exit.holds;
};

const written = async (
  request: ExportRequest,
  title: string,
  terminal: Terminal,
  interruption: Interruption,
): Promise<ModelText | string> => {
  const searcher = new Searcher(interruption);
  const report = reportProgress(title, terminal, progressLine);
  try {
    return await searcher.write(request, report.show);
  } finally {
    report.end();
    await searcher.end();
  }
};

const cfgBeside = (file: string): string => join(dirname(file), `${moduleOf(file)}.cfg`);

const refuseName = ({ to, output }: ExportRequest): void => {
  if (to === 'tla' && output !== undefined && !/^\w*[A-Za-z]\w*\.tla$/.test(basename(output)))
    throw new Complaint(
      `--output ${output}: a module of TLA+ has the name of its file, so it is letters, digits and _, and ends in .tla`,
    );
};
