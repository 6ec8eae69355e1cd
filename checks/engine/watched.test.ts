import { describe, expect, it } from 'vitest';
import * as c from '../../src/machine/access.ts';
import { engineProperties, type EngineProperty } from '../../src/machine/operation.ts';
import { procedure } from '../../src/machine/procedure.ts';
import {
  count,
  guardedBy,
  mutex,
  owned,
  pointer,
  queued,
  routine,
  rwlock,
  Shared,
  slot,
  word,
} from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';
import { proven, stepsOf } from './judgement.ts';

/**
 * What the machine sees by itself: for each way of going wrong some smallest programs that do. It is long because it is a
 * table; each row is the property, the programs of the CPUs and the run that is shown.
 */

class Node extends Shared {
  x = word(0, 3, 'a number');
  next: Node = pointer(() => Node, 'another node, or NULL');
  act = routine<(node: Node) => void>('what to do with it, or NULL');
  refs = count(3, 'references');
  mtx = mutex('a mutex');
  rw = rwlock('an rwlock');
  inside = guardedBy('mtx', word(0, 3, 'for the holder of mtx'));
}
class Item extends Shared {
  data = owned(word(0, 3, 'for the owner'));
  link = queued(word(0, 3, 'for the owner, or for whoever works on the queue'));
}
class Queue extends Shared {
  item: Item = pointer(() => Item, 'an item on its way');
}

type Program = (node: Node, other: Node, queue: Queue) => void;
type Row = readonly [property: EngineProperty, title: string, programs: readonly Program[], steps: readonly string[]];

const program = (body: Program): Program => procedure('', body);
const destroy = procedure('', function destroy(node: Node) {
  c.free(node);
});

const freer = program(function freer(node) {
  c.free(node);
});
const writer = program(function writer(node) {
  node.x = 1;
});
const releaser = program(function releaser(node) {
  if (c.refcount_release(node.refs)) c.free(node);
});
const locker = program(function locker(node) {
  c.mtx_lock(node.mtx);
  c.mtx_unlock(node.mtx);
});
const straight = program(function straight(node, other) {
  c.mtx_lock(node.mtx);
  c.mtx_lock(other.mtx);
  c.mtx_unlock(other.mtx);
  c.mtx_unlock(node.mtx);
});
const crossed = program(function crossed(node, other) {
  c.mtx_lock(other.mtx);
  c.mtx_lock(node.mtx);
  c.mtx_unlock(node.mtx);
  c.mtx_unlock(other.mtx);
});

const alone = (title: string, property: EngineProperty, body: Program, steps: readonly string[]): Row => [
  property,
  title,
  [program(body)],
  steps.map((step) => `cpu0 ${body.name}: ${step}`),
];

const memory: readonly Row[] = [
  [
    'use-after-free',
    'a store into what another CPU has freed',
    [freer, writer],
    ['cpu0 freer: free Node', 'cpu1 writer: store x'],
  ],
  alone(
    'a load through a pointer into the life before',
    'use-after-free',
    function stale() {
      const old = c.alloc(Node);
      c.free(old);
      c.alloc(Node);
      old.x = 1;
    },
    ['alloc Node #1', 'free Node', 'alloc Node #2', 'store x'],
  ),
  alone(
    'an atomic on a freed record',
    'use-after-free',
    function lateRelease(node) {
      c.free(node);
      c.refcount_release(node.refs);
    },
    ['free Node', 'refcount_release refs'],
  ),
  alone(
    'a callback asked for with a freed record',
    'use-after-free',
    function lateCall(node) {
      c.free(node);
      c.NET_EPOCH_CALL(destroy, node);
    },
    ['free Node', 'NET_EPOCH_CALL destroy'],
  ),
  alone(
    'a store into what was never allocated',
    'use-before-init',
    function early() {
      slot(Node, 2).x = 1;
      c.free(c.alloc(Node));
    },
    ['store x'],
  ),
  ['double-free', 'a record freed twice', [freer, freer], ['cpu0 freer: free Node', 'cpu1 freer: free Node']],
  alone(
    'a record freed that a callback will free',
    'double-free',
    function impatient(node) {
      c.NET_EPOCH_ENTER();
      c.NET_EPOCH_CALL(destroy, node);
      c.free(node);
    },
    ['NET_EPOCH_ENTER', 'NET_EPOCH_CALL destroy', 'free Node'],
  ),
  alone(
    'a record handed over twice',
    'double-epoch-call',
    function twice(node) {
      c.NET_EPOCH_CALL(destroy, node);
      c.NET_EPOCH_CALL(destroy, node);
    },
    ['NET_EPOCH_CALL destroy #1', 'NET_EPOCH_CALL destroy #2'],
  ),
];

