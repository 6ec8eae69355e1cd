import type { Model } from '../../src/explore/model.ts';
import { allRest } from '../../src/export/promela.ts';
import { waysOf, type Way } from '../../src/export/step.ts';
import type { Variables } from '../../src/export/variables.ts';

/**
 * The same ways of the same steps as `netgraph-mc export` writes, as tables in C within Promela, for the race.
 *
 * As alternatives of one loop, SPIN tries thousands of guards in each state, and gcc -O3 needs minutes for the switch that they
 * become; so it does for them as functions in C. It would be the encoding that loses, not SPIN. Here the ways of a CPU are one
 * table of constants that asks for one variable after the other, as our own loop goes by tables; SPIN chooses CPU and way, stores and
 * searches. Each step is one d_step: nothing within it is stored.
 *
 * The tables go to a file `steps.c` beside the model, for spin(1) takes no text of C that long. It suspects a call in a guard of
 * changing the state, unless a space follows its name; `goes` and `fails` change nothing.
 */
export const compactOf = (model: Model, variables: Variables): { readonly promela: string; readonly steps: string } => {
  const table = new Table(variables);
  const cpus = model.layout.locals.flatMap((bits, cpu) => {
    const variable = variables.at(bits);
    if (variable === null) return [];
    return [table.of(variable.seen.flatMap((local) => waysOf(model, variables, cpu, local)))];
  });
  const choices = cpus.flatMap(({ root, most }) => Array.from({ length: most }, (_, k) => `${root}, ${k}`));
  const promela = [
    ...variables.all.map(({ name, bits, initial }) => `${typeOf(bits.mask)} ${name} = ${initial};`),
    'c_decl { int goes(int at, int k); int fails(int at, int k); void go(int at, int k); };',
    'c_code { \\#include "steps.c" };',
    'active proctype steps() {',
    'end: do',
    ...choices.map((way) => `  :: d_step { c_expr { goes (${way}) } -> c_code { go(${way}); } }`),
    ...choices.map((way) => `  :: d_step { c_expr { fails (${way}) } -> assert(false) }`),
    `  :: d_step { timeout && !(${allRest(model, variables)}) -> assert(false) }`,
    '  od',
    '}',
    '',
  ].join('\n');
  return { promela, steps: table.inC() };
};

const typeOf = (mask: number): string => (mask < 256 ? 'byte' : mask < 32768 ? 'short' : 'int');

const VALUE = /^(\w+) == (\d+)$/;
const CHANGE = /^(\w+) = (.*)$/;

/** Where a tree of ways begins in the table, and how many of its ways there can be at once. */
type Tree = { readonly root: number; readonly most: number };

/** Kinds of nodes; the numbers that follow each are at `walk` below. */
const FAILS = 0;
const CHANGES = 1;
const SWITCH = 2;
const CONDITION = 3;
const ALL = 4;

/** Trees of ways, one after the other as numbers; those that are equal are there once. */
class Table {
  readonly #variables: Variables;
  readonly #numbers: number[] = [0];
  readonly #where = new Map<string, number>();
  readonly #index: ReadonlyMap<string, number>;
  /** What is no comparison of one variable with one value, in C. */
  readonly #expressions = new Map<string, number>();

  constructor(variables: Variables) {
    this.#variables = variables;
    this.#index = new Map(variables.all.map(({ name }, i) => [name, i]));
  }

  of(ways: readonly Way[], depth = 0): Tree {
    const byHead = Map.groupBy(ways, ({ conditions }) => conditions[depth] ?? '');
    const ended = (byHead.get('') ?? []).map(({ changes }) => ({ root: this.#leaf(changes), most: 1 }));
    byHead.delete('');
    const below = [...byHead].map(([head, some]) => ({ head, tree: this.of(some, depth + 1) }));
    const [name, ...others] = new Set(below.map(({ head }) => VALUE.exec(head)?.[1]));
    if (name !== undefined && others.length === 0) return this.#all([...ended, this.#switch(name, below)]);
    const asked = below.map(({ head, tree: { root, most } }) => ({
      root: this.#node(CONDITION, this.#expression(head), root),
      most,
    }));
    return this.#all([...ended, ...asked]);
  }

  #leaf(changes: readonly string[] | null): number {
    if (changes === null) return this.#node(FAILS);
    const each = changes.flatMap((change) => {
      const [, name, to] = CHANGE.exec(change)!;
      return [this.#index.get(name!)!, ...(/^\d+$/.test(to!) ? [0, Number(to)] : [1, this.#expression(to!)])];
    });
    return this.#node(CHANGES, changes.length, ...each);
  }

  #switch(name: string, below: readonly { readonly head: string; readonly tree: Tree }[]): Tree {
    const byValue = new Map(below.map(({ head, tree }) => [Number(VALUE.exec(head)![2]), tree]));
    const count = Math.max(...byValue.keys()) + 1;
    const roots = Array.from({ length: count }, (_, value) => byValue.get(value)?.root ?? 0);
    return {
      root: this.#node(SWITCH, this.#index.get(name)!, count, ...roots),
      most: Math.max(...below.map(({ tree }) => tree.most)),
    };
  }

  #all(trees: readonly Tree[]): Tree {
    if (trees.length === 1) return trees[0]!;
    const most = trees.reduce((sum, tree) => sum + tree.most, 0);
    return { root: this.#node(ALL, trees.length, ...trees.map(({ root }) => root)), most };
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
    const all = this.#variables.all;
    const inState = (text: string): string =>
      text.replaceAll(/[A-Za-z_]\w*/g, (word) => (this.#index.has(word) ? `now.${word}` : word)).replaceAll('->', '?');
    return [
      '#include <stddef.h>',
      `static const unsigned short where[] = { ${all.map(({ name }) => `offsetof(State, ${name})`).join(', ')} };`,
      `static const unsigned char width[] = { ${all.map(({ name }) => `sizeof(now.${name})`).join(', ')} };`,
      `static const int table[] = { ${this.#numbers.join(',\n')} };`,
      'static int evaluate(int which) {',
      '  switch (which) {',
      ...[...this.#expressions].map(([text, which]) => `  case ${which}: return ${inState(text)};`),
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
    case ${CONDITION}: at = evaluate(n[1]) ? n[2] : 0; break;
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
