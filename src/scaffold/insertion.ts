import { Complaint } from '../complaint.ts';

/** A text put into source that people edit, too: found by the line that opens the place, so that it survives whatever stands around it. */

/**
 * Puts `added` at the end of the list or object that begins with the line `opening`, which is written over several lines or is empty.
 * Throws a Complaint when `source` has no such line or has it twice.
 */
export const atEndOf = (source: string, opening: string, added: string, path: string): string => {
  const empty = `${opening}${closing(opening)}`;
  if (source.split(`${empty};`).length === 2)
    return source.replace(`${empty};`, () => `${opening}\n${added}\n${closing(opening)};`);
  const [before, rest, more] = source.split(`${opening}\n`);
  const end = rest?.search(new RegExp(`^\\${closing(opening)}`, 'm')) ?? -1;
  if (more !== undefined || end < 0) throw new Complaint(`${path}: there is no line "${opening}" to write below.`);
  return `${before}${opening}\n${rest!.slice(0, end)}${added}\n${rest!.slice(end)}`;
};

const closing = (opening: string): string => (opening.endsWith('[') ? ']' : '}');

/** Puts an import behind the last one of `source`. */
export const importing = (source: string, line: string): string => {
  const last = [...source.matchAll(/^(?:import |\} from ).*;$/gm)].at(-1);
  const end = last === undefined ? 0 : last.index + last[0].length + 1;
  return `${source.slice(0, end)}${line}\n${source.slice(end)}`;
};
