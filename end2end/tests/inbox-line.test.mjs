// The agents' inbox and its line to the server: rest, loss, catching up, messages that could not be sent, and being told.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Company, isLive, openBrowser, requests, shot, signIn, startServer, until } from '../support/index.mjs';
import { bubbles, field, item, row, says, showsCounts, showsRows } from '../support/inbox.mjs';

/** What a browser notes while there is no network. */
const OFFLINE = [/ERR_INTERNET_DISCONNECTED/, /WebSocket connection/];

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

/** A company of its own for each test. */
async function company() {
  companies += 1;
  return Company.open(server, { email: `bia${companies}@example.com` });
}

/** The browser of its administrator, on the list of all conversations. */
async function desk(t, company, { path = '/conversations?tab=all', ...wishes } = {}) {
  const desk = await signIn(browser, server, company.admin, { path: `/app/accounts/${company.admin.account_id}${path}`, ...wishes });
  t.after(() => desk.context.close());
  await isLive(desk.page);
  return desk;
}

test('a page at rest makes no requests', async (t) => {
  const own = await company();
  await own.visitor('Maria Silva', 'Oi');
  const { page, watched } = await desk(t, own, { init: (page) => page.clock.install() });
  await row(page, 'Maria').click();
  await field(page).waitFor();
  await row(page, 'Maria').locator('.row-unread').waitFor({ state: 'detached' });
  await page.waitForLoadState('networkidle');
  const all = requests(page);
  // The browser itself takes the icon from its cache again when the title changes.
  const seen = () => all.filter((line) => !line.endsWith('/favicon.svg'));
  // Every timer of the page runs as in fifty seconds; after more silence than that it would rightly suspect its line.
  await page.clock.runFor(50_000);
  assert.deepEqual(seen(), []);
  // What happens comes over the line that is there.
  await own.visitor('João Pereira', 'Olá');
  await page.clock.runFor(2_000);
  await row(page, 'João').waitFor();
  assert.deepEqual(seen(), []);
  watched.clean();
});

test('after a lost connection the page catches up and says how it stands', async (t) => {
  const own = await company();
  const maria = await own.visitor('Maria Silva', 'Oi');
  const { page, context, watched } = await desk(t, own, { allow: OFFLINE });
  await row(page, 'Maria').click();
  await says(page, 'Oi');
  await page.evaluate(() => {
    globalThis.isSamePage = true;
  });
  await context.setOffline(true);
  await page.locator('.connection.is-offline').waitFor();
  await page.locator('.dashboard[data-link="offline"]').waitFor();
  const box = (selector) => page.locator(selector).boundingBox();
  const [line, list] = [await box('.connection'), await box('.list-pane')];
  assert.ok(line.x >= list.x && line.x + line.width <= list.x + list.width, 'the line fits over its list');
  await shot(page, 'inbox/offline');
  await maria.say('Ainda aí?');
  await maria.say('Vou esperar');
  const joao = await own.visitor('João Pereira', 'Olá');
  await own.call('POST', `/conversations/${joao.conversation}/assignments`, { assignee_id: own.admin.user_id });
  await field(page).fill('Desculpe a demora');
  await field(page).press('Enter');
  await page.locator('.message.is-sending').waitFor();
  await context.setOffline(false);
  await page.locator('.connection.is-back').waitFor();
  await isLive(page);
  await until('everything is there once', async () => {
    const texts = await bubbles(page);
    return texts.length === 4 && texts.slice(0, 3).join('|') === 'Oi|Ainda aí?|Vou esperar' && texts[3] === 'Desculpe a demora';
  });
  await showsRows(page, 'Maria Silva', 'João Pereira');
  await showsCounts(page, 1, 1, 2);
  await page.locator('.connection').waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => globalThis.isSamePage), true);
  assert.deepEqual((await maria.reads()).filter((message) => message.message_type === 1).map((message) => message.content), ['Desculpe a demora']);
  watched.clean();
});

