import { at, MESG_WORDS, mesg_, mesgWord, type Pointer } from './layout.ts';
import { alloc, free, live } from './pool.ts';
import type { Td } from './td.ts';

/**
 * Answers to messages (the struct ng_mesg of NG_MKRESPONSE): numbers, one after the other, in records of which each leads to the next. Who owns the item or
 * the apply that an answer hangs on owns it, so nobody else looks into it.
 */

/** Memory for an answer of so many numbers, all 0; 0 when there is none. */
export function makeAnswer(td: Td, length: number): Pointer {
  let answer = 0;
  for (let room = 0; room < length || answer === 0; room += MESG_WORDS) {
    const part = alloc(td, 'mesg');
    if (part === 0) {
      freeAnswer(td, answer);
      return 0;
    }
    Atomics.store(td.arena, at(part, mesg_.m_next), answer);
    answer = part;
  }
  Atomics.store(td.arena, at(answer, mesg_.m_len), length);
  return answer;
}

export const lengthOf = ({ arena }: Td, answer: Pointer): number => Atomics.load(arena, at(answer, mesg_.m_len));

/** Gives the memory of an answer back (NG_FREE_MSG). NULL has none. */
export function freeAnswer(td: Td, answer: Pointer): void {
  for (let part = answer; part !== 0;) {
    const next = Atomics.load(td.arena, at(part, mesg_.m_next));
    free(td, 'mesg', part);
    part = next;
  }
}

/** Where in an answer the next number goes, or comes from. */
export type Place = { part: Pointer; index: number };

export const beginOf = (answer: Pointer): Place => ({ part: answer, index: 0 });

/** Steps over to the next number. @returns the address of this one. */
function step(td: Td, place: Place): number {
  if (place.index === MESG_WORDS) {
    place.part = Atomics.load(td.arena, at(live(td, 'mesg', place.part), mesg_.m_next));
    place.index = 0;
  }
  return at(place.part, mesgWord(place.index++));
}

export function put(td: Td, place: Place, number: number): void {
  Atomics.store(td.arena, step(td, place), number);
}

export const take = (td: Td, place: Place): number => Atomics.load(td.arena, step(td, place));
