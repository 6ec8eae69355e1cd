import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileOf } from '../cli/command.ts';
import { chromiumPath, openBrowser } from './browser.ts';
import { files, tell } from './stories.ts';

/** The page in a real browser; skipped, and seen to be, where no Chromium is installed. */
describe.skipIf(chromiumPath === null)('the page in Chromium', () => {
  const { page: html, story } = tell(files[0]!);
  const last = story.steps.length;
  let browser: Browser;
  let page: Page;
  const noises: string[] = [];
  const address = pathToFileURL(fileOf(html, 'run.html')).href;

  const open = async (hash = '', options: Parameters<Browser['newPage']>[0] = {}, where = address): Promise<void> => {
    await page?.close();
    noises.length = 0;
    page = await browser.newPage({ viewport: { width: 1400, height: 900 }, ...options });
    page.on('console', (message) => noises.push(message.text()));
    page.on('pageerror', (error) => noises.push(error.message));
    page.on('request', (request) => void (/^(?:data|file):/.test(request.url()) || noises.push(request.url())));
    await page.goto(where + hash);
    await page.waitForSelector('.steps');
  };
  const current = (): Promise<string> => page.locator('[aria-current] .number').innerText();
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))));
  };

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => browser?.close());

  it('opens from a file without a word in the console and without asking anybody, at the failure', async () => {
    await open();
    expect(noises).toEqual([]);
    expect(await current()).toBe(String(last));
    expect(await page.locator('h1').innerText()).toBe(`✗ ${story.headline}.`);
    expect(await page.locator('h1').isVisible()).toBe(true);
  });

  it('shows every step of the run as the run has it, and what has changed then', async () => {
    await open('#step=0');
    for (const [i, step] of story.steps.entries()) {
      await press('j');
      await page.waitForSelector(`[data-step="${i + 1}"][aria-current]`);
      const shown = await page.evaluate(() => ({
        number: document.querySelector('[aria-current] .number')!.textContent,
        told: document.querySelector('[aria-current] .told')!.textContent,
        did: document.querySelector('.did')!.textContent,
        changes: [...document.querySelectorAll('.changes tr')].map((row) =>
          [...row.children].map(({ textContent }) => textContent).join(' '),
        ),
      }));
      expect(shown.number).toBe(String(i + 1));
      expect(shown.told).toContain(step.texts[0]!);
      expect(shown.did).toContain(`${story.cpus[step.cpu]!.name}: ${step.texts[0]}`);
      expect(shown.changes).toEqual(
        step.changes.map(({ record, field, from, to }) => {
          const name = story.records[record]!.name;
          return `${name}${field === '' ? '' : `.${field}`} ${from === '' ? '–' : from} → ${to === '' ? '–' : to}`;
        }),
      );
    }
    expect(noises).toEqual([]);
  });

  it('is walked with the keyboard alone', async () => {
    await open('#step=30');
    await press('k');
    expect(await current()).toBe('29');
    await press('J');
    const { cpu } = story.steps[28]!;
    expect(await current()).toBe(String(story.steps.findIndex((step, i) => i > 28 && step.cpu === cpu) + 1));
    await press('g');
    expect(await current()).toBe('0');
    await press('k');
    expect(await current()).toBe('0');
    await press('j', 'j', 'j', 'j', 'j');
    expect(await current()).toBe('5');
    await press('x');
    expect(await current()).toBe(String(last));
    await press('?');
    expect(await page.getByRole('dialog').isVisible()).toBe(true);
    await press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('opens at the end where only that is wrong, and calls no step wrong', async () => {
    const lost = tell(files[2]!);
    await open('', {}, pathToFileURL(fileOf(lost.page, 'lost.html')).href);
    expect(noises).toEqual([]);
    expect(await current()).toBe(String(lost.story.steps.length));
    expect(await page.locator('h1').innerText()).toBe('✗ At the end item1 is lost.');
    expect(await page.locator('.row.wrong, h2.wrong').count()).toBe(0);
    expect(await page.locator('.run .end').innerText()).toBe(`✗ ${lost.story.end}`);
    expect(await page.locator('.now .end').innerText()).toBe(`✗ ${lost.story.end}`);
    await page.locator('.causes a').first().click();
    expect(await current()).toBe(String(lost.story.causes[0]!.step));
    expect(await page.locator('.now .end').count()).toBe(0);
    expect(await page.evaluate(faintTexts)).toEqual([]);
  });

  it('has an address for every step, and follows one', async () => {
    await open('#step=12');
    expect(await current()).toBe('12');
    await press('j');
    expect(page.url()).toBe(`${address}#step=13`);
    await page.locator('.causes a').first().click();
    expect(await current()).toBe(String(story.causes[0]!.step));
  });

  it('shows what memory holds: a record of the picture, and who wrote its fields', async () => {
    await open(`#step=${last}&record=B:b`);
    const card = await page.locator('.record').innerText();
    expect(card).toContain('Hook, live');
    expect(card.replaceAll(/\s+/g, ' ')).toContain('hk_peer ng_deadhook step 42');
    expect(await page.locator('.node.touched, .chip.touched').count()).toBe(1);
  });

  it('watches a predicate, and keeps it in the address', async () => {
    await open();
    await press('/');
    await page.keyboard.type("'B:b'.hk_peer == ng_deadhook");
    await press('Enter');
    const bar = page.locator('.band.watched .bar.true');
    expect(await bar.getAttribute('title')).toBe(`steps 42 to ${last}: true`);
    expect(page.url()).toContain('watch=');
    await page.locator('#watch').fill('B.nd_reffs > 1');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('alert').innerText()).toContain('no field "nd_reffs"');
  });

  it.each(['light', 'dark'] as const)(
    'can be read in %s: every text stands out from its ground',
    async (colorScheme) => {
      await open('#step=42', { colorScheme });
      expect(await page.evaluate(faintTexts)).toEqual([]);
    },
  );

  it.each([400, 700, 1400])('fits a window of %i pixels', async (width) => {
    await open('#step=42', { viewport: { width, height: 900 } });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    expect(await page.getByRole('button', { name: 'one step on' }).isVisible()).toBe(true);
  });

  it('keeps apart what its legend says, and has the keys at the edge', async () => {
    await open();
    const boxes = await page.locator('.legend > span').all();
    const edges = await Promise.all(boxes.map(async (box) => (await box.boundingBox())!));
    expect(edges).toHaveLength(3);
    for (const [i, { x }] of edges.entries())
      if (i > 0) expect(x - edges[i - 1]!.x - edges[i - 1]!.width).toBeGreaterThan(12);
    const keys = (await page.locator('.head .quiet').boundingBox())!;
    expect(1400 - keys.x - keys.width).toBeLessThan(40);
  });

  it('is a transcript where scripts are not allowed', async () => {
    await page?.close();
    const context = await browser.newContext({ javaScriptEnabled: false });
    page = await context.newPage();
    await page.goto(address);
    expect(await page.locator('noscript pre, pre').first().innerText()).toContain(
      '70 │  ng_hole.c:207 ✗ load frames of B:b.private',
    );
  });
});

/** Runs in the page: texts whose contrast with what is behind them is less than 4.5 to 1, as WCAG counts it. */
const faintTexts = (): readonly string[] => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
  const rgba = (color: string): readonly number[] => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (color: readonly number[]): number => {
    const [r, g, b] = color.slice(0, 3).map((value) => {
      const share = value / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element: Element | null): readonly number[] => {
    for (let at = element; at !== null; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll('#page *')]
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent!.trim() !== ''))
    .filter((element) => !element.matches(':disabled, svg *'))
    .filter((element) => {
      const [text, behind] = [light(rgba(getComputedStyle(element).color)), light(ground(element))];
      return (Math.max(text, behind) + 0.05) / (Math.min(text, behind) + 0.05) < 4.5;
    })
    .map((element) => `${element.className}: ${element.textContent!.slice(0, 40)}`);
};
