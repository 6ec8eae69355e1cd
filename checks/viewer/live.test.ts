import { request } from 'node:http';
import type { Server } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsMade } from '../../spec/properties.ts';
import { findScenario } from '../../src/command/catalogue.ts';
import { deskOf } from '../../src/command/explore.ts';
import { usualSearch, worldOf } from '../../src/command/jobs/job.ts';
import { check } from '../../src/explore/check.ts';
import { serve } from '../../src/live/server.ts';
import type { Story, Turn } from '../../src/viewer/page/form.ts';
import { choicesIn, pathText, type Choice } from '../../src/viewer/page/path.ts';
import { History } from '../../src/viewer/page/history.ts';
import { momentIn, understand } from '../../src/viewer/page/predicate.ts';
import { ended, fileOf, run, start } from '../cli/command.ts';
import { race } from '../cli/scenarios.ts';
import { chromiumPath, openBrowser } from './browser.ts';

/** `netgraph-mc explore`: the page, live. */
const scenario = 'packet-shutdown';
const design = 'gsoc23';
const asked = { scenario, design, off: [], path: '', timeout: 60, port: 0 };

let url: URL;
let server: Server;
beforeAll(async () => {
  const served = await serve(deskOf(asked), 0);
  url = new URL(served.url);
  server = served.server;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

type Reply = { readonly status: number; readonly text: string };

const send = (change: { path?: string; method?: string; headers?: Record<string, string>; body?: string }) =>
  new Promise<Reply>((resolve, reject) => {
    const { path = `/${url.search}`, method = 'GET', headers = {}, body = '' } = change;
    request(
      { host: '127.0.0.1', port: url.port, path, method, headers: { host: url.host, ...headers } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode!, text }));
      },
    )
      .on('error', reject)
      .end(body);
  });

const ask = async (question: unknown): Promise<Reply> => send({ method: 'POST', body: JSON.stringify(question) });
const story = async (path: string, until?: unknown): Promise<Story> => {
  const { status, text } = await ask({ path, ...(until === undefined ? {} : { until }) });
  expect(status, text).toBe(200);
  return JSON.parse(text) as Story;
};
const choicesAlong = (path: string): readonly Choice[] => choicesIn(path) as readonly Choice[];
const possible = ({ next }: Story): readonly Turn[] =>
  next.filter(({ outlook }) => outlook === 'goes on' || outlook === 'fails');

describe('the server', () => {
  it('listens on this machine only, at an address that nobody can guess', () => {
    expect(url.href).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[0-9a-f]{32}$/);
    expect(server.address()).toMatchObject({ address: '127.0.0.1' });
  });

  it.each([
    ['without the token', { path: '/' }, 403],
    ['with another token', { path: `/?token=${'0'.repeat(32)}` }, 403],
    ['for a name that leads here', { headers: { host: 'example.org' } }, 403],
    ['from a page of another origin', { method: 'POST', headers: { origin: 'https://example.org' } }, 403],
    ['with another method', { method: 'DELETE' }, 405],
    ['with what is no JSON', { method: 'POST', body: '{' }, 400],
    ['with more than any path is long', { method: 'POST', body: `"${'x'.repeat(200_000)}"` }, 400],
  ])('turns away a request %s', async (_, change, status) => expect((await send(change)).status).toBe(status));

  it('turns away a request for another page', async () =>
    expect((await send({ path: `/other${url.search}` })).status).toBe(404));

  it.each([
    [{}, 'lacks "path"'],
    [{ path: '0xx' }, 'is no path'],
    [{ path: 'zz' }, '"zz" is no path: it should be like 26x0.43x1'],
    [{ path: '9999x0' }, '"9999x0" is too long a path: it can have 5000 steps'],
    [{ path: '', until: 'dawn' }, 'can only be "failure"'],
    [{ path: '', until: { holds: 'Q.nd_refs' } }, 'no record "Q"'],
  ])('says what is wrong with the question %j', async (question, complaint) => {
    const { status, text } = await ask(question);
    expect(status).toBe(400);
    expect((JSON.parse(text) as { complaint: string }).complaint).toContain(complaint);
  });
});

