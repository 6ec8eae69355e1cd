import { cLine, specLine, type Place } from '../../machine/place.ts';
import { actionOf, type Frame } from './frame.ts';

/**
 * Steps by name: procedure, access, and which one it is among the like accesses in the text of that procedure, such as
 * `bremfree: load b_next #2`. A name is made of nothing that moves when other parts of the text change.
 */
export type Label = {
  readonly name: string;
  /** C line, `subr_x.c:3657`, or ''. */
  readonly c: string;
  /** Line of the specification, relative to the root of the project. */
  readonly spec: string;
  /** The access and its place in the text: the same in every design, while the number in the name is not. */
  readonly at: string;
};

/** The labels of a set of frames: one object for each access in the text, and the label of each frame that has one. */
export const labelFrames = (
  frames: readonly Frame[],
): { readonly labels: readonly Label[]; readonly of: (frame: Frame) => Label } => {
  const byAccess = new Map<string, Map<string, Frame>>();
  for (const frame of frames) {
    if (frame.pending.kind !== 'operation') continue;
    const access = accessName(frame, frame.pending.place);
    const places = byAccess.get(access) ?? new Map<string, Frame>();
    byAccess.set(access, places);
    const key = placeKey(frame.pending.place);
    if (!places.has(key)) places.set(key, frame);
  }
  const labels = new Map<string, Label>();
  for (const [access, places] of byAccess) {
    const inOrder = [...places.entries()].toSorted(([, a], [, b]) => compare(placeOf(a), placeOf(b)));
    inOrder.forEach(([key, frame], i) => {
      const name = inOrder.length === 1 ? access : `${access} #${i + 1}`;
      labels.set(`${access} ${key}`, label(name, frame));
    });
  }
  return {
    labels: [...labels.values()],
    of: (frame) => labels.get(`${accessName(frame, placeOf(frame))} ${placeKey(placeOf(frame))}`)!,
  };
};

/** The name of a step without which of the like accesses it is. */
export const unnumbered = (name: string): string => name.replace(/ #\d+$/, '');

const label = (name: string, frame: Frame): Label => {
  const place = placeOf(frame);
  return {
    name,
    c: cLine(place, frame.instance.procedure.source),
    spec: specLine(place),
    at: `${accessName(frame, place)} ${placeKey(place)}`,
  };
};

const placeOf = (frame: Frame): Place =>
  frame.pending.kind === 'operation' ? frame.pending.place : { procedure: '', file: '', line: 0, column: 0 };
const accessName = (frame: Frame, place: Place): string => `${place.procedure}: ${actionOf(frame)}`;
const placeKey = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;
const compare = (a: Place, b: Place): number => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column;
