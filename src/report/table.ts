import Table from 'cli-table3';

/**
 * A table that grows while the checks run: its widths are settled before the first row is known, so each row can be shown
 * at once.
 */
export type Column = { readonly title: string; readonly width: number; readonly align: 'left' | 'right' };

export type GrowingTable = {
  readonly head: () => string;
  /** One row; the lines of `note` stand below it, from the second column on. */
  readonly row: (cells: readonly string[], note: readonly string[]) => string;
  /** Where the second column begins. */
  readonly indent: number;
};

const gap = 2;
const edges =
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle';
/** No lines drawn: the text can be copied into a mail, and no character is needed that a console may lack. */
const bare = Object.fromEntries(edges.split(' ').map((edge) => [edge, '']));

export const growingTable = (columns: readonly Column[]): GrowingTable => {
  const indent = columns[0]!.width + gap;
  const line = (cells: readonly string[]): string => {
    const table = new Table({
      chars: bare,
      colWidths: columns.map(({ width }) => width + gap),
      colAligns: columns.map(({ align }) => align),
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap },
    });
    table.push([...cells]);
    return table.toString().trimEnd();
  };
  return {
    head: () => line(columns.map(({ title }) => title)),
    row: (cells, note) => [line(cells), ...note.map((text) => ' '.repeat(indent) + text)].join('\n'),
    indent,
  };
};

/** The width of a whole line. */
export const widthOf = (columns: readonly Column[]): number =>
  columns.reduce((sum, { width }) => sum + width, gap * (columns.length - 1));

/** The width that the longest of the texts needs. */
export const widest = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length));
