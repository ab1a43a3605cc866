// The parts of the dashboard's program: announced with the page, asked for twice, and missed without harm.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Company, openBrowser, shot, signIn, startServer, until } from '../support/index.mjs';
import { bubbles, field, row } from '../support/inbox.mjs';

/** What a browser notes of requests that tests cut. */
const CUT = { allow: [/ERR_FAILED/] };

const INBOX = '**/pkg/app_split_inbox.*';
const CONVERSATION = '**/pkg/app_split_conversation.*';

let browser;
let server;
before(async () => {
  browser = await openBrowser();
  server = await startServer();
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

let companies = 0;

/** A signed-in administrator at the door, and somebody who wrote to them. */
async function person(t) {
  companies += 1;
  const own = await Company.open(server, { email: `bia${companies}@example.com` });
  const maria = await own.visitor('Maria Silva', 'Oi');
  const signed = await signIn(browser, server, own.admin, CUT);
  t.after(() => signed.context.close());
  const base = `${server.url}/app/accounts/${own.admin.account_id}`;
  return { ...signed, maria, list: `${base}/conversations?tab=all`, settings: `${base}/settings/profile` };
}

const alive = (page) => page.locator('html[data-alive]').waitFor({ state: 'attached' });

/** Cuts the first requests that match. */
async function cut(page, pattern, times) {
  let seen = 0;
  await page.route(pattern, (route) => {
    seen += 1;
    return seen <= times ? route.abort() : route.continue();
  });
  return () => seen;
}

test('a page announces what it is drawn with, and loads no more', async (t) => {
  const { page, watched, list } = await person(t);
  const modules = async () => {
    const answer = await page.request.get(page.url());
    return [...(await answer.text()).matchAll(/rel="preload" href="\/pkg\/app_split_(\w+)\./g)].map(([, name]) => name).sort();
  };
  await page.goto(list);
  await alive(page);
  assert.deepEqual(await modules(), ['inbox']);
  await row(page, 'Maria').click();
  await field(page).waitFor();
  assert.deepEqual(await modules(), ['conversation', 'inbox']);
  await page.reload();
  await alive(page);
  assert.deepEqual(await bubbles(page), ['Oi']);
  watched.clean();
});

/** A page is on the screen before it is alive. */
const DRAWN = { waitUntil: 'domcontentloaded' };

/** Holds back the program of the page that comes next; what is called lets it come. */
async function holdProgram(page) {
  let release;
  const released = new Promise((resolve) => { release = resolve; });
  await page.route(/\/pkg\/.*\.wasm/, (route) => released.then(() => route.continue()));
  return release;
}

test('what is pressed and switched before the page is alive counts', async (t) => {
  const { page, watched, list, settings } = await person(t);
  const release = await holdProgram(page);
  await page.goto(settings.replace('profile', 'inboxes/new/web'), DRAWN);
  await page.getByRole('button', { name: 'Next' }).click();
  assert.equal(await page.locator('html[data-alive]').count(), 0);
  release();
  await page.getByRole('button', { name: 'Create inbox' }).waitFor();

  await page.unrouteAll();
  const releaseAgain = await holdProgram(page);
  await page.goto(settings, DRAWN);
  const assigned = page.getByRole('switch', { name: 'A conversation is assigned to you' });
  const before = await assigned.isChecked();
  await page.getByRole('radio', { name: 'Dark' }).locator('xpath=..').click();
  await assigned.click();
  const saved = page.waitForResponse((response) => response.request().method() === 'POST');
  assert.equal(await page.locator('html[data-alive]').count(), 0);
  releaseAgain();
  await saved;
  await page.locator('html[data-theme="dark"]').waitFor({ state: 'attached' });
  await page.goto(list);
  await page.goto(settings);
  await alive(page);
  assert.equal(await assigned.isChecked(), !before);
  watched.clean();
});

test('a part that gets lost on its way is asked for again', async (t) => {
  const { page, watched, list } = await person(t);
  const asked = await cut(page, INBOX, 1);
  await page.goto(list);
  await alive(page);
  assert.ok(asked() >= 2, `${asked()} requests`);
  await row(page, 'Maria').click();
  await field(page).waitFor();
  watched.clean();
});

test('a page whose part does not come can be read, says so and can be loaded anew', async (t) => {
  const { page, watched, list } = await person(t);
  await cut(page, INBOX, Infinity);
  await page.goto(list);
  const notice = page.getByText('did not load completely');
  await notice.waitFor();
  assert.equal(await row(page, 'Maria').count(), 1);
  await shot(page, 'parts/missing');
  await page.unroute(INBOX);
  await page.getByRole('link', { name: 'Reload the page' }).click();
  await alive(page);
  assert.equal(await notice.isVisible(), false);
  watched.clean();
});

test('a pane or a page that does not come says so, beside what is there', async (t) => {
  const { page, watched, list, settings } = await person(t);
  await page.goto(settings);
  await alive(page);
  await cut(page, CONVERSATION, Infinity);
  await page.goto(list);
  await alive(page);
  await row(page, 'Maria').click();
  const reload = page.getByRole('button', { name: 'Reload the page' }).first();
  await reload.waitFor();
  await page.unroute(CONVERSATION);
  await reload.click();
  await field(page).waitFor();

  await page.route('**/pkg/app_split_settings.*', (route) => route.abort());
  await page.locator('.rail a[href$="/settings"]').click();
  await page.getByRole('button', { name: 'Reload the page' }).waitFor();
  await page.unroute('**/pkg/app_split_settings.*');
  await page.getByRole('button', { name: 'Reload the page' }).click();
  await until('the settings are alive', () => page.locator('html[data-alive] .settings-column, html[data-alive] .settings').count());
  watched.clean();
});
