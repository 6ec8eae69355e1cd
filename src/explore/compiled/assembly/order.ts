import { BLOCK, oneMore } from './memory';
import { isOpen } from './root';

/**
 * Which root of the tree is the state of a number. They are the same, until several threads have added states, in an order that is chance: from then on it is
 * written down, as long as several may. By one thread at a time, but that all may ask for the root of a number.
 */
@unmanaged
class Order {
  /** The first number that is written down; negative: none. */
  first: i32;
  count: i32;
  /** Roots by number, and numbers by root as far as they were wanted. */
  roots: usize;
  numbers: usize;
  numberBlocks: i32;
  numbered: i32;
}
export const ORDER: i32 = 24;

/** Numbers of a block, as a power of two. */
const NUMBERS: i32 = BLOCK - 2;
const IN_NUMBERS: i32 = (1 << NUMBERS) - 1;

let order: Order = changetype<Order>(0);

export function plantOrder(at: usize): void {
  memory.fill(at, 0, ORDER);
  changetype<Order>(at).first = -1;
}

export function joinOrder(at: usize): void {
  order = changetype<Order>(at);
}

/** From now on it is written down; `count`: the states so far. */
export function beginOrder(count: i32): void {
  if (order.first < 0) order.first = count;
}

// @inline
function wordAt(blocks: usize, at: i32): usize {
  return load<usize>(blocks + ((at >>> NUMBERS) << 2)) + ((at & IN_NUMBERS) << 2);
}

/** The next number is that of a root. */
export function append(root: i32): void {
  if (order.first < 0 || !isOpen()) return;
  if ((order.count & IN_NUMBERS) == 0) order.roots = oneMore(order.roots, order.count >>> NUMBERS);
  store<i32>(wordAt(order.roots, order.count++), root);
}

export function rootOf(number: i32): i32 {
  const at = number - order.first;
  return order.first < 0 || at < 0 || at >= order.count ? number : load<i32>(wordAt(order.roots, at));
}

export function numberOf(root: i32): i32 {
  const first = order.first;
  if (first < 0 || root < first || root - first >= order.count) return root;
  if (order.numbered != order.count) invert();
  return load<i32>(wordAt(order.numbers, root - first));
}

function invert(): void {
  while (order.numberBlocks << NUMBERS < order.count) order.numbers = oneMore(order.numbers, order.numberBlocks++);
  for (; order.numbered < order.count; order.numbered++)
    store<i32>(
      wordAt(order.numbers, load<i32>(wordAt(order.roots, order.numbered)) - order.first),
      order.first + order.numbered,
    );
}

/** The most bytes that it may take more until all of so many states have numbers, and all roots are known by them. */
export function mayOrder(states: i32): u64 {
  if (order.first < 0) return 0;
  const roots = isOpen() ? states - order.first : order.count;
  const more = ((roots - order.count) >>> NUMBERS) + ((roots - order.numbered) >>> NUMBERS) + 4;
  // And the directories of both, each time that they become twice as large.
  return ((more as u64) << BLOCK) + (((roots >>> NUMBERS) as u64) << 5) + 4096;
}
