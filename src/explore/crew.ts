import { MessageChannel, receiveMessageOnPort, type MessagePort, type Worker } from 'node:worker_threads';
import type { Observer } from './conduct.ts';
import type { Gathered } from './gathered.ts';
import { CHUNK, shareOf, type Share, type Tools } from './level.ts';
import { LocalLog } from './localLog.ts';
import type { Model } from './model.ts';
import type { Symmetry } from './symmetry.ts';
import { FROM, GO, Hand, NEXT_CHUNK, OVER, READY, sharedWords, STOP, TO, type Memory } from './together.ts';
import type { Watch } from './watch.ts';

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
  readonly memory: Memory;
  readonly log: Int32Array;
  readonly watched: Int32Array;
  readonly fired: Uint8Array;
  readonly port: MessagePort;
  readonly localMask: number;
  readonly symmetry: boolean;
  /** Whether peers are put into order, too. */
  readonly cpus: boolean;
};

/** What it is told before a level: the memory where that has grown. What it says after one. */
export type Word = { readonly memory: Memory | null } | 'go home';
/** `isRange`: the system had no memory for a typed array, most likely; whoever asked knows what to make of it. */
export type Reply = Share | { readonly error: string; readonly isRange: boolean };

/** What a level has come to. */
export type Done = Pick<Share, 'transitions' | 'ends'>;

/** Threads that go through levels of a search together with the one that asks them to, which is in charge and alone meanwhile. */
export class Crew {
  readonly #states: Gathered;
  readonly #tools: Tools;
  readonly #workers: readonly Worker[];
  readonly #ports: readonly MessagePort[];
  readonly #watched: Int32Array<SharedArrayBuffer>;
  readonly #fired: Uint8Array<SharedArrayBuffer>;
  readonly #late: () => boolean;
  readonly #patience: number;
  /** Whether a thread has been given up: then one goes on alone. */
  lost = false;
  #told: readonly unknown[] = [];

