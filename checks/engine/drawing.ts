import * as fc from 'fast-check';
import type {
  Amount,
  Body,
  Claim,
  DrawnProcedure,
  DrawnProgram,
  Ending,
  Place,
  Pointer,
  Statement,
} from './drawnProgram.ts';

/**
 * How programs are drawn: mostly in good order, so that they run far, and now and then wild, so that they go wrong. Each has a
 * flavour, a group of statements that it has more of than the others: what never meets is not compared.
 */
type Draw<T> = fc.Arbitrary<T>;
type Weighted = { readonly weight: number; readonly arbitrary: Draw<Statement> };

const flavours = ['words', 'pointers', 'locks', 'epochs', 'items', 'choices'] as const;
type Flavour = (typeof flavours)[number];
/** How much more of its own group a flavour has. */
const STRESS = 5;

const place: Draw<Place> = fc.constantFrom('x', 'y', 'p', 'p');
const pointer: Draw<Pointer> = fc.constantFrom('x', 'y', 'p', 'NULL');
const made = fc.constantFrom('x' as const, 'y' as const);
const word = fc.constantFrom('a' as const, 'b' as const);
const number = fc.nat(2);
const amount: Draw<Amount> = fc.oneof(number, fc.constant('n' as const));
const bits = fc.integer({ min: 1, max: 3 });
const itemField = fc.constantFrom('o' as const, 'o' as const, 'q' as const, 's' as const);

const is = <const T>(value: T): Draw<T> => fc.constant(value);
const oneOf = <const T extends string>(...names: readonly T[]): Draw<T> => fc.constantFrom(...names);
const drawn = (weight: number, arbitrary: Draw<Statement>): Weighted => ({ weight, arbitrary });

type Groups = Readonly<Record<Flavour, readonly Weighted[]>>;

/** What can stand inside `atomically`. */
const accesses: Groups = {
  words: [
    drawn(6, fc.tuple(is('load'), place, word)),
    drawn(6, fc.tuple(is('store'), place, word, amount)),
    drawn(2, fc.tuple(is('cmpset'), place, word, amount, amount)),
    drawn(1, fc.tuple(oneOf('set bits', 'clear bits'), place, bits)),
  ],
  pointers: [
    drawn(2, fc.tuple(is('load next'), place)),
    drawn(1, fc.tuple(is('store next'), place, pointer)),
    drawn(1, fc.tuple(is('cmpset next'), place, pointer, pointer)),
  ],
  locks: [],
  epochs: [],
  items: [],
  choices: [drawn(3, fc.tuple(is('choose'), bits))],
};

/** Statements without a body; the last ones of each group break a rule, or ask for it. */
const simple: Groups = {
  words: [
    drawn(1, fc.tuple(is('fetchadd'), place, word)),
    drawn(1, fc.tuple(oneOf('wait until', 'idle until'), place, word, amount)),
  ],
  pointers: [
    drawn(2, fc.tuple(oneOf('acquire', 'try acquire', 'release'), place)),
    drawn(1, is(['alloc'])),
    drawn(1, fc.tuple(is('free'), oneOf('p', 'p', 'x'))),
  ],
  locks: [
    drawn(0.5, fc.tuple(oneOf('lock', 'unlock', 'destroy', 'rlock', 'runlock', 'wlock', 'wunlock'), place)),
    drawn(0.5, fc.constantFrom(['guarded load'] as const, ['guarded store', 'n'] as const)),
  ],
  epochs: [
    drawn(1, fc.tuple(is('defer'), oneOf('p', 'p', 'p', 'x'), fc.nat(1))),
    drawn(0.5, fc.constantFrom(['enter'] as const, ['exit'] as const, ['may sleep'] as const)),
  ],
  items: [
    drawn(2, fc.tuple(oneOf('take', 'peek'), place)),
    drawn(1, fc.tuple(is('item load'), itemField)),
    drawn(1, fc.tuple(is('item store'), itemField, amount)),
  ],
  choices: [
    drawn(1, fc.tuple(is('roll'), bits, number)),
    drawn(0.5, fc.constantFrom(['kassert', 2] as const, ['kassert', 1] as const, ['panic'] as const)),
  ],
};

const bodyOf = (choices: readonly Weighted[], least: number, most: number): Draw<Body> => {
  // Whole numbers are wanted for weights.
  const whole = choices.map(({ weight, arbitrary }) => ({ weight: weight * 2, arbitrary }));
  return fc.array(fc.oneof({ withCrossShrink: true }, ...whole), { minLength: least, maxLength: most, size: 'max' });
};

/** A body of accesses, together or one by one, most of which are of its own kind. */
const bodyAround = (flavour: Flavour, own: readonly Weighted[]): Draw<Body> => {
  const all = [...flavoured(accesses, flavour), ...own];
  return bodyOf([...all, drawn(8, fc.tuple(is('atomically'), bodyOf(all, 1, 3)))], 1, 3);
};

const atDesk = [drawn(20, is(['guarded load'])), drawn(20, fc.tuple(is('guarded store'), amount))];
const withItem = [
  drawn(12, fc.tuple(is('item load'), itemField)),
  drawn(12, fc.tuple(is('item store'), itemField, amount)),
  drawn(12, fc.tuple(oneOf('give', 'give', 'show'), place)),
  drawn(8, fc.tuple(oneOf('take', 'peek'), place)),
  drawn(1, fc.constantFrom(['free item'] as const, ['free item owned'] as const, ['new item'] as const)),
];
const withBox = [
  drawn(12, fc.tuple(is('store next'), made, is('p'))),
  drawn(6, fc.tuple(is('store'), is('p'), word, amount)),
];

