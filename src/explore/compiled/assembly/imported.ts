/** What is done in TypeScript, seldom: ../../levels/compiledLoop.ts. */

/** Throws: there is no more memory. */
// @external('search', 'outOfMemory')
export declare function outOfMemory(): void;

/** Throws: another thread has not been heard of for too long. */
// @external('search', 'lost')
export declare function lost(): void;

/** The local state that follows when `local` receives its `result`-th answer; notes it in the tables. */
// @external('search', 'resolve')
export declare function resolve(local: i32, result: i32): i32;

/** The local state in which a callback of a record begins. */
// @external('search', 'callbackEntry')
export declare function callbackEntry(record: i32, callback: i32, generation: i32): i32;

/** Takes all steps of a CPU from a state, by ../../model/stepper.ts, and hands them to `emit` and `emitFailure`. */
// @external('search', 'ask')
export declare function ask(cpu: i32, from: usize, at: i32): void;

/** Where it is written which places a local state refers to: how many, then each. */
// @external('search', 'mention')
export declare function mention(local: i32): usize;

/** Where it is written where a local state is, and the hash of its classes (cpuForm.ts). */
// @external('search', 'whereabouts')
export declare function whereabouts(local: i32): usize;

/** A Renumbering (form.ts) for an order. */
// @external('search', 'prepare')
export declare function prepare(order: usize): usize;

/** What a local state becomes by a renumbering. */
// @external('search', 'renumber')
export declare function renumber(which: i32, local: i32): i32;

/** A new state in which a bit has changed that a property reads: what is wrong with it, 0 for nothing, 1 when the search is over. */
// @external('search', 'look')
export declare function look(state: usize, from: usize): i32;

/** A state from which no step is possible; not zero: the search is over. */
// @external('search', 'ended')
export declare function ended(from: usize, at: i32): i32;

/** A step that failed, as it was numbered; not zero: the search is over. */
// @external('search', 'failed')
export declare function failed(which: i32): i32;
