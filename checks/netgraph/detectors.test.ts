import { describe, expect, it } from 'vitest';
import {
  advance,
  ask, at, attach, blocker, checkArena, closeThread, create, EBUSY, EINVAL, Fault, globals, hookOf, hook_, make, NET_EPOCH_ENTER, node_, placeOf, POISON, privateWord,
  send, td_, threadOf, used, type Td,
} from '../../src/netgraph/index.ts'; // prettier-ignore
import { alloc, free, live } from '../../src/netgraph/pool.ts';
import { refcount_acquire, refcount_release } from '../../src/netgraph/count.ts';
import { mtx_lock, mtx_unlock } from '../../src/netgraph/lock.ts';
import { settle, stackOf } from './stack.ts';

describe('what must never happen is noticed', () => {
  it('a record that is freed twice', () => {
    const td = stackOf('lockfree');
    const p = alloc(td, 'private');
    free(td, 'private', p);
    expect(() => free(td, 'private', p)).toThrow(Fault);
    const next = alloc(td, 'private');
    expect(next & 0x1fff).toBe(p & 0x1fff);
    expect(() => free(td, 'private', p)).toThrow('double free');
    expect(() => live(td, 'private', p)).toThrow('after it was freed');
    expect(live(td, 'private', next)).toBe(next);
  });

  it('what is read of a freed record leads nowhere', () => {
    const td = stackOf('lockfree');
    const hook = alloc(td, 'hook');
    free(td, 'hook', hook);
    const poison = Atomics.load(td.arena, at(hook, hook_.hk_peer));
    expect(poison).toBe(POISON);
    expect(() => live(td, 'hook', poison)).toThrow(Fault);
    expect(() => refcount_acquire(td, at(hook, hook_.hk_refs))).toThrow(Fault);
  });

  it('a pool that is empty says so, and gives out again what comes back', () => {
    const td = stackOf('lockfree');
    const all = Array.from({ length: 63 }, () => alloc(td, 'apply'));
    expect(new Set(all).size).toBe(63);
    expect(alloc(td, 'apply')).toBe(0);
    free(td, 'apply', all[7]!);
    expect(alloc(td, 'apply')).toBeGreaterThan(0);
  });

  it('a count below zero', () => {
    const td = stackOf('lockfree');
    const node = make(td, 'hub');
    expect(refcount_release(td, at(node, node_.nd_refs))).toBe(true);
    expect(() => refcount_release(td, at(node, node_.nd_refs))).toThrow(Fault);
  });

  it('a mutex that is given back by another', () => {
    const td = stackOf('lockfree');
    mtx_lock(td, globals.names_mtx);
    expect(() => mtx_unlock(threadOf(td.arena, 1, 'lockfree'), globals.names_mtx)).toThrow('of thread 0');
  });

  it.each([
    ['memory that is lost', (td: Td) => void alloc(td, 'private'), 'hung on nothing'],
    ['an item that is lost', (td: Td) => void alloc(td, 'item'), 'is lost'],
    ['a node that is lost', (td: Td) => void alloc(td, 'node'), 'cannot be found'],
    [
      'a count that is wrong',
      (td: Td) => void Atomics.add(td.arena, at(used(td, 'node')[0]!, node_.nd_refs), 1),
      'nd_refs',
    ],
    [
      'a list that is broken',
      (td: Td) => void Atomics.store(td.arena, at(used(td, 'hook')[0]!, hook_.cle_prev), 0),
      'is broken',
    ],
    [
      'half a link',
      (td: Td) => void Atomics.store(td.arena, at(used(td, 'hook')[0]!, hook_.hk_peer), 8193),
      'leads nowhere',
    ],
    ['an open section', (td: Td) => NET_EPOCH_ENTER(td), 'in a section'],
    ['a lock that is held', (td: Td) => mtx_lock(td, globals.names_mtx), 'names_mtx'],
    ['a packet that is lost', (td: Td) => void Atomics.add(td.arena, at(0, td_.sent), 1), 'packets'],
  ])('%s', (_what, spoil, told) => {
    const td = stackOf('lockfree');
    ask(td, make(td, 'iface'), { cmd: 'mkpeer', hook: 'inet', type: 'hole', peerhook: 'x' });
    settle(td);
    expect(checkArena(td)).toEqual([]);
    spoil(td);
    expect(checkArena(td).join('\n')).toContain(told);
  });
});

describe('a worker that dies in a section', () => {
  it('is told, and its section can be closed by whoever knows that it has ended', () => {
    const td = stackOf('lockfree');
    const dead = attach(td.arena, 3) as Td;
    const source = make(td, 'iface');
    ask(dead, source, { cmd: 'mkpeer', hook: 'inet', type: 'hole', peerhook: 'x' });
    NET_EPOCH_ENTER(dead);
    const hook = hookOf(td, source, 'inet');
    ask(dead, source, { cmd: 'rmhook', hook: 'inet' });
    settle(td);
    expect(advance(td)).toBe(true);
    expect(advance(td)).toBe(false);
    expect(blocker(td)).toBe(3);
    expect(used(td, 'hook')).toContain(hook);
    expect(closeThread(td, 3)).toBe(0);
    expect(blocker(td)).toBe(-1);
    settle(td);
    expect(used(td, 'hook')).toEqual([]);
    expect(checkArena(td)).toEqual([]);
    expect(closeThread(td, 3)).toBe(EINVAL);
    expect(closeThread(td, 0)).toBe(EINVAL);
    expect(typeof attach(td.arena, 3)).toBe('object');
  });

  it('with a mutex in hand has spoilt the arena, and that is said', () => {
    const td = stackOf('lockfree');
    mtx_lock(attach(td.arena, 3) as Td, globals.names_mtx);
    expect(closeThread(td, 3)).toBe(EBUSY);
  });

  it('with the lock of the tables of a nat in hand likewise', () => {
    const td = stackOf('lockfree');
    const dead = attach(td.arena, 3) as Td;
    const priv = Atomics.load(td.arena, at(make(td, 'nat'), node_.nd_private));
    const tables = Atomics.load(td.arena, at(priv, privateWord(3)));
    mtx_lock(dead, at(tables, privateWord(0)));
    expect(closeThread(td, 3)).toBe(EBUSY);
    mtx_unlock(dead, at(tables, privateWord(0)));
    expect(closeThread(td, 3)).toBe(0);
  });
});

describe('the layout', () => {
  it('says of each address what it is', () => {
    const td = threadOf(create('lockfree'), 0, 'lockfree');
    const node = make(td, 'hub');
    expect(placeOf(at(node, node_.nd_refs))).toEqual({ kind: 'node', slot: node & 0x1fff, field: 'nd_refs' });
    expect(placeOf(globals.epoch)).toEqual({ kind: 'global', slot: globals.epoch, field: 'epoch' });
    expect(placeOf(at(5, td_.sent))).toEqual({ kind: 'thread', slot: 5, field: 'sent' });
    expect(send(td, node, 1)).toBe(EINVAL);
  });
});
