/** What the compiled module gives (assembly/index.ts); addresses are in bytes. */
export type Calls = {
  readonly allocate: (bytes: number) => number;
  readonly reset: (address: number) => void;
  readonly taken: () => number;
  readonly plant: (shape: number, words: number, most: number, pages: number) => number;
  readonly join: (tree: number) => void;
  readonly hasRoom: (more: number) => number;
  readonly add: (state: number) => number;
  readonly find: (state: number) => number;
  readonly read: (index: number, into: number) => void;
  readonly count: () => number;
  readonly plantBeyond: () => void;
  readonly close: () => void;
  readonly offerPair: (left: number, right: number, hash: number) => number;
  readonly findPair: (left: number, right: number, hash: number) => number;
  readonly pairOf: (index: number) => bigint;
  readonly glancePair: (hash: number) => number;
  readonly hasRoomFrom: (more: number) => number;
  readonly attend: () => void;
  readonly leave: () => void;
  readonly forsake: () => void;
  readonly beginLevel: (patience: number) => void;
  readonly forgetLevel: (isRemade: number) => void;
  readonly beginShare: () => void;
  readonly candidatesAt: () => number;
  readonly candidateCount: () => number;
  readonly offerFrom: (state: number, from: number) => number;
  readonly number: (candidates: number, begin: number, end: number) => number;
  readonly numberedAt: () => number;
  readonly equip: (
    cpus: number,
    runner: number,
    generations: number,
    locals: number,
    sections: number,
    deferrable: number,
    deferrables: number,
    exits: number,
  ) => void;
  readonly learn: (row: number, next: number) => void;
  readonly note: (local: number, result: number, after: number) => void;
  readonly beginForms: (
    words: number,
    cpus: number,
    places: number,
    firsts: number,
    groups: number,
    groupCount: number,
    named: number,
    namedCount: number,
    within: number,
    lives: number,
  ) => void;
  readonly beginPeers: (words: number, cpus: number, orders: number, orderCount: number, others: number) => void;
  readonly prepare: (words: number, cpus: number, rows: number, classes: number) => void;
  readonly run: (at: number, end: number) => number;
  readonly share: (at: number, end: number, threads: number) => number;
  readonly emit: () => void;
  readonly emitFailure: (failure: number) => void;
  readonly fireClass: (classNumber: number) => void;
  readonly nextAt: () => number;
  readonly beginWatch: (words: number, properties: number) => number;
  readonly watchAnew: (properties: number) => void;
  readonly firedAt: () => number;
  readonly parentsAt: () => number;
  readonly addedCount: () => number;
  readonly transitionCount: () => number;
  readonly endCount: () => number;
};

/** What it calls (assembly/imported.ts). */
export type Called = {
  readonly resolve: (local: number, result: number) => number;
  readonly callbackEntry: (record: number, callback: number, generation: number) => number;
  readonly ask: (cpu: number, from: number, at: number) => void;
  readonly mention: (local: number) => number;
  readonly whereabouts: (local: number) => number;
  readonly prepare: (order: number) => number;
  readonly renumber: (which: number, local: number) => number;
  readonly look: (state: number, from: number) => number;
  readonly ended: (from: number, at: number) => number;
  readonly failed: (failure: number) => number;
};

const never = (): never => {
  throw new Error('[suite bug] the compiled loop runs, and nobody listens');
};
/** Before there is a loop. */
export const nobody: Called = {
  resolve: never,
  callbackEntry: never,
  ask: never,
  mention: never,
  whereabouts: never,
  prepare: never,
  renumber: never,
  look: never,
  ended: never,
  failed: never,
};
