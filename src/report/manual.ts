import { wrap } from './wrap.ts';

/** The manual page in mdoc(7), made of what the command line declares and of what only prose can say. */

export type ManualOption = {
  /** As it is typed: `--design <name...>`. */
  readonly flags: string;
  readonly description: string;
};

export type ManualCommand = {
  /** With the words before it, but for the program's own name: `new design`. */
  readonly name: string;
  readonly description: string;
  /** `[scenario...]`, `<file...>`. */
  readonly arguments: readonly string[];
  readonly options: readonly ManualOption[];
};

/** The page, which ends with a newline. */
export const manualText = (commands: readonly ManualCommand[]): string =>
  `${[
    `.Dd ${lastChanged}`,
    '.Dt NETGRAPH-MC 1',
    '.Os',
    '.Sh NAME',
    '.Nm netgraph-mc',
    '.Nd model checker for netgraph without locks in its data path',
    '.Sh SYNOPSIS',
    '.Nm',
    '.Ar command',
    '.Op Ar argument ...',
    '.Op Ar option ...',
    '.Sh DESCRIPTION',
    ...description,
    '.Sh COMMANDS',
    '.Bl -tag -width indent',
    ...commands.flatMap(commandText),
    '.El',
    ...after,
  ].join('\n')}\n`;

/** Of what the page says. */
const lastChanged = 'November 26, 2026';

const description = [
  'The',
  '.Nm',
  'utility explores every interleaving of what a few CPUs do in a small',
  '.Xr netgraph 4',
  'graph, on a specification that follows',
  '.Pa sys/netgraph/ng_base.c',
  'access by access, in each design that has been published and in a repaired one.',
  'It says whether what is claimed holds, and shows the shortest run in which it',
  'does not, with the lines of the C.',
  '.Pp',
  'A verdict is',
  '.Em holds ,',
  '.Em violated',
  'or',
  '.Em unknown .',
  'What is unknown was not explored to its end, and is never taken for what holds.',
];

const commandText = ({ name, description: says, arguments: takes, options }: ManualCommand): readonly string[] => [
  `.It Cm ${[...name.split(' '), ...takes.map(argumentText)].join(' ')}`,
  sentence(says),
  ...(options.length === 0
    ? []
    : [
        '.Bl -tag -width indent',
        ...options.flatMap((option) => [`.It ${flagsText(option.flags)}`, sentence(option.description)]),
        '.El',
      ]),
];

/** `[scenario...]` may be left out, `<file...>` may not. */
const argumentText = (argument: string): string => {
  const [, name, many] = /^[[<]([^.\]>]+)(\.\.\.)?[\]>]$/.exec(argument)!;
  return `${argument.startsWith('[') ? 'Op ' : ''}Ar ${name}${many === undefined ? '' : ' ...'}`;
};

/** `-o, --option <value>` is `Fl o , Fl -option Ar value`: mdoc puts one `-` before each. */
const flagsText = (flags: string): string =>
  flags
    .split(/[ ,|]+/)
    .map((word) => (word.startsWith('-') ? `Fl ${escaped(word.slice(1))}` : argumentText(word)))
    .join(' ');

/** With a capital and a full stop, on lines as mandoc(1) likes them and no macro can be taken for. */
const sentence = (text: string): string => {
  const whole = /[.!?)]$/.test(text) ? text : `${text}.`;
  return wrap(escaped(`${whole[0]!.toUpperCase()}${whole.slice(1)}`), 79)
    .map((line) => line.replace(/^([.'])/, '\\&$1'))
    .join('\n');
};

const escaped = (text: string): string => text.replaceAll('\\', '\\e').replaceAll('"', '\\(dq');

const after = [
  '.Sh ENVIRONMENT',
  '.Bl -tag -width GITHUB_ACTIONS',
  '.It Ev COLUMNS',
  'The width of what is printed, where standard output is no terminal.',
  '.It Ev GITHUB_ACTIONS',
  'If it is',
  '.Dq true ,',
  'annotations are printed as with',
  '.Fl -github .',
  '.It Ev NO_COLOR',
  'If it is set, nothing is printed in colour.',
  '.El',
  '.Sh FILES',
  '.Bl -tag -width spec/baseline.json',
  '.It Pa spec/scenarios/',
  'The scenarios of the suite.',
  '.It Pa spec/baseline.json',
  'The accepted verdicts.',
  '.It Pa counterexamples/',
  'The saved runs.',
  '.It Pa .netgraph-mc/',
  'Verdicts that are kept from one gate to the next; it can be removed at any time.',
  '.El',
  '.Sh EXIT STATUS',
  '.Bl -tag -width 70',
  '.It 0',
  'Everything holds, or is as expected.',
  '.It 1',
  'Something is violated, or is not as expected.',
  '.It 2',
  'Unknown: a bound was hit, or the run was interrupted.',
  '.It 3',
  'Bad input, or nothing could be saved.',
  '.It 70',
  'A bug of this program.',
  '.El',
  '.Pp',
  'On',
  '.Dv SIGINFO',
  'or',
  '.Dv SIGUSR2',
  'it tells how far it is.',
  'On',
  '.Dv SIGINT',
  'or',
  '.Dv SIGTERM',
  'it stops at the next state and says how far it got; the second one ends it at',
  'once.',
  '.Sh EXAMPLES',
  'Look for a run in which a packet meets a hook that has been freed:',
  '.Pp',
  '.Dl $ netgraph-mc check packet-rmhook --design lockfree --off deferred-free',
  '.Pp',
  'Find out what an edit of',
  '.Pa spec/',
  'changes:',
  '.Pp',
  '.Dl $ netgraph-mc gate --changed --design lockfree',
  '.Sh SEE ALSO',
  '.Xr kyua 1 ,',
  '.Xr netgraph 4 ,',
  '.Xr epoch 9 ,',
  '.Xr locking 9 ,',
  '.Xr refcount 9',
];
