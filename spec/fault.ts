/** What is wrong with a scenario that its schema allows. `path` is a JSON pointer; the message goes on from it. */
export class ScenarioError extends Error {
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.name = 'ScenarioError';
    this.path = path;
  }
}

/** `"a", "b"`, or `none`. */
export const listed = (names: Iterable<string>): string => {
  const all = [...names];
  return all.length === 0 ? 'none' : all.map((name) => `"${name}"`).join(', ');
};

/** A JSON pointer made of its parts. */
export const pointerTo = (...parts: readonly (string | number)[]): string =>
  parts.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
