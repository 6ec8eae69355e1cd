import { MessageChannel, receiveMessageOnPort, type MessagePort, type Worker } from 'node:worker_threads';
import type { Sharing } from './compiledLoop.ts';
import type { CompiledTree, Planted } from '../states/compiledTree.ts';
import type { Observer } from '../model/conduct.ts';
import { shareOf, type Share, type Tools } from './level.ts';
import { LocalLog, Lost } from '../compiled/localLog.ts';
import type { Model } from '../model/model.ts';
import type { Symmetry } from '../symmetry/symmetry.ts';
import { CHUNK, CONTROL, FROM, GO, NEXT_CHUNK, OVER, READY, sharedWords, STOP, TO } from '../compiled/together.ts';
import type { Visited } from '../states/visited.ts';
import type { Watch } from '../model/watch.ts';

/** How a search is done by several threads. The world cannot be sent to them; so whoever begins a thread lets it be built there anew. */
export type Together = {
  readonly threads: number;
  /** Begins a thread that calls `serve` (member.ts) with these orders. */
  readonly hire: (orders: Orders) => Worker;
  /** Levels with fewer states are gone through by one thread: that is over before the others are awake. */
  readonly from: number;
  /** Whether to wait for the threads when they are begun; otherwise one goes on alone until they are ready. */
  readonly waits: boolean;
  /** Seconds without a word from a thread, once there is nothing left to take, after which it is given up for lost. */
  readonly patience: number;
};

/** What a thread is given at its beginning. */
export type Orders = {
  readonly control: Int32Array;
  readonly threads: number;
  readonly log: Int32Array;
  readonly watched: Int32Array;
  readonly fired: Uint8Array;
  readonly port: MessagePort;
  readonly localMask: number;
  readonly symmetry: boolean;
  /** Whether peers are put into order, too. */
  readonly cpus: boolean;
};

/** What it is told before a level: the tree, if that is another one than before. What it says after one. */
export type Level = { readonly planted: Planted | null };
export type Word = Level | 'go home';
/** `isRange`: the system had no memory for a typed array, most likely; whoever asked knows what to make of it. */
export type Reply = Share | { readonly error: string; readonly isRange: boolean };

/** What a level has come to. */
export type Done = Pick<Share, 'transitions' | 'ends'>;

/** The states of a level, and how many there may be after it. */
export type Range = { readonly from: number; readonly to: number; readonly most: number };

/** Threads that go through levels of a search together with the one that asks them to, which is in charge and alone meanwhile. */
export class Crew {
  readonly #tools: Omit<Tools, 'tree' | 'loop'>;
  readonly #control: Int32Array<SharedArrayBuffer> = sharedWords(CONTROL);
  readonly #workers: readonly Worker[];
  readonly #ports: readonly MessagePort[];
  readonly #watched: Int32Array<SharedArrayBuffer>;
  readonly #fired: Uint8Array<SharedArrayBuffer>;
  readonly #late: () => boolean;
  readonly #patience: number;
  /** Whether a thread has been given up: then one goes on alone. */
  lost = false;
  #told: Planted | null = null;

