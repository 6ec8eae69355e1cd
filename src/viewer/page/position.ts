/**
 * Where a reader is, as it stands behind the # of the address: so a link leads to a step, and "back" to where one was.
 * `step`: how many steps are done, null at first. `record`: the record that is looked at. `watch`: predicates.
 */
export type Position = {
  readonly step: number | null;
  readonly record: string | null;
  readonly watch: readonly string[];
  /** Of a page that is explored live: the choices so far, as `pathText` writes them. */
  readonly path: string | null;
};

export const positionIn = (hash: string): Position => {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const step = given.get('step');
  return {
    step: step !== null && /^\d+$/.test(step) ? Number(step) : null,
    record: given.get('record'),
    watch: given.getAll('watch'),
    path: given.get('path'),
  };
};

export const hashOf = ({ step, record, watch, path }: Position): string => {
  const said = new URLSearchParams();
  if (path !== null) said.set('path', path);
  if (step !== null) said.set('step', String(step));
  if (record !== null) said.set('record', record);
  for (const text of watch) said.append('watch', text);
  return `#${said.toString().replaceAll('%3A', ':').replaceAll('%2C', ',')}`;
};