describe('a path', () => {
  it('leads one step on by each step that it is said is possible, and by no other', async () => {
    const path = '3x0.2x1';
    const here = await story(path);
    expect(here.steps).toHaveLength(5);
    expect(possible(here).length).toBeGreaterThan(1);
    for (const turn of here.next) {
      const there = await story(pathText([...choicesAlong(path), turn]));
      const goesOn = turn.outlook === 'goes on' || turn.outlook === 'fails';
      expect(there.steps).toHaveLength(goesOn ? 6 : 5);
      if (goesOn) expect(there.steps[5]).toMatchObject({ cpu: turn.cpu, step: turn.step, c: turn.c });
      else expect(there.headline).toMatch(/cannot go on/);
    }
  });

  it('ends, and says why, at a step that needs more than the scenario has', () => {
    const desk = deskOf({ ...asked, scenario: fileOf({ ...race, packets: 0 }) });
    const walk = (path: string): Story => {
      const here = desk.answer({ path }) as Story;
      const short = here.next.find(({ outlook }) => outlook === 'bound');
      const turn = short ?? here.next.find(({ outlook }) => outlook === 'goes on')!;
      const there = pathText([...choicesAlong(path), turn]);
      return short === undefined ? walk(there) : (desk.answer({ path: there }) as Story);
    };
    const there = walk('');
    expect(there.headline).toContain('the scenario reserves no more of them');
    expect(there.property).toBeNull();
    expect(there.steps.at(-1)!.changes).toEqual([]);
  });

  it('is a word and comes back from it', () => {
    const choices = [0, 0, 0, 1, 3, 3].map((cpu, i) => ({ cpu, picks: i > 3 ? [1, 0] : [] }));
    expect(pathText(choices)).toBe('3x0.1.2x3:1,0');
    expect(choicesIn(pathText(choices))).toEqual(choices);
    expect(choicesIn('')).toEqual([]);
  });

  it('has an end to what a path can say', () => {
    expect(choicesIn('5000x0')).toHaveLength(5000);
  });

  it('goes on to the next failure by as few steps as a check finds one by', async () => {
    const { scenario: definition } = findScenario(scenario);
    const claims = claimsMade(definition, undefined);
    const found = check(worldOf({ scenario: definition, design, off: [] }), claims, { ...usualSearch, budget: {} });
    const there = await story('', 'failure');
    expect(there.property).toBe(found.property);
    expect(there.steps).toHaveLength(found.trace!.steps.length);
    const { status, text } = await ask({ path: pathText(there.steps), until: 'failure' });
    expect([status, text]).toEqual([400, expect.stringContaining('no way there from here')]);
  });

  it('goes on to where a predicate holds, and it holds there first', async () => {
    const text = "'B:b'.hk_flags & HK_INVALID && sections(CPU0) > 0";
    const there = await story('3x1', { holds: text });
    const predicate = understand(text, there);
    const history = new History(there);
    const truths = Array.from({ length: history.last + 1 }, (_, at) => predicate(momentIn(history, at)));
    expect(truths.indexOf(true)).toBe(history.last);
    expect(there.steps.slice(0, 3).map(({ cpu }) => cpu)).toEqual([1, 1, 1]);
    expect(there.property).toBeNull();
  });

  it('says so where nothing leads there', async () => {
    const { status, text } = await ask({ path: '', until: { holds: 'W.nd_refs > 14' } });
    expect(status).toBe(400);
    expect(text).toContain('There is no way there from here');
  });
});

