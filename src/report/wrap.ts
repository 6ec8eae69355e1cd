/** Text broken into lines of at most `atMost` characters, between words where that is possible and else after a `_` or `.`. */
export const wrap = (text: string, atMost: number): readonly string[] => {
  const width = Math.max(atMost, LEAST);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (joined.length <= width) line = joined;
    else {
      if (line !== '') lines.push(line);
      line = word;
      while (line.length > width) {
        const cut = breakpoint(line, width);
        lines.push(line.slice(0, cut));
        line = line.slice(cut);
      }
    }
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
};

/** Narrower than this nothing can be read any more. */
const LEAST = 8;

/** Where a word that is too long is cut: after the last `_`, `.` or `(` that fits, or else where the line ends. */
const breakpoint = (word: string, width: number): number => {
  const cut = Math.max(...['_', '.', '('].map((mark) => word.lastIndexOf(mark, width - 1))) + 1;
  return cut > width / 3 ? cut : width;
};