test('much that was missed is told at once, too much is read anew', async (t) => {
  const own = await company();
  const maria = await own.visitor('Maria Silva', 'Mensagem 0');
  const { page, context, watched } = await desk(t, own, { allow: OFFLINE });
  await row(page, 'Maria').click();
  await says(page, 'Mensagem 0');
  await context.setOffline(true);
  await page.locator('.dashboard[data-link="offline"]').waitFor();
  const path = `/conversations/${maria.conversation}/messages`;
  const write = async (count, what) => {
    for (let from = 1; from <= count; from += 25) {
      await Promise.all(Array.from({ length: 25 }, (_, at) => own.call('POST', path, { content: `${what} ${from + at}` })));
    }
  };
  await write(400, 'Primeira parte');
  await own.call('POST', path, { content: 'A penúltima' });
  await context.setOffline(false);
  await says(page, 'A penúltima');
  await isLive(page);
  assert.equal((await bubbles(page)).length, 402, 'this much is told');

  await context.setOffline(true);
  await page.locator('.dashboard[data-link="offline"]').waitFor();
  await write(1_050, 'Segunda parte');
  await own.call('POST', path, { content: 'A última' });
  await own.visitor('João Pereira', 'Olá');
  await context.setOffline(false);
  await says(page, 'A última');
  await isLive(page);
  await showsRows(page, 'João Pereira', 'Maria Silva');
  const texts = await bubbles(page);
  assert.equal(new Set(texts).size, texts.length, 'nothing is there twice');
  watched.clean();
});

test('a look that is lost on its way is told again', async (t) => {
  const own = await company();
  await own.visitor('Maria Silva', 'Oi');
  const { page, watched } = await desk(t, own, { allow: [/ERR_CONNECTION_RESET/] });
  let lost = 0;
  await page.route('**/app/api/inbox/seen*', (route) => {
    lost += 1;
    return lost === 1 ? route.abort('connectionreset') : route.continue();
  });
  await row(page, 'Maria').click();
  await field(page).waitFor();
  await row(page, 'Maria').locator('.row-unread').waitFor({ state: 'detached' });
  assert.equal(lost, 2);
  watched.clean();
});

test('a refused message says why and can be tried again or given up', async (t) => {
  const own = await company();
  const maria = await own.visitor('Maria Silva', 'Oi');
  const { page, watched } = await desk(t, own, { allow: [/status of (422|503)/, /^503 POST/] });
  await row(page, 'Maria').click();
  let answer = { status: 422, json: { code: 'too_long', message: 'no' } };
  await page.route('**/conversations/*/messages', (route) => (answer ? route.fulfill(answer) : route.continue()));
  await field(page).fill('primeira');
  await field(page).press('Enter');
  const failed = page.locator('.message.is-failed');
  await failed.getByText('Not sent').waitFor();
  await shot(page, 'inbox/refused');
  answer = undefined;
  await failed.getByRole('button', { name: 'Try again' }).click();
  await page.locator('.message-group.is-own .ticks').waitFor();
  answer = { status: 422, json: { code: 'too_long', message: 'no' } };
  await field(page).fill('segunda');
  await field(page).press('Enter');
  await failed.getByRole('button', { name: 'Discard' }).click();
  await failed.waitFor({ state: 'detached' });
  // A server that cannot take it now is asked again by itself.
  answer = { status: 503, json: { code: 'unavailable', message: 'later' } };
  await field(page).fill('terceira');
  await field(page).press('Enter');
  await page.locator('.message.is-sending').waitFor();
  answer = undefined;
  await until('it is sent', async () => (await page.locator('.message.is-sending').count()) === 0);
  const said = (await maria.reads()).filter((message) => message.message_type === 1).map((message) => message.content);
  assert.deepEqual(said, ['primeira', 'terceira']);
  watched.clean();
});

test('what cannot be loaded says so and can be tried again', async (t) => {
  const own = await company();
  await own.visitor('Maria Silva', 'Oi');
  const { page, watched } = await desk(t, own, { allow: [/status of (404|503)/, /^503 /] });
  let broken = true;
  await page.route('**/app/api/**', (route) =>
    broken ? route.fulfill({ status: 503, json: { code: 'unavailable', message: 'later' } }) : route.continue());
  await row(page, 'Maria').click();
  await page.getByText("The conversation couldn't be loaded").waitFor();
  await page.locator('.tab', { hasText: 'Unassigned' }).click();
  await page.getByText("The conversations couldn't be loaded").waitFor();
  assert.equal(await page.locator('.conversation-row').count(), 0, 'another list is not shown instead');
  await shot(page, 'inbox/failed');
  broken = false;
  await page.locator('.list-pane').getByRole('button', { name: 'Try again' }).click();
  await showsRows(page, 'Maria Silva');
  await page.locator('.conversation-pane').getByRole('button', { name: 'Try again' }).click();
  await says(page, 'Oi');
  await page.goto(`${server.url}/app/accounts/${own.admin.account_id}/conversations/999?tab=all`);
  await page.getByText("This conversation isn't here").waitFor();
  await showsRows(page, 'Maria Silva');
  assert.equal(await page.locator('.details-pane .skeleton').count(), 0);
  watched.clean();
});