const pointers: readonly Row[] = [
  alone(
    'a field read through NULL',
    'null-dereference',
    function reader(node) {
      node.x = node.next.x;
    },
    ['load next'],
  ),
  alone(
    'a field assigned through NULL, after two steps',
    'null-dereference',
    function assigner(node) {
      node.x = 1;
      node.next.x = 2;
    },
    ['store x', 'load next'],
  ),
  alone(
    'a call through a NULL function pointer',
    'null-dereference',
    function caller(node) {
      node.act!(node);
    },
    ['load act'],
  ),
];

const references: readonly Row[] = [
  alone(
    'a count lowered below zero',
    'refcount-underflow',
    function drop(node) {
      c.refcount_release(node.refs);
      c.refcount_release(node.refs);
    },
    ['refcount_release refs #1', 'refcount_release refs #2'],
  ),
  alone(
    'a count raised from zero',
    'refcount-resurrection',
    function revive(node) {
      c.refcount_release(node.refs);
      c.refcount_acquire(node.refs);
    },
    ['refcount_release refs', 'refcount_acquire refs'],
  ),
  [
    'refcount-underflow',
    'two CPUs giving back one reference',
    [releaser, releaser],
    ['cpu0 releaser: refcount_release refs', 'cpu1 releaser: refcount_release refs'],
  ],
];

const locks: readonly Row[] = [
  alone(
    'a mutex taken that was destroyed',
    'lock-destroyed',
    function lateLock(node) {
      c.mtx_destroy(node.mtx);
      c.mtx_lock(node.mtx);
    },
    ['mtx_destroy mtx', 'mtx_lock mtx'],
  ),
  [
    'lock-destroyed',
    'a mutex destroyed that another CPU holds',
    [
      locker,
      program(function destroyer(node) {
        c.mtx_destroy(node.mtx);
      }),
    ],
    ['cpu0 locker: mtx_lock mtx', 'cpu1 destroyer: mtx_destroy mtx'],
  ],
  alone(
    'a mutex taken twice',
    'lock-recursion',
    function again(node) {
      c.mtx_lock(node.mtx);
      c.mtx_lock(node.mtx);
    },
    ['mtx_lock mtx #1', 'mtx_lock mtx #2'],
  ),
  alone(
    'an rwlock read by its writer',
    'lock-recursion',
    function both(node) {
      c.rw_wlock(node.rw);
      c.rw_rlock(node.rw);
    },
    ['rw_wlock rw', 'rw_rlock rw'],
  ),
  [
    'lock-not-owned',
    'a mutex released that another CPU holds',
    [
      locker,
      program(function stranger(node) {
        if (node.x === 0) c.mtx_unlock(node.mtx);
      }),
    ],
    ['cpu1 stranger: load x', 'cpu1 stranger: mtx_unlock mtx'],
  ],
  alone(
    'an rwlock released that nobody holds',
    'lock-not-owned',
    function release(node) {
      c.rw_runlock(node.rw);
    },
    ['rw_runlock rw'],
  ),
  alone(
    'an rwlock released as a writer by a reader',
    'lock-not-owned',
    function confused(node) {
      c.rw_rlock(node.rw);
      c.rw_wunlock(node.rw);
    },
    ['rw_rlock rw', 'rw_wunlock rw'],
  ),
  alone(
    'a guarded field stored to without its lock',
    'lock-not-owned',
    function careless(node) {
      node.x = 1;
      node.inside = 1;
    },
    ['store x'],
  ),
  alone(
    'a guarded field loaded after its lock was released',
    'lock-not-owned',
    function late(node) {
      c.mtx_lock(node.mtx);
      node.inside = 1;
      c.mtx_unlock(node.mtx);
      node.x = node.inside;
    },
    ['mtx_lock mtx', 'mtx_unlock mtx'],
  ),
  alone(
    'a program that ends holding a mutex',
    'lock-held-at-exit',
    function keeper(node) {
      c.mtx_lock(node.mtx);
      node.x = 1;
    },
    ['mtx_lock mtx', 'store x'],
  ),
  alone(
    'a program that ends as the writer of an rwlock',
    'lock-held-at-exit',
    function author(node) {
      c.rw_wlock(node.rw);
    },
    ['rw_wlock rw'],
  ),
  [
    'deadlock',
    'two mutexes taken in different orders',
    [straight, crossed],
    ['cpu0 straight: mtx_lock mtx #1', 'cpu1 crossed: mtx_lock mtx #1'],
  ],
  alone(
    'a wait for what nobody does',
    'deadlock',
    function waiter(node) {
      node.x = 1;
      c.wait_until(() => node.x === 2);
    },
    ['store x'],
  ),
];