  constructor(
    { threads, hire, waits, patience }: Together,
    states: Gathered,
    model: Model,
    watch: Watch,
    observer: Observer | null,
    symmetry: Symmetry | null,
    late: () => boolean,
  ) {
    const { memory } = states;
    const log = new LocalLog();
    model.locals.share(log);
    this.#states = states;
    this.#tools = { model, watch, observer, symmetry, memory, hand: new Hand(memory) };
    this.#watched = sharedWords(watch.shared);
    this.#fired = new Uint8Array(new SharedArrayBuffer(model.stepper.fired.length));
    this.#late = late;
    this.#patience = patience;
    const channels = Array.from({ length: threads - 1 }, () => new MessageChannel());
    this.#ports = channels.map(({ port1 }) => port1);
    const localMask = model.layout.locals[0]?.mask ?? 0;
    this.#workers = channels.map(({ port2 }) =>
      hire({
        memory,
        log: log.words,
        watched: this.#watched,
        fired: this.#fired,
        port: port2,
        localMask,
        symmetry: symmetry !== null,
        cpus: symmetry !== null && symmetry.peers.length > 0,
      }),
    );
    this.#told = [memory.table, memory.queue, memory.blocks.length];
    if (waits) while (!this.ready) Atomics.wait(memory.control, READY, memory.control[READY]!, 100);
  }

  get ready(): boolean {
    return Atomics.load(this.#states.memory.control, READY) === this.#workers.length;
  }

  /**
   * Goes on from the states of a level. Null: it must be gone through by one thread, as if nothing had been done; so it is too when
   * there would be more states than `most`.
   */
  level(from: number, to: number, most: number): Done | null {
    const { memory } = this.#states;
    const { control } = memory;
    const firedBefore = this.#tools.model.stepper.fired.slice();
    this.#states.makeRoom(3 * (to - from));
    this.#tools.watch.exchange(this.#watched);
    this.#tell();
    Atomics.store(control, NEXT_CHUNK, 0);
    Atomics.store(control, STOP, 0);
    Atomics.store(control, OVER, 0);
    Atomics.store(control, FROM, from);
    Atomics.store(control, TO, to);
    Atomics.add(control, GO, 1);
    Atomics.notify(control, GO);
    const mine = shareOf(this.#tools, this.#late);
    const others = this.#replies();
    this.#tools.model.stepper.resetPicks();
    if (others === null) {
      this.lost = true;
      this.dismiss();
      this.#tools.model.locals.leave();
      this.#tools.model.stepper.learn();
      this.#forget(to, firedBefore);
      return null;
    }
    const shares = [mine, ...others];
    this.#learn();
    if (Atomics.load(control, STOP) === 0) this.#number(shares, Math.ceil((to - from) / CHUNK));
    if (Atomics.load(control, STOP) !== 0 || this.#states.count > most) {
      this.#forget(to, firedBefore);
      return null;
    }
    const { fired } = this.#tools.model.stepper;
    for (let c = 0; c < fired.length; c++) fired[c]! |= this.#fired[c]!;
    return {
      transitions: shares.reduce((sum, { transitions }) => sum + transitions, 0),
      ends: shares.reduce((sum, { ends }) => sum + ends, 0),
    };
  }

  dismiss(): void {
    const { control } = this.#states.memory;
    for (const port of this.#ports) port.postMessage('go home' satisfies Word);
    Atomics.add(control, GO, 1);
    Atomics.notify(control, GO);
    for (const port of this.#ports) port.close();
    for (const worker of this.#workers) void worker.terminate();
  }

  /** Tells the threads of the memory where it is another one. */
  #tell(): void {
    const { memory } = this.#states;
    const now = [memory.table, memory.queue, memory.blocks.length];
    const same = now.every((part, i) => part === this.#told[i]);
    this.#told = now;
    for (const port of this.#ports) port.postMessage({ memory: same ? null : memory } satisfies Word);
  }

  /**
   * Null: one of them is lost. A thread that runs out of memory ends without a word, and its end cannot be heard from here. When the share of
   * the one in charge is done there is no more to take, so the others have at most a chunk to finish. Waits are counted and not the
   * clock, which goes on while the whole program is stopped.
   */
  #replies(): readonly Share[] | null {
    const { control } = this.#states.memory;
    let silent = 0;
    for (let over = Atomics.load(control, OVER); over < this.#ports.length; over = Atomics.load(control, OVER)) {
      silent = Atomics.wait(control, OVER, over, 1000) === 'timed-out' ? silent + 1 : 0;
      if (silent >= this.#patience) return null;
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

  /**
   * As if the level had not been begun: of its states none is known, and of its steps none has happened. When it is late nobody looks
   * a state up any more, and to make the table anew would take longer than who waits has patience.
   */
  #forget(states: number, fired: Uint8Array): void {
    this.#states.count = states;
    if (!this.#late()) this.#states.rebuild();
    this.#tools.model.stepper.fired.set(fired);
  }

  /** Numbers what is new in the order in which one thread would have found it: of each state, the candidate with its lowest parent counts. */
  #number(shares: readonly Share[], chunks: number): void {
    const of = new Int32Array(chunks);
    const starts = new Int32Array(chunks);
    const lengths = new Int32Array(chunks);
    shares.forEach((share, thread) => {
      let start = 0;
      for (let i = 0; i < share.chunks.length; i += 2) {
        const chunk = share.chunks[i]!;
        of[chunk] = thread;
        starts[chunk] = start;
        lengths[chunk] = share.chunks[i + 1]!;
        start += lengths[chunk]!;
      }
    });
    for (let chunk = 0; chunk < chunks; chunk++) {
      const { candidates } = shares[of[chunk]!]!;
      const end = starts[chunk]! + lengths[chunk]!;
      for (let i = starts[chunk]!; i < end; i++)
        if (this.#states.parentOf(candidates[2 * i]!) === candidates[2 * i + 1]!)
          this.#states.number(candidates[2 * i]!);
    }
  }
}
