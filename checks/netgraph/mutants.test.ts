import { describe, expect, it } from 'vitest';
import * as netgraph from '../../src/netgraph/index.ts';
import type { Td } from '../../src/netgraph/index.ts';
import { withMutant } from './mutant.ts';

/**
 * A graph is used and taken apart while another thread is in a section with a hook in hand. What is wrong with it, in sentences: what
 * `checkArena` says at the end, what was freed under the other thread, and what the library itself found.
 */
const wrongWith = (ng: typeof netgraph): readonly string[] => {
  try {
    return [...use(ng)];
  } catch (thrown) {
    return [String(thrown)];
  }
};

const use = function* (ng: typeof netgraph): Generator<string> {
  const arena = ng.create('lockfree');
  const td = ng.attach(arena, 0) as Td;
  const reader = ng.attach(arena, 1) as Td;
  const source = ng.make(td, 'iface');
  if (ng.post(td, source, { cmd: 'mkpeer', hook: 'inet', type: 'queue', peerhook: 'in' }) !== 0)
    yield 'mkpeer is refused';
  const relay = ng.find(td, `[${ng.idOf(td, source)}]:inet`);
  if (ng.post(td, relay, { cmd: 'mkpeer', hook: 'out', type: 'hole', peerhook: 'x' }) !== 0) yield 'mkpeer is refused';
  const hook = ng.hookOf(td, relay, 'out');
  ng.send(td, source, 1, 2);
  if (ng.serviceQueue(td) !== 2) yield 'two packets were queued, and not as many applied';
  ng.send(td, source, 3);
  ng.NET_EPOCH_ENTER(reader);
  ng.NET_EPOCH_ENTER(reader);
  // Both ends of a link are told to destroy it while the gate of one is closed, so that comes twice there.
  Atomics.store(arena, ng.at(source, ng.node_.q_flags), 1);
  ng.post(td, source, { cmd: 'rmhook', hook: 'inet' });
  if (ng.post(td, relay, { cmd: 'shutdown' }) !== 0) yield 'the shutdown is refused';
  Atomics.and(arena, ng.at(source, ng.node_.q_flags), ~1);
  ng.post(td, source, { cmd: 'rmhook', hook: 'inet' });
  ng.NET_EPOCH_EXIT(reader);
  for (let i = 0; i < 4; i++) ng.serviceQueue(td);
  if (!ng.used(td, 'hook').includes(hook)) yield 'a hook was freed under a section';
  ng.NET_EPOCH_EXIT(reader);
  for (let i = 0; i < 12; i++) ng.serviceQueue(td);
  if (ng.used(td, 'hook').length > 0) yield 'hooks are left';
  if (ng.used(td, 'node').length !== 1) yield 'nodes are left';
  yield* ng.checkArena(td);
};

describe('a graph that is taken apart under a section', () => {
  it('is given back, all of it, when the section has closed', () => {
    expect(wrongWith(netgraph)).toEqual([]);
  });

  it.each([
    ['memory is given back at once', 'epoch.ts', 'const GRACE = 2;', 'const GRACE = 0;'],
    [
      'the epoch moves on under a section',
      'epoch.ts',
      'if (section !== 0 && section >>> EPOCH_BITS !== epoch) return false;',
      '',
    ],
    ['a nested section closes the outer one', 'epoch.ts', '(section & DEPTH) === 1 ? 0 : section - 1', '0'],
    ['a list holds no reference on its hooks', 'addhook.ts', 'refcount_acquire(td, at(hook, hook_.hk_refs));', ''],
    ['a link is divorced without giving back a reference', 'destroy.ts', '  ng_unref_hook(td, peer);\n', ''],
    [
      'a hook keeps its node for ever',
      'reference.ts',
      "free(td, 'hook', hook);\n  ng_unref_node(td, node);",
      "free(td, 'hook', hook);",
    ],
    ['a hook is destroyed twice', 'destroy.ts', 'if (hk_flags & HK_DESTROYED)', 'if (hk_flags < 0)'],
    ['the private memory of a node is not freed', 'reference.ts', '.nodefree?.(td, node);', ';'],
    ['a node stays in the hash', 'rmnode.ts', '  unhash(td, node);\n', ''],
    [
      'a packet is queued without a reference',
      'send.ts',
      'if (!refcount_acquire_if_not_zero(td, at(hook, hook_.hk_refs))) return drop(td);',
      '',
    ],
    [
      'a queue that is empty is still pending',
      'queue.ts',
      '  Atomics.and(arena, at(node, node_.q_flags), ~OP_PENDING);\n',
      '',
    ],
    [
      'a writer does not leave the gate',
      'queue.ts',
      'Atomics.and(arena, at(node, node_.q_flags), ~WRITER_ACTIVE);',
      'void [arena, node];',
    ],
  ])('shows when %s', async (_what, file, from, to) => {
    expect(await withMutant({ file, from, to }, (ng) => wrongWith(ng).length)).toBeGreaterThan(0);
  });
});