const sections: readonly Row[] = [
  alone(
    'a program that ends inside a section',
    'epoch-section-leaked',
    function leaver(node) {
      c.NET_EPOCH_ENTER();
      node.x = 1;
    },
    ['NET_EPOCH_ENTER', 'store x'],
  ),
  alone(
    'a section left that was not entered',
    'epoch-section-leaked',
    function stray() {
      c.NET_EPOCH_EXIT();
    },
    ['NET_EPOCH_EXIT'],
  ),
  alone(
    'a sleep inside a section',
    'sleep-in-epoch',
    function sleeper(node) {
      c.maySleep();
      c.NET_EPOCH_ENTER();
      node.x = 1;
      c.maySleep();
      c.NET_EPOCH_EXIT();
    },
    ['may sleep #1', 'NET_EPOCH_ENTER', 'store x'],
  ),
];

const items: readonly Row[] = [
  alone(
    'an item touched after it was handed over',
    'item-not-owned',
    function giver(_node, _other, queue) {
      const item = c.alloc(Item);
      item.data = 1;
      c.handOver(item);
      queue.item = item;
      item.data = 2;
    },
    ['alloc Item', 'store item'],
  ),
  alone(
    'an item freed after it was handed over',
    'item-not-owned',
    function lateFree() {
      const item = c.allocOwned(Item);
      c.handOver(item);
      c.free(item);
    },
    ['alloc Item', 'free Item'],
  ),
  [
    'item-not-owned',
    'an item touched by one who only sees it',
    [
      program(function keeper(_node, _other, queue) {
        const item = c.alloc(Item);
        item.link = 1;
        queue.item = item;
        queue.item = null!;
        c.freeOwned(item);
      }),
      program(function peeper(_node, _other, queue) {
        const { item } = queue;
        if (item !== null) item.link = 2;
      }),
    ],
    ['cpu0 keeper: alloc Item', 'cpu0 keeper: store item #1', 'cpu1 peeper: load item'],
  ],
  alone(
    'an item taken over twice',
    'item-not-owned',
    function taker(_node, _other, queue) {
      const item = c.alloc(Item);
      c.handOver(item);
      c.takeOver(item);
      c.takeOver(item);
      c.handOver(item);
      queue.item = item;
      c.handOver(item);
    },
    ['alloc Item', 'store item'],
  ),
];

const claims: readonly Row[] = [
  alone(
    'a KASSERT that fails',
    'kassert',
    function asserting(node) {
      c.KASSERT(node.x === 0, 'x is 0');
      node.x = 1;
      c.KASSERT(node.x === 0, 'x is 0 still');
    },
    ['load x #1', 'store x', 'load x #2'],
  ),
  alone(
    'a panic',
    'panic',
    function panicking(node) {
      node.x = 1;
      c.panic('nothing to be done');
    },
    ['store x'],
  ),
];

const types: readonly Row[] = [
  alone(
    'a load from what is of another type',
    'wrong-type',
    function loads(node, _other, queue) {
      node.x = 1;
      void (queue as Shared as Node).x;
    },
    ['store x'],
  ),
  alone(
    'a store into what is of another type',
    'wrong-type',
    function stores(node, _other, queue) {
      node.x = 1;
      (queue as Shared as Node).x = 1;
    },
    ['store x'],
  ),
  alone(
    'an atomic operation on what is of another type',
    'wrong-type',
    function adds(node, _other, queue) {
      node.x = 1;
      c.atomic_add(queue as Shared as Node, 'x', 1);
    },
    ['store x'],
  ),
];

const rows: readonly Row[] = [
  ...memory,
  ...pointers,
  ...types,
  ...references,
  ...locks,
  ...sections,
  ...items,
  ...claims,
];

const build = (programs: readonly Program[]): World => {
  const world = new World(new Map(), 2);
  const node = world.make(Node, 'node', { refs: 1 });
  const other = world.make(Node, 'other', { refs: 1 });
  const queue = world.make(Queue, 'queue');
  world.reserve(Node, 1);
  world.reserve(Item, 1);
  programs.forEach((each, i) => world.run(`cpu${i}`, each, node, other, queue));
  return world;
};

describe('the machine sees by itself', () => {
  it.each(rows)('%s: %s', (property, _title, programs, steps) => {
    const verdict = proven(build(programs));
    expect(verdict).toMatchObject({ verdict: 'violated', property });
    expect(stepsOf(verdict)).toEqual(steps);
  });

  it('each of the ways of going wrong that it has a name for', () => {
    expect([...new Set(rows.map(([property]) => property))].toSorted()).toEqual(
      Object.keys(engineProperties).toSorted(),
    );
  });
});
