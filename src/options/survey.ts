import { Option, type Command } from 'commander';
import type { SurveyRequest } from '../command/survey/survey.ts';
import { count, duration, seed, wholeNumber } from './argument.ts';
import type { Host } from './host.ts';

export const surveyOptions = (program: Command, { ending, interruptible, terminal }: Host): void => {
  program
    .command('survey')
    .description(
      'explore every few operations on every small graph, and show each distinct way in which a design breaks',
    )
    .option('--design <name...>', 'the designs to explore on (default: every design)')
    .option('--graph <name...>', 'the graphs to explore (default: every graph)')
    .addOption(new Option('--size <n>', 'operations at a time').argParser(wholeNumber).default(2))
    .addOption(
      new Option(
        '--max-states <n>',
        'give up a search after so many states (default: 300000; of all choices at once 50000000)',
      ).argParser(wholeNumber),
    )
    .option('--workers <n>', 'how many to explore at a time (default: one for each core)', wholeNumber)
    .option('--timeout <seconds>', 'begin nothing after so long', duration)
    .addOption(
      new Option(
        '--walks <n>',
        'look at so many runs at random on each graph, in place of searches: what each CPU does is drawn too',
      )
        .argParser(wholeNumber)
        .conflicts(['maxStates', 'preemptions']),
    )
    .addOption(
      new Option(
        '--preemptions <n>',
        'look only at runs in which a CPU is stopped so often at most though it could go on, of all choices of operations on a graph at once',
      ).argParser(count),
    )
    .option(
      '--each <n>',
      'with --walks or --preemptions: how many operations each CPU does, one after the other (default: 1)',
      wholeNumber,
    )
    .addOption(
      new Option('--random <n>', 'draw so many scenarios instead, of one or two operations for each of two CPUs')
        .argParser(wholeNumber)
        .conflicts('size'),
    )
    .option('--seed <n>', 'what is drawn, scenarios or runs, is drawn from this (default: 1)', seed)
    .option('--save <directory>', 'save a run to each break, and the scenario that it is from')
    .option('--json', 'print one JSON object')
    .action(({ size, json, ...given }: Partial<SurveyRequest>) =>
      ending(
        import('../command/survey/survey.ts').then(({ survey }) =>
          survey({ ...given, size: size!, json: json === true }, terminal, interruptible()),
        ),
      ),
    );
};