/** A desktop that remembers what it was told, and a loudspeaker that counts. */
async function listenIn(page) {
  await page.addInitScript(() => {
    globalThis.told = [];
    globalThis.tones = 0;
    globalThis.Notification = class {
      static permission = 'default';
      static requestPermission() {
        this.permission = 'granted';
        return Promise.resolve('granted');
      }
      constructor(title, { body, tag }) {
        globalThis.told.push({ title, body, tag, press: () => this.onclick?.() });
      }
      close() {}
    };
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...when) {
      globalThis.tones += 1;
      return start.apply(this, when);
    };
    // Whether somebody looks is for the test to say.
    globalThis.looking = true;
    document.hasFocus = () => globalThis.looking;
  });
}

test('the desktop and a tone tell of messages, and both can be switched off', async (t) => {
  const own = await company();
  const maria = await own.visitor('Maria Silva', 'Oi');
  const { page, watched } = await desk(t, own, { init: listenIn });
  const heard = () => page.evaluate(() => [globalThis.told.length, globalThis.tones > 0]);
  const look = (on) =>
    page.evaluate((on) => {
      globalThis.looking = on;
      globalThis.tones = 0;
      globalThis.dispatchEvent(new Event(on ? 'focus' : 'blur'));
    }, on);
  await page.getByRole('button', { name: 'Notifications', exact: true }).click();
  await page.getByRole('switch', { name: /Desktop notifications/ }).click();
  await until('it is on', () => page.getByRole('switch', { name: /Desktop notifications/ }).isChecked());
  await page.keyboard.press('Escape');

  // Whoever looks at the page is not told by the desktop, but hears of what is not on the screen.
  await maria.say('Um');
  await until('the tone', async () => (await heard())[1]);
  assert.equal((await heard())[0], 0);
  await look(false);
  await maria.say('Dois');
  await until('the desktop tells', async () => (await heard())[0] === 1);
  assert.equal((await heard())[1], true);
  const [told] = await page.evaluate(() => globalThis.told.map(({ title, body }) => ({ title, body })));
  assert.deepEqual(told, { title: 'Maria Silva', body: 'Dois' });
  await page.evaluate(() => globalThis.told[0].press());
  await page.locator('.conversation-name', { hasText: 'Maria Silva' }).waitFor();
  await page.title();
  await look(true);

  await page.getByRole('button', { name: 'Notifications', exact: true }).click();
  await page.getByRole('switch', { name: /^Sound/ }).click();
  await page.getByRole('switch', { name: /Desktop notifications/ }).click();
  await page.keyboard.press('Escape');
  await look(false);
  await maria.say('Três');
  await says(page, 'Três');
  assert.deepEqual(await heard(), [1, false]);
  // The choice is kept.
  await page.reload();
  await isLive(page);
  await page.getByRole('button', { name: 'Notifications', exact: true }).click();
  assert.equal(await page.getByRole('switch', { name: /^Sound/ }).isChecked(), false);
  assert.equal(await page.getByRole('switch', { name: /Desktop notifications/ }).isChecked(), false);
  watched.clean();
});

test('two agents on the same conversation see each other', async (t) => {
  const own = await company();
  await own.visitor('Maria Silva', 'Oi');
  const here = await desk(t, own);
  const there = await desk(t, own);
  for (const { page } of [here, there]) await row(page, 'Maria').click();
  await field(here.page).fill('Bom dia');
  await field(here.page).press('Enter');
  await says(there.page, 'Bom dia');
  await here.page.getByRole('button', { name: 'More actions' }).click();
  await item(here.page, 'High').click();
  await row(there.page, 'Maria').getByRole('img', { name: 'High priority' }).waitFor();
  await here.page.getByRole('button', { name: 'Resolve', exact: true }).click();
  await there.page.getByRole('button', { name: 'Reopen' }).waitFor();
  await row(there.page, 'Maria').waitFor({ state: 'detached' });
  here.watched.clean();
  there.watched.clean();
});
