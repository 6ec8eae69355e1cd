import { escaped, sheet } from './page.ts';

/** One line of a table of contents: what was judged, how, and the page that shows the run if there is one. */
export type Entry = {
  readonly title: string;
  /** Whether there is something to worry about, said by `verdict` in words as well. */
  readonly good: boolean;
  readonly verdict: string;
  readonly message: string;
  /** The name of the page's file, in the same directory. */
  readonly page: string | null;
};

/** The page from which the others are reached; it has no script. What is not good stands first. */
export const contentsPage = (headline: string, groups: Readonly<Record<string, readonly Entry[]>>): string =>
  sheet(
    headline,
    `<header class="head"><h1>${escaped(headline)}.</h1></header>
<main class="contents">
${Object.entries(groups)
  .filter(([, entries]) => entries.length > 0)
  .map(([name, entries]) => table(name, entries))
  .join('\n')}
</main>`,
  );

const table = (name: string, entries: readonly Entry[]): string => `<h2>${escaped(name)}</h2>
<table>
<thead><tr><th scope="col">What</th><th scope="col">Verdict</th><th scope="col">In words</th></tr></thead>
<tbody>
${[...entries.filter(({ good }) => !good), ...entries.filter(({ good }) => good)].map(row).join('\n')}
</tbody>
</table>`;

const row = ({ title, good, verdict, message, page }: Entry): string => {
  const what = page === null ? escaped(title) : `<a href="${encodeURI(page)}">${escaped(title)}</a>`;
  return `<tr${good ? '' : ' class="wrong"'}><th scope="row">${what}</th><td>${good ? '✓' : '✗'} ${escaped(verdict)}</td><td>${escaped(message)}</td></tr>`;
};