  constructor(
    { threads, hire, waits, patience }: Together,
    model: Model,
    watch: Watch,
    observer: Observer | null,
    symmetry: Symmetry | null,
    late: () => boolean,
  ) {
    const control = this.#control;
    const log = new LocalLog();
    model.locals.share(log);
    this.#tools = { model, watch, observer, symmetry, control, threads };
    this.#watched = sharedWords(watch.shared);
    this.#fired = new Uint8Array(new SharedArrayBuffer(model.stepper.fired.length));
    this.#late = late;
    this.#patience = patience;
    const channels = Array.from({ length: threads - 1 }, () => new MessageChannel());
    this.#ports = channels.map(({ port1 }) => port1);
    const localMask = model.layout.locals[0]?.mask ?? 0;
    this.#workers = channels.map(({ port2 }) =>
      hire({
        control,
        threads,
        log: log.words,
        watched: this.#watched,
        fired: this.#fired,
        port: port2,
        localMask,
        symmetry: symmetry !== null,
        cpus: symmetry !== null && symmetry.peers.length > 0,
      }).on('error', forgive),
    );
    if (waits) while (!this.ready) Atomics.wait(control, READY, control[READY]!, 100);
  }

  get ready(): boolean {
    return Atomics.load(this.#control, READY) === this.#workers.length;
  }

  /**
   * Goes on from the states of a level. Null: it must be gone through by one thread, as if nothing had been done; so it is too when
   * there would be more states than `most`. `tree`: that of the states; `loop`: goes through it in this thread, if one can.
   */
  level(visited: Visited, tree: CompiledTree, loop: Sharing | null, range: Range): Done | null {
    const { model } = this.#tools;
    const fired = model.stepper.fired.slice();
    tree.calls.beginLevel(this.#patience);
    this.#begin(tree, range);
    const shares = this.#shares(tree, loop);
    model.stepper.resetPicks();
    if (shares === null) this.#giveUp(visited, tree, range.to);
    else this.#learn();
    if (shares === null || Atomics.load(this.#control, STOP) !== 0 || tree.count > range.most) {
      model.stepper.fired.set(fired);
      // When it is late nobody looks a state up any more, and to make the table anew would take longer than who waits has patience.
      if (shares !== null) tree.calls.forgetLevel(this.#late() ? 0 : 1);
      return null;
    }
    visited.follow(parentsOf(tree, shares, range, Atomics.load(this.#control, CHUNK)));
    this.#fired.forEach((did, c) => did === 1 && (model.stepper.fired[c] = 1));
    return {
      transitions: shares.reduce((sum, { transitions }) => sum + transitions, 0),
      ends: shares.reduce((sum, { ends }) => sum + ends, 0),
    };
  }

  #begin(tree: CompiledTree, { from, to }: Range): void {
    const control = this.#control;
    this.#tools.watch.exchange(this.#watched);
    const planted = tree.planted === this.#told ? null : tree.planted;
    this.#told = tree.planted;
    for (const port of this.#ports) port.postMessage({ planted } satisfies Word);
    Atomics.store(control, NEXT_CHUNK, 0);
    Atomics.store(control, STOP, 0);
    Atomics.store(control, OVER, 0);
    Atomics.store(control, FROM, from);
    Atomics.store(control, TO, to);
    Atomics.store(control, CHUNK, chunkOf(to - from, this.#tools.threads));
    Atomics.add(control, GO, 1);
    Atomics.notify(control, GO);
  }

  /** One thread goes on, in other memory: whoever is lost may not be gone yet. Who waits to be alone in the old one must not be waited for when it is stopped. */
  #giveUp(visited: Visited, tree: CompiledTree, count: number): void {
    const { model } = this.#tools;
    this.lost = true;
    tree.calls.forsake();
    this.dismiss();
    model.stepper.learn();
    visited.renew(count);
  }

  dismiss(): void {
    const control = this.#control;
    this.#tools.model.locals.leave();
    for (const port of this.#ports) port.postMessage('go home' satisfies Word);
    Atomics.add(control, GO, 1);
    Atomics.notify(control, GO);
    for (const port of this.#ports) port.close();
    for (const worker of this.#workers) void worker.terminate();
  }

  /** What everybody has done. Null: one of them is lost. */
  #shares(tree: CompiledTree, loop: Sharing | null): readonly Share[] | null {
    try {
      const mine = shareOf({ ...this.#tools, tree, loop }, this.#late);
      const others = this.#replies(tree);
      return others === null ? null : [mine, ...others];
    } catch (thrown) {
      if (thrown instanceof Lost) return null;
      throw thrown;
    }
  }

  /**
   * Null: one of them is lost. A thread that runs out of memory ends without a word, and its end cannot be heard from here. When the share of
   * the one in charge is done there is no more to take, so the others have at most a chunk to finish. Waits are counted and not the
   * clock, which goes on while the whole program is stopped; and nobody is lost who makes room, which the one in charge helps with.
   */
  #replies(tree: CompiledTree): readonly Share[] | null {
    const control = this.#control;
    let silent = 0;
    for (let over = Atomics.load(control, OVER); over < this.#ports.length; over = Atomics.load(control, OVER)) {
      silent = Atomics.wait(control, OVER, over, 1000) === 'timed-out' ? silent + 1 : 0;
      if (silent >= this.#patience) return null;
      if (silent > 0) tree.calls.attend();
    }
    return this.#ports.map((port) => {
      const reply = receiveMessageOnPort(port)!.message as Reply;
      if ('error' in reply && reply.isRange) throw new RangeError(reply.error);
      if ('error' in reply) throw new Error(`[suite bug] a searching thread says: ${reply.error}`);
      return reply;
    });
  }

  #learn(): void {
    const { model, watch } = this.#tools;
    watch.exchange(this.#watched);
    model.locals.catchUp();
    model.stepper.learn();
  }
}

/** Memory that has run out in a thread is no reason for the one in charge to end: it has gone on alone. */
const forgive = (error: Error): void => {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_OUT_OF_MEMORY') throw error;
};

/** Numbers what is new in the order in which one thread would have found it; returns the parents in that order. */
const parentsOf = (tree: CompiledTree, shares: readonly Share[], { from, to }: Range, size: number): Int32Array => {
  const chunks = Array.from({ length: Math.ceil((to - from) / size) }, () => ({ candidates: 0, begin: 0, end: 0 }));
  for (const { candidates, chunks: taken } of shares) {
    let begin = 0;
    for (let i = 0; i < taken.length; i += 2) {
      const end = begin + taken[i + 1]!;
      chunks[taken[i]!] = { candidates, begin, end };
      begin = end;
    }
  }
  const parents = new Int32Array(tree.count - to);
  let numbered = 0;
  for (const { candidates, begin, end } of chunks)
    for (let at = begin; at < end; at += NUMBERED) {
      const count = tree.calls.number(candidates, at, Math.min(end, at + NUMBERED));
      const first = tree.calls.numberedAt() >>> 2;
      parents.set(tree.ints.subarray(first, first + count), numbered);
      numbered += count;
    }
  if (numbered !== parents.length) throw new Error('[suite bug] a state that is new to several threads has no number');
  return parents;
};

/** States of a level that a thread takes at a time: few, so that all are done at about the same time. */
const chunkOf = (states: number, threads: number): number =>
  Math.min(512, Math.max(32, Math.floor(states / (16 * threads))));

/** Candidates that are numbered at once (compiled/assembly/level.ts). */
const NUMBERED = 2048;
