import { parentPort, workerData } from 'node:worker_threads';
import { Fault } from '../netgraph/index.ts';
import { kinds, type Kind } from './access.ts';
import { DONE, OVER, PLACE, ROUND, TICKET, type WorkerData } from './crew.ts';
import { EVENT, record } from './history.ts';
import { shimOf, Unfit } from './realm.ts';
import { chance } from '../explore/runs/scheduler.ts';
import type { Subject } from './subject.ts';

/**
 * A thread of a crew. Each access of its program is done for real and recorded between two tickets. At full speed there is some noise, or
 * the threads would hardly meet: in one access of 64 it spins, in one of 256 it sleeps for 50 µs.
 */
const { source, thread, arena, leading, log, schedule, seed } = workerData as WorkerData;
const real = globalThis.Atomics;
const random = chance(seed);
const nowhere = new Int32Array(new SharedArrayBuffer(4));
const number = new Map(kinds.map((kind, i) => [kind, i]));
const room = (log.length - 1) / EVENT;

const noise = (): void => {
  const drawn = random();
  if (drawn < 1 / 256) real.wait(nowhere, 0, 0, 0.05);
  else if (drawn < 5 / 256) for (let i = 20_000 * drawn; i > 0; i--) real.load(nowhere, 0);
};

/** Waits until it is this thread's turn; beyond the end of the schedule it is everybody's. */
const turn = (): void => {
  for (;;) {
    const place = real.load(leading, PLACE);
    if (place >= schedule[0]! || schedule[1 + place] === thread) return;
    real.wait(leading, PLACE, place);
  }
};

const goOn = (): void => {
  real.add(leading, PLACE, 1);
  real.notify(leading, PLACE);
};

/** A program that is over gives away the turns that it still has, or the others would wait for it. */
const giveAway = (): void => {
  for (;;) {
    const place = real.load(leading, PLACE);
    if (place >= schedule[0]!) return;
    if (schedule[1 + place] === thread) goOn();
    else real.wait(leading, PLACE, place);
  }
};

const answered = (kind: Kind, address: number, operand: number, replacement: number): number => {
  switch (kind) {
    case 'load':
      return real.load(arena, address);
    case 'compareExchange':
      return real.compareExchange(arena, address, operand, replacement);
    case 'wait':
      // Along a schedule it is this thread's turn only when there is nothing to wait for.
      // At full speed who unlocks can come to wake somebody when another has locked again: that is no end of the waiting, as nobody would have woken him.
      if (schedule[0] === 0) while (real.load(arena, address) === operand) real.wait(arena, address, operand);
      return 0;
    default:
      return real[kind](arena, address, operand);
  }
};

const recording = (_: unknown, kind: Kind, address: number, operand: number, replacement: number): number => {
  if (log[0] === room) throw new Unfit(`a program does more than ${room} accesses: there is no room to record them`);
  if (schedule[0]! > 0) turn();
  else noise();
  const before = real.add(leading, TICKET, 1);
  const answer = answered(kind, address, operand, replacement);
  const after = real.add(leading, TICKET, 1);
  record(log, 1 + log[0]! * EVENT, number.get(kind)!, [address, operand | 0, replacement | 0, answer, before, after]);
  log[0]! += 1;
  if (schedule[0]! > 0) goOn();
  return answer;
};

const { subjectOf } = (await import(source.module)) as { subjectOf: (key: string) => Subject };
const { program } = subjectOf(source.key).threads[thread]!;
globalThis.Atomics = { ...shimOf(recording), notify: real.notify.bind(real) } as typeof Atomics;

for (let round = 0; ;) {
  real.wait(leading, ROUND, round);
  round = real.load(leading, ROUND);
  if (round === OVER) break;
  log[0] = 0;
  const returned: number[] = [];
  try {
    for (const operation of program) returned.push((operation(arena, returned) ?? 0) | 0);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    parentPort!.postMessage(thrown.message);
    break;
  }
  giveAway();
  real.add(leading, DONE, 1);
  real.notify(leading, DONE);
}
