import { NGF_INVALID } from './flags.ts';
import { at, hook_, node_, privateWord, type Pointer } from './layout.ts';
import { alloc, free, live } from './pool.ts';
import { ng_rmnode_self } from './rmnode.ts';
import { ENOMEM, type Td } from './td.ts';

/** Memory that a type hangs on its nodes or hooks, and what most types do with it. */

/** A node's private data, all 0. Returns an error number. Also the constructor of types that need nothing else. */
export function hangOnNode(td: Td, node: Pointer): number {
  return hang(td, at(node, node_.nd_private));
}

/** The same for a hook. */
export const hangOnHook = (td: Td, hook: Pointer): number => hang(td, at(hook, hook_.hk_private));

function hang(td: Td, word: number): number {
  const priv = alloc(td, 'private');
  if (priv === 0) return ENOMEM;
  Atomics.store(td.arena, word, priv);
  return 0;
}

/** nodefree: frees it, with the node. One that was never made is 0. */
export function freeWithNode(td: Td, node: Pointer): void {
  const priv = Atomics.load(td.arena, at(node, node_.nd_private));
  if (priv !== 0) free(td, 'private', priv);
}

/** hookfree. */
export function freeWithHook(td: Td, hook: Pointer): void {
  const priv = Atomics.load(td.arena, at(hook, hook_.hk_private));
  if (priv !== 0) free(td, 'private', priv);
}

/** The private data of the node of a hook: three loads. */
export function privateOf(td: Td, hook: Pointer): Pointer {
  const node = Atomics.load(td.arena, at(hook, hook_.hk_node));
  return live(td, 'private', Atomics.load(td.arena, at(node, node_.nd_private)));
}

/** NG_HOOK_PRIVATE. */
export const privateOfHook = (td: Td, hook: Pointer): Pointer =>
  live(td, 'private', Atomics.load(td.arena, at(hook, hook_.hk_private)));

export const read = ({ arena }: Td, priv: Pointer, word: number): number =>
  Atomics.load(arena, at(priv, privateWord(word)));
export const write = ({ arena }: Td, priv: Pointer, word: number, value: number): void => {
  Atomics.store(arena, at(priv, privateWord(word)), value);
};
/** A plain counter: two threads at a time can count once. */
export const increment = (td: Td, priv: Pointer, word: number): void =>
  write(td, priv, word, (read(td, priv, word) + 1) | 0);

/** Sets a flag of a hook, by a plain load and store. */
export const raise = ({ arena }: Td, hook: Pointer, flag: number): void => {
  Atomics.store(arena, at(hook, hook_.hk_flags), Atomics.load(arena, at(hook, hook_.hk_flags)) | flag);
};

/** What many types do when a hook has gone: without hooks the node goes, unless it is going. The node is loaded for each question, as in C. */
export function goIfAlone(td: Td, hook: Pointer): void {
  const { arena } = td;
  const node = (): Pointer => Atomics.load(arena, at(hook, hook_.hk_node));
  if (Atomics.load(arena, at(node(), node_.nd_numhooks)) !== 0) return;
  if ((Atomics.load(arena, at(node(), node_.nd_flags)) & NGF_INVALID) === 0) ng_rmnode_self(td, node());
}