describe('the command', () => {
  it('prints the address, and the page there begins where it was asked to', async () => {
    const child = start(['explore', scenario, '--design', design, '--path', '2x0.1']);
    const address = await new Promise<string>((resolve, reject) => {
      child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()));
      child.once('close', () => reject(new Error('it ended')));
    });
    const page = await (await fetch(address)).text();
    expect(page).toContain('"headline":"Nothing has gone wrong yet: choose who goes on"');
    expect(page).toContain(`npx netgraph-mc explore ${scenario} --design ${design} --path 2x0.1`);
    child.kill('SIGINT');
    expect((await ended(child)).code).toBeNull();
  });

  it.each([
    [['explore', 'packet-shutdwn'], 'There is no scenario "packet-shutdwn". Did you mean "packet-shutdown"?'],
    [['explore', scenario, '--design', 'upstraem'], 'Did you mean "upstream"?'],
    [['explore', scenario, '--path', 'north'], '"north" is no path'],
  ])('%j is bad input', async (args, complaint) => {
    const { code, err } = await run(...args);
    expect(code).toBe(3);
    expect(err).toContain(complaint);
  });
});

describe.skipIf(chromiumPath === null)('the live page in Chromium', () => {
  let browser: Browser;
  let page: Page;
  const noises: string[] = [];
  beforeAll(async () => {
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.on('console', (message) => noises.push(message.text()));
    page.on('pageerror', (error) => noises.push(error.message));
    await page.goto(url.href);
    await page.waitForSelector('.choose');
  });
  afterAll(async () => browser?.close());
  const steps = (): Promise<number> => page.locator('[data-step]').count();
  const until = (count: number): Promise<unknown> =>
    page.waitForFunction(
      (n) =>
        document.querySelectorAll('[data-step]').length === n &&
        document.querySelector('.choose')?.getAttribute('aria-busy') === 'false',
      count,
    );

  it('takes the step whose button or number is pressed, and back', async () => {
    const [first] = possible(await story(''));
    await page.locator('.choose li button').first().click();
    await until(1);
    expect(await page.locator('[aria-current] .told').innerText()).toContain(
      (await story(String(first!.cpu))).steps[0]!.texts[0]!,
    );
    await page.keyboard.press('2');
    await until(2);
    await page.keyboard.press('u');
    await until(1);
    expect(new URL(page.url()).hash).toBe(`#path=${first!.cpu}`);
  });

  it('goes another way from an earlier step', async () => {
    await page.keyboard.press('1');
    await until(2);
    await page.keyboard.press('g');
    await page.locator('.choose li button').nth(1).click();
    await until(1);
    expect(new URL(page.url()).hash).toBe('#path=1');
  });

  it('runs to the next failure, and the address leads there again', async () => {
    const there = await story('1', 'failure');
    await page.getByRole('button', { name: 'Run to the next failure' }).click();
    await until(there.steps.length);
    expect(await page.locator('h1').innerText()).toBe(`✗ ${there.headline}.`);
    const link = page.url();
    await page.goto('about:blank');
    await page.goto(link);
    await until(there.steps.length);
    expect(await steps()).toBe(there.steps.length);
    expect(noises).toEqual([]);
  });

  it('says in its head that the address has no path, and stays where it was', async () => {
    await page.goto(`${url.href}#path=1`);
    await page.reload();
    await until(1);
    await page.evaluate(() => void (location.hash = '#path=zz'));
    await page.waitForSelector('.head .complaint');
    expect(await page.locator('.head .complaint').innerText()).toContain('"zz" is no path');
    expect(await steps()).toBe(1);
    await page.keyboard.press('1');
    await until(2);
    expect(await page.locator('.complaint').count()).toBe(0);
  });

  it('keeps the mark of the moment off the names, at the beginning too', async () => {
    await page.goto(`${url.href}#path=`);
    await page.reload();
    await until(0);
    const { left, width } = await page.evaluate(() => {
      const { left, width } = getComputedStyle(document.querySelector('.time')!, '::after');
      return { left: Number.parseFloat(left), width: Number.parseFloat(width) };
    });
    expect(left).toBe(0);
    expect(width).toBeLessThan(10);
  });

  it('runs to where what is watched holds', async () => {
    await page.goto(`${url.href}#path=`);
    await page.reload();
    await until(0);
    await page.locator('#watch').fill('B.nd_refs > 2');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Run to B.nd_refs > 2' }).click();
    const there = await story('', { holds: 'B.nd_refs > 2' });
    await until(there.steps.length);
    expect(await page.locator('.band.watched .verdict').innerText()).toBe('true');
  });
});
