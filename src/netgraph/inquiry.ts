import { beginOf, freeAnswer, take, type Place } from './answer.ts';
import type { Pointer } from './layout.ts';
import type { Question } from './mesg.ts';
import { typeNames, type TypeName } from './ngtype.ts';
import { askFor } from './operation.ts';
import type { Td } from './td.ts';
import { textOf } from './text.ts';

/**
 * Questions to a node, or to what is at the end of a path. Each waits for the answer and meanwhile serves queues, so it is to be called outside sections. What is told
 * was so at one moment or another of the time that it took. Where a function returns a number, that is an error number as of `ask`.
 */

/** What is told of a node. Without a name that is ''. Of a link that has just been taken apart the other node is `dead`, with the ID 0. */
export type NodeLine = {
  readonly name: string;
  readonly type: TypeName | 'dead';
  readonly ID: number;
  /** How many hooks it has. */
  readonly hooks: number;
};

/** What is told of a link: its name here, its name there, and the node there. */
export type LinkLine = { readonly ourhook: string; readonly peerhook: string; readonly node: NodeLine };

/** The node itself (NGM_NODEINFO). */
export const nodeinfo = (td: Td, to: Pointer | string): NodeLine | number =>
  inquire(td, to, 'nodeinfo', (place) => nodeLine(td, place));

/** The node and its links (NGM_LISTHOOKS); `hooks` is how many links are told. */
export const listhooks = (
  td: Td,
  to: Pointer | string,
): { readonly node: NodeLine; readonly links: readonly LinkLine[] } | number =>
  inquire(td, to, 'listhooks', (place) => {
    const node = nodeLine(td, place);
    return { node, links: Array.from({ length: node.hooks }, () => linkLine(td, place)) };
  });

/** All nodes (NGM_LISTNODES), whichever is asked. */
export const listnodes = (td: Td, to: Pointer | string): readonly NodeLine[] | number =>
  inquire(td, to, 'listnodes', (place) => nodeLines(td, place));

/** All nodes that have a name (NGM_LISTNAMES). */
export const listnames = (td: Td, to: Pointer | string): readonly NodeLine[] | number =>
  inquire(td, to, 'listnames', (place) => nodeLines(td, place));

/** What is told of a type: how many nodes are of it whose memory has not gone yet. */
export type TypeLine = { readonly type: TypeName; readonly nodes: number };

/** All types (NGM_LISTTYPES), whichever node is asked. */
export const listtypes = (td: Td, to: Pointer | string): readonly TypeLine[] | number =>
  inquire(td, to, 'listtypes', (place) =>
    Array.from({ length: take(td, place) }, () => ({
      type: typeNames[take(td, place)] as TypeName,
      nodes: take(td, place),
    })),
  );

/** What a tee has counted, in and out together: at "right", "left", "right2left" and "left2right". EINVAL of a type that does not tell. */
export const teestats = (td: Td, to: Pointer | string): readonly number[] | number =>
  inquire(td, to, 'stats', (place) => Array.from({ length: 4 }, () => take(td, place)));

/** What the interface of an ether is called (NGM_ETHER_GET_IFNAME). ENXIO when it has none any more, EINVAL of another type. */
export const etherifname = (td: Td, to: Pointer | string): string | number =>
  inquire(td, to, 'ifname', (place) => textOf(td, take(td, place)));

function inquire<T>(td: Td, to: Pointer | string, cmd: Question, read: (place: Place) => T): T | number {
  const { error, made: answer } = askFor(td, to, { cmd });
  if (answer === 0) return error;
  const told = read(beginOf(answer));
  freeAnswer(td, answer);
  return told;
}

function nodeLine(td: Td, place: Place): NodeLine {
  const name = textOf(td, take(td, place));
  const type = typeNames[take(td, place)]!;
  const ID = take(td, place);
  return { name, type, ID, hooks: take(td, place) };
}

function linkLine(td: Td, place: Place): LinkLine {
  const ourhook = textOf(td, take(td, place));
  const peerhook = textOf(td, take(td, place));
  return { ourhook, peerhook, node: nodeLine(td, place) };
}

function nodeLines(td: Td, place: Place): readonly NodeLine[] {
  const length = take(td, place);
  return Array.from({ length }, () => nodeLine(td, place));
}