/** Statements that have statements in them. */
const nested = (flavour: Flavour, depth: number, callable: readonly number[]): Groups => {
  const inner = bodyOf(statements(flavour, depth - 1, callable), 0, 3);
  return {
    words: [
      drawn(4, fc.tuple(is('atomically'), bodyOf(flavoured(accesses, flavour), 1, 3))),
      drawn(2, fc.tuple(is('forever'), number, made, word, inner)),
      // The last procedure has no loops: within one step they could go round for ever.
      drawn(2, fc.tuple(is('joined'), is(2), pointer, amount, oneOf('used', 'unused'))),
      ...callable.map((which) => drawn(2, fc.tuple(is('call'), is(which), pointer, amount, oneOf('used', 'unused')))),
    ],
    pointers: [
      drawn(2, fc.tuple(is('foreach'), pointer, inner)),
      drawn(3, fc.tuple(is('with box'), bodyAround(flavour, withBox))),
    ],
    locks: [
      drawn(3, fc.tuple(oneOf('locked', 'rlocked', 'wlocked'), place, inner)),
      drawn(3, fc.tuple(is('at the desk'), bodyAround(flavour, atDesk))),
    ],
    epochs: [
      drawn(4, fc.tuple(oneOf('section', 'nested section'), inner)),
      drawn(3, fc.tuple(is('with deferred box'), fc.nat(1), bodyAround(flavour, withBox))),
    ],
    items: [drawn(4, fc.tuple(is('with item'), bodyAround(flavour, withItem)))],
    choices: [drawn(3, fc.tuple(is('if'), number, inner, inner))],
  };
};

const flavoured = (groups: Groups, flavour: Flavour): readonly Weighted[] =>
  flavours.flatMap((name) =>
    groups[name].map(({ weight, arbitrary }) => drawn(name === flavour ? weight * STRESS : weight, arbitrary)),
  );

const statements = (flavour: Flavour, depth: number, callable: readonly number[]): readonly Weighted[] =>
  [accesses, simple, ...(depth > 0 ? [nested(flavour, depth, callable)] : [])].flatMap((groups) =>
    flavoured(groups, flavour),
  );

const procedureOf = (
  choices: readonly Weighted[],
  least: number,
  most: number,
  ends: Draw<Ending>,
): Draw<DrawnProcedure> => fc.record({ body: bodyOf(choices, least, most), ending: ends }).filter(isSmall);
const returning: Draw<Ending> = oneOf('return', 'return n', 'return p', 'again');
const freeing: Draw<Ending> = oneOf('free p', 'free p', 'return');

/** Every value that can be received multiplies the frames: a procedure with many such places would take long to close. */
const isSmall = (procedure: DrawnProcedure): boolean => {
  const text = JSON.stringify(procedure);
  const allocations = text.match(/with |new |alloc/g) ?? [];
  const answers = text.match(/load|cmpset|choose|roll|take|peek|try/g) ?? [];
  return 3 * allocations.length + answers.length <= 7;
};

const kind = oneOf('always', 'sometimes', 'finally');
const claim: Draw<Claim> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(kind, is('word'), made, word, fc.constantFrom(1, 2)) },
  { weight: 4, arbitrary: fc.tuple(kind, is('pair'), word, number, word, number) },
  { weight: 2, arbitrary: fc.tuple(kind, is('boxes'), fc.integer({ min: 2, max: 4 })) },
  { weight: 1, arbitrary: fc.tuple(kind, is('reborn')) },
  { weight: 1, arbitrary: fc.tuple(kind, is('sections'), number) },
  { weight: 1, arbitrary: fc.tuple(kind, is('holder'), made) },
);

const beginning = fc.oneof(
  { weight: 40, arbitrary: made },
  { weight: 6, arbitrary: is('NULL') },
  { weight: 1, arbitrary: is('unused') },
);
const cpu = fc.record({ procedure: fc.constantFrom(0, 0, 0, 1, 2), p: beginning, n: number });
const seldom = <T>(one: T, other: T): Draw<T> =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(one) }, { weight: 1, arbitrary: fc.constant(other) });

const flavouredProgram = (flavour: Flavour): Draw<DrawnProgram> => {
  const [deep, flat, last] = [statements(flavour, 2, [1, 2]), statements(flavour, 1, [2]), statements(flavour, 0, [])];
  return fc.record({
    procedures: fc.tuple(
      procedureOf(deep, 2, 4, returning),
      procedureOf(flat, 2, 4, returning),
      procedureOf(last, 1, 3, returning),
    ),
    callbacks: fc.tuple(procedureOf(flat, 0, 2, freeing), procedureOf(last, 0, 2, freeing)),
    cpus: fc.array(cpu, { minLength: 2, maxLength: 3, size: 'max' }),
    claims: fc.array(claim, { maxLength: 2, size: 'max' }),
    next: fc.tuple(pointer, pointer),
    boxes: fc.integer({ min: 1, max: 2 }),
    generations: fc.integer({ min: 1, max: 2 }),
    careful: seldom(true, false),
  });
};

export const drawnProgram: Draw<DrawnProgram> = fc.oneof(...flavours.map(flavouredProgram));
