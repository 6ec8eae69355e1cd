import { receiveMessageOnPort } from 'node:worker_threads';
import { isConduct, isOfStates, type Claim } from '../../machine/conduct.ts';
import type { World } from '../../machine/world.ts';
import { observerOf } from '../model/conduct.ts';
import { CompiledLoop, type Listener } from './compiledLoop.ts';
import { CompiledTree, type Planted } from '../states/compiledTree.ts';
import type { Level, Orders, Reply, Word } from './crew.ts';
import { shareOf, type Share, type Tools } from './level.ts';
import { LocalLog, Lost } from '../compiled/localLog.ts';
import { modelWith, type ModelOptions } from '../model/model.ts';
import { TooManyLocalStates } from '../model/stepper.ts';
import { symmetryOf } from '../symmetry/symmetry.ts';
import { GO, OVER, READY, STOP } from '../compiled/together.ts';
import { TellsApart, Watch } from '../model/watch.ts';

/** A thread of a crew: builds the same model, and goes through levels whenever it is told to. Returns when it is sent home. */
export const serve = (
  world: World,
  claims: readonly Claim[],
  options: Omit<ModelOptions, 'conduct'>,
  orders: Orders,
): void => {
  const { port, log, watched, fired, control, threads } = orders;
  const reply = (said: Reply): void => {
    port.postMessage(said);
    Atomics.add(control, OVER, 1);
    Atomics.notify(control, OVER);
  };
  const model = modelWith(world, { ...options, conduct: claims.filter(isConduct) }, 32 - Math.clz32(orders.localMask));
  model.locals.share(new LocalLog(log as Int32Array<SharedArrayBuffer>));
  const watch = new Watch(model, claims.filter(isOfStates));
  const symmetry = orders.symmetry ? symmetryOf(model, orders.cpus) : null;
  watch.rename(symmetry?.renamings ?? []);
  const observer = observerOf(model);
  const toolsFor = (planted: Planted): Tools => {
    const tree = CompiledTree.join(planted);
    const loop = observer === null ? new CompiledLoop(model, tree, symmetry, watch, stopping(watch)) : null;
    return { model, watch, observer, symmetry, control, threads, tree, loop };
  };
  let tools: Tools | null = null;
  /** The level, with what others have learnt before it; and told to them after it. */
  const level = ({ planted }: Level): Share => {
    watch.exchange(watched as Int32Array<SharedArrayBuffer>);
    model.locals.catchUp();
    model.stepper.learn();
    if (planted !== null) tools = toolsFor(planted);
    const share = shareOf(tools!, () => false);
    model.stepper.resetPicks();
    watch.exchange(watched as Int32Array<SharedArrayBuffer>);
    model.stepper.fired.forEach((did, c) => did === 1 && (fired[c] = 1));
    return share;
  };
  let turn = Atomics.load(control, GO);
  Atomics.add(control, READY, 1);
  Atomics.notify(control, READY);
  for (; ; turn++) {
    Atomics.wait(control, GO, turn);
    const word = receiveMessageOnPort(port)?.message as Word | undefined;
    if (word === undefined || word === 'go home') return;
    try {
      reply(level(word));
    } catch (error) {
      Atomics.store(control, STOP, 1);
      // One thread alone will meet them too, and knows what to do about it; and who is lost does not say a word to it either.
      if (error instanceof TooManyLocalStates || error instanceof TellsApart || error instanceof Lost) reply(nothing);
      else
        reply({ error: error instanceof Error ? error.message : String(error), isRange: error instanceof RangeError });
    }
  }
};

/** Whoever is told of something does not say it, but has everybody stop. */
const stopping = (watch: Watch): Listener<null> => ({
  inState: () => true,
  failing: () => null,
  atStep: () => true,
  atEnd: (from) => watch.atEnd(from) !== null,
});

const nothing: Share = { chunks: [], candidates: 0, transitions: 0, ends: 0 };
