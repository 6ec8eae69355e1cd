import { readFileSync } from 'node:fs';
import { Complaint } from './complaint.ts';
import { why } from './saving.ts';

/** The value in a JSON file. Throws a Complaint when it cannot be read or is not JSON, with the line where it stops being so. */
export const readJson = (path: string): unknown => {
  const text = readText(path);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Complaint(`${path}: ${notJson(text, error as SyntaxError)}.`);
  }
};

/** The text of a file. Throws a Complaint when it cannot be read. */
export const readText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Complaint(`${path}: cannot be read, ${why(error)}.`);
  }
};

/** V8 says that the text ended too soon, or where it stopped understanding it, or only what it did not expect. */
const notJson = (text: string, { message }: SyntaxError): string => {
  if (text.trim() === '') return 'is empty';
  const position = Number(/at position (\d+)/.exec(message)?.[1] ?? Number.NaN);
  if (/end of JSON input|Unterminated string/.test(message) || position >= text.trimEnd().length)
    return 'is cut off: the JSON text ends before it is complete';
  if (Number.isNaN(position)) return `is not JSON: ${message.split(', ..."')[0]}`;
  const before = text.slice(0, position).split('\n');
  return `is not JSON: line ${before.length}, column ${before.at(-1)!.length + 1} has ${JSON.stringify(text[position])}, which cannot stand there`;
};
