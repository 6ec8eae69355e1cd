import type { Among, Change, Decision } from '../../src/export/decision.ts';
import type { Exported } from '../../src/export/exported.ts';
import { anyIn, oneByOne, sumIn, type Language } from '../../src/export/language.ts';
import { restingIn, typeOf } from '../../src/export/promela.ts';
import type { Variable } from '../../src/export/variables.ts';

/**
 * The same steps as `netgraph-mc export` writes, as tables in C within Promela, for the race.
 *
 * As alternatives of one loop, SPIN tries thousands of guards in each state, and gcc -O3 needs minutes for the switch that they
 * become; so it does for them as functions in C. It would be the encoding that loses, not SPIN. Here what a CPU does is one
 * table of constants that asks for one variable after the other, as our own loop goes by tables; SPIN chooses CPU and way, stores and
 * searches. Each step is one d_step: nothing within it is stored.
 *
 * The tables go to a file `steps.c` beside the model, for spin(1) takes no text of C that long. It suspects a call in a guard of
 * changing the state, unless a space follows its name; `goes` and `fails` change nothing.
 */
export const compactOf = ({
  variables,
  cpus,
  resting,
}: Exported): { readonly promela: string; readonly steps: string } => {
  const table = new Table(variables);
  const choices = cpus.flatMap(({ local, steps, width }) => {
    const branches = steps.map(({ local: value, step }) => ({ value, next: step }));
    const root = table.of({ kind: 'look', variable: local, branches });
    return Array.from({ length: width }, (_, k) => `${root}, ${k}`);
  });
  const promela = [
    ...variables.map(({ name, bits, initial }) => `${typeOf(bits.mask)} ${name} = ${initial};`),
    'c_decl { int goes(int at, int k); int fails(int at, int k); void go(int at, int k); };',
    'c_code { \\#include "steps.c" };',
    'active proctype steps() {',
    'end: do',
    ...choices.map((way) => `  :: d_step { c_expr { goes (${way}) } -> c_code { go(${way}); } }`),
    ...choices.map((way) => `  :: d_step { c_expr { fails (${way}) } -> assert(false) }`),
    `  :: d_step { timeout && !(${restingIn(resting)}) -> assert(false) }`,
    '  od',
    '}',
    '',
  ].join('\n');
  return { promela, steps: table.inC() };
};

/** What is no comparison of one variable with one value. */
const c: Language = {
  and: '&&',
  or: '||',
  not: '!',
  yes: '1',
  among: oneByOne('==', '||', (name) => `now.${name}`),
  numberIf: (condition, number) => `(${condition} ? ${number} : 0)`,
};

/** Kinds of nodes; the numbers that follow each are at `walk` below. */
const FAILS = 0;
const CHANGES = 1;
const SWITCH = 2;
const CONDITION = 3;
const ALL = 4;

/** Decisions, one after the other as numbers; those that are equal are there once. */
class Table {
  readonly #variables: readonly Variable[];
  readonly #numbers: number[] = [0];
  readonly #where = new Map<string, number>();
  readonly #index: ReadonlyMap<Variable, number>;
  readonly #expressions = new Map<string, number>();

  constructor(variables: readonly Variable[]) {
    this.#variables = variables;
    this.#index = new Map(variables.map((variable, i) => [variable, i]));
  }

  /** Where a decision is in the table; 0: it never happens. */
  of(decision: Decision): number {
    switch (decision.kind) {
      case 'never':
        return 0;
      case 'fails':
        return this.#node(FAILS);
      case 'goes':
        return this.#changes(decision.changes);
      case 'look':
        return this.#switch(decision);
      case 'ask':
        return this.#ask(decision.any, this.of(decision.yes), this.of(decision.no));
      case 'choose':
        return this.#node(ALL, decision.from.length, ...decision.from.map((each) => this.of(each)));
    }
  }

  #changes(changes: readonly Change[]): number {
    const each = changes.flatMap(({ variable, to }) => [
      this.#index.get(variable)!,
      ...(to.bits.length === 0 ? [0, to.fixed] : [1, this.#expression(sumIn(c, to))]),
    ]);
    return this.#node(CHANGES, changes.length, ...each);
  }

  #switch({ variable, branches }: Extract<Decision, { kind: 'look' }>): number {
    const at = new Map(branches.map(({ value, next }) => [value, this.of(next)]));
    const count = Math.max(...at.keys()) + 1;
    const roots = Array.from({ length: count }, (_, value) => at.get(value) ?? 0);
    return this.#node(SWITCH, this.#index.get(variable)!, count, ...roots);
  }

  #ask(any: readonly Among[], yes: number, no: number): number {
    return this.#node(CONDITION, this.#expression(anyIn(c, any)), yes, no);
  }

  #node(...numbers: readonly number[]): number {
    const key = numbers.join();
    const known = this.#where.get(key);
    if (known !== undefined) return known;
    const at = this.#numbers.length;
    for (const each of numbers) this.#numbers.push(each);
    this.#where.set(key, at);
    return at;
  }

  #expression(text: string): number {
    const known = this.#expressions.get(text) ?? this.#expressions.size;
    this.#expressions.set(text, known);
    return known;
  }

  inC(): string {
    const all = this.#variables;
    return [
      '#include <stddef.h>',
      `static const unsigned short where[] = { ${all.map(({ name }) => `offsetof(State, ${name})`).join(', ')} };`,
      `static const unsigned char width[] = { ${all.map(({ name }) => `sizeof(now.${name})`).join(', ')} };`,
      `static const int table[] = { ${this.#numbers.join(',\n')} };`,
      'static int evaluate(int which) {',
      '  switch (which) {',
      ...[...this.#expressions].map(([text, which]) => `  case ${which}: return ${text};`),
      '  }',
      '  return 0;',
      '}',
      WALK,
    ].join('\n');
  }
}

/** Finds the k-th way that is open: 0 there is none, 1 it goes, 2 it fails; goes it, if told to. Node 0 has no way. */
const WALK = `
static int get(int v) {
  const unsigned char *p = (const unsigned char *)&now + where[v];
  return width[v] == 1 ? *p : width[v] == 2 ? *(const short *)p : *(const int *)p;
}
static void put(int v, int to) {
  unsigned char *p = (unsigned char *)&now + where[v];
  if (width[v] == 1) *p = to; else if (width[v] == 2) *(short *)p = to; else *(int *)p = to;
}
static int walk(int at, int *k, int act) {
  for (;;) {
    const int *n = table + at;
    int i, found, value;
    if (at == 0) return 0;
    switch (n[0]) {
    case ${FAILS}: return (*k)-- == 0 ? 2 : 0;
    case ${CHANGES}:
      if ((*k)-- != 0) return 0;
      if (act)
        for (i = 0; i < n[1]; i++) put(n[2 + 3 * i], n[3 + 3 * i] ? evaluate(n[4 + 3 * i]) : n[4 + 3 * i]);
      return 1;
    case ${SWITCH}: value = get(n[1]); at = value < n[2] ? n[3 + value] : 0; break;
    case ${CONDITION}: at = evaluate(n[1]) ? n[2] : n[3]; break;
    default:
      for (i = 0; i < n[1]; i++)
        if ((found = walk(n[2 + i], k, act)) != 0) return found;
      return 0;
    }
  }
}
int goes(int at, int k) { return walk(at, &k, 0) == 1; }
int fails(int at, int k) { return walk(at, &k, 0) == 2; }
void go(int at, int k) { walk(at, &k, 1); }
`;
