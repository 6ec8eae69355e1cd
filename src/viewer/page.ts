import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entry, importMap } from './module.ts';
import type { Live, Story } from './page/form.ts';

/** What a page can be about beside one run that is over. */
export type PageOptions = {
  /** The run as text, for readers without scripts. */
  readonly transcript: string;
  /** Where a page that is explored live asks for what comes next; null: it asks nobody for anything. */
  readonly live: Live | null;
};

/**
 * A run as one HTML file that needs nothing else: no network, no server, no other file. The policy in its head has the browser see
 * to that, whatever a text of the run may contain.
 */
export const pageOf = (story: Story, { transcript, live }: PageOptions): string =>
  documentOf({
    title: story.property === null ? story.title : `${story.property}: ${story.title}`,
    policy: [...strict, "script-src 'unsafe-inline' data:", `connect-src ${live === null ? "'none'" : "'self'"}`],
    head: `<script type="importmap">${asScript(importMap())}</script>
<script type="application/json" id="story">${asScript(JSON.stringify(story))}</script>
<script type="application/json" id="live">${asScript(JSON.stringify(live))}</script>
`,
    body: `<div id="page">
<h1>${escaped(story.headline)}.</h1>
<noscript><pre>${escaped(transcript)}</pre></noscript>
</div>
<script type="module">import '${entry}';</script>`,
  });

/** A page without a script. */
export const sheet = (title: string, body: string): string => documentOf({ title, policy: strict, head: '', body });

const strict = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
];

type Document = {
  readonly title: string;
  readonly policy: readonly string[];
  readonly head: string;
  readonly body: string;
};

const documentOf = ({ title, policy, head, body }: Document): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escaped(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">
<link rel="icon" href="data:,">
<style>
${style()}</style>
${head}</head>
<body>
${body}
</body>
</html>
`;

const style = (): string => readFileSync(join(import.meta.dirname, 'page', 'page.css'), 'utf8');

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** JSON as it can stand in a script element: a text of the run may contain `</script>`. */
const asScript = (json: string): string => json.replaceAll('<', '\\u003c');
