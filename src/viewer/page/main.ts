import { h, render } from 'preact';
import { App } from '#page/app.ts';
import type { Live, Story } from '#page/form.ts';

/** Draws what the page carries. */
const carried = (id: string): unknown => JSON.parse(document.getElementById(id)!.textContent);

const page = document.getElementById('page')!;
page.replaceChildren();
render(h(App, { story: carried('story') as Story, live: carried('live') as Live | null }), page);
