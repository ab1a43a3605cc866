// The chat in a phone's web view: a page that holds nothing but the script, in Chromium with a phone's screen and touch.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, hostPages, noSidewaysScroll, openBrowser, openContext, PHONE, PNG, shots, startServer, until, watch } from '../support/index.mjs';
import { Company } from '../support/people.mjs';
import { paste } from '../support/script.mjs';

let browser;
let server;
let company;
before(async () => {
  // Cookies and storage of frames of other sites are kept apart or refused, as web views do.
  browser = await openBrowser({ args: ['--test-third-party-cookie-phaseout'] });
  server = await startServer();
  company = await Company.open(server);
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

/** The host page of docs/APPS.md. */
const hostPage = (token) => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
  <title>Chat</title>
  <script>
    window.cloudchatSettings = { hideMessageBubble: true, darkMode: 'auto', useBrowserLanguage: true };
    window.addEventListener('cloudchat:ready', () => window.$cloudchat.open());
  </script>
</head>
<body>${paste(server.url, token)}</body>
</html>`;

/** An app that shows the page; `inject` runs in every document before anything else. */
async function app(t, { inject, allow } = {}) {
  const host = await hostPages(hostPage(company.inbox.website_token), { t });
  const context = await openContext(browser, { viewport: PHONE });
  t.after(() => context.close());
  if (inject) await context.addInitScript(inject);
  const page = await context.newPage();
  const watched = watch(page, { allow });
  await page.goto(host.url);
  const chat = page.frameLocator('#cw-bubble-holder iframe');
  await chat.locator('.enter, textarea').first().waitFor();
  return { host, context, page, watched, chat, frame: () => page.frames().find((frame) => frame.url().includes('/widget')) };
}

async function write({ chat }, text) {
  if (await chat.locator('.enter').isVisible()) await chat.locator('.enter').tap();
  await chat.locator('textarea').fill(text);
  await chat.locator('.send').tap();
}

const shows = ({ chat }, text) => chat.locator('.message .bubble', { hasText: text }).waitFor();

/** What the team answers in the conversation that began with these words. */
async function team(said) {
  const { id } = await until('the conversation is kept', async () => {
    const { data } = await company.call('GET', `/conversations?inbox_id=${company.inbox.id}&status=all`);
    return data.payload.find(({ messages }) => messages.some((message) => message.content === said));
  });
  return (content) => company.call('POST', `/conversations/${id}/messages`, { content });
}

test('the chat fills the screen, keeps to its safe areas and shrinks with the keyboard', async (t) => {
  const visitor = await app(t);
  const { page, watched } = visitor;
  const devtools = await visitor.context.newCDPSession(page);
  const panel = () => page.locator('#cw-bubble-holder .panel').boundingBox();
  const frame = () => page.locator('#cw-bubble-holder iframe').boundingBox();
  assert.deepEqual(await panel(), { x: 0, y: 0, ...PHONE });
  await noSidewaysScroll(page);
  await accessible(visitor.frame());
  await shots(page, 'widget/app-home', { sizes: ['390'] });
  await devtools.send('Emulation.setSafeAreaInsetsOverride', { insets: { top: 47, bottom: 34 } });
  await until('the chat makes room for them', async () => {
    const box = await frame();
    return box.y === 47 && box.height === PHONE.height - 47 - 34;
  });
  await devtools.send('Emulation.setSafeAreaInsetsOverride', { insets: { top: 0, bottom: 0 } });
  await write(visitor, 'Oi do celular');
  await shows(visitor, 'Oi do celular');
  // A keyboard leaves the page as it is, and makes what is seen of it smaller.
  await page.evaluate(() => {
    Object.defineProperties(visualViewport, { height: { get: () => 500 }, offsetTop: { get: () => 40 } });
    visualViewport.dispatchEvent(new Event('resize'));
  });
  assert.deepEqual(await panel(), { x: 0, y: 40, width: PHONE.width, height: 500 });
  const field = await visitor.chat.locator('textarea').boundingBox();
  assert.ok(field.y + field.height <= 540, 'the field is above the keyboard');
  const size = await visitor.chat.locator('textarea').evaluate((field) => parseFloat(getComputedStyle(field).fontSize));
  assert.ok(size >= 16, 'phones do not enlarge the page when the field is entered');
  await shots(page, 'widget/app-keyboard', { sizes: ['390'], schemes: ['light'] });
  watched.clean();
});

test('files and pictures come from the phone, links lead outside', async (t) => {
  const visitor = await app(t);
  await write(visitor, 'segue a foto');
  await shows(visitor, 'segue a foto');
  const reply = await team('segue a foto');
  const choosing = visitor.page.waitForEvent('filechooser');
  await visitor.chat.getByRole('button', { name: 'Attach files' }).tap();
  const chooser = await choosing;
  assert.ok(chooser.isMultiple());
  const accept = await chooser.element().getAttribute('accept');
  // With these the system offers its camera beside the gallery; `capture` would leave nothing but the camera.
  for (const kind of ['image/*', 'video/*', 'audio/*', '.pdf']) assert.ok(accept.includes(kind), kind);
  assert.equal(await chooser.element().getAttribute('capture'), null);
  await chooser.setFiles({ name: 'foto.png', mimeType: 'image/png', buffer: PNG });
  await visitor.chat.locator('.send').tap();
  await visitor.chat.locator('.picture img[src*="/files/"]').waitFor();
  await reply('Acompanhe em https://loja.example/p/1');
  const link = visitor.chat.locator('.bubble a', { hasText: 'loja.example' });
  await link.waitFor();
  const opening = visitor.context.waitForEvent('page');
  await link.tap();
  const opened = await opening;
  assert.equal(await opened.evaluate(() => window.opener), null);
  await opened.close();
  assert.ok(visitor.page.url().startsWith(visitor.host.url), 'the app stays where it is');
});

test('going back closes the chat, not the page', async (t) => {
  const visitor = await app(t);
  const { page, watched } = visitor;
  assert.ok(await page.evaluate(() => 'CloseWatcher' in window));
  await page.evaluate(() => addEventListener('cloudchat:closed', () => (document.body.dataset.closed = 'yes')));
  // What Android's back gesture asks for is asked for by Escape here, of the page: the frame has an ear of its own for it.
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('Escape');
  await page.locator('body[data-closed="yes"]').waitFor({ state: 'attached' });
  await page.locator('#cw-bubble-holder .panel').waitFor({ state: 'hidden' });
  assert.ok(page.url().startsWith(visitor.host.url));
  await page.evaluate(() => globalThis.$cloudchat.open());
  await visitor.chat.getByRole('button', { name: 'Close the chat' }).tap();
  await page.locator('#cw-bubble-holder .panel').waitFor({ state: 'hidden' });
  watched.clean();
});

test('after half an hour in the background the chat catches up', async (t) => {
  const visitor = await app(t, { allow: [/ERR_INTERNET_DISCONNECTED/, /WebSocket/, /Failed to load/] });
  await write(visitor, 'volto já');
  await shows(visitor, 'volto já');
  const reply = await team('volto já');
  await reply('ok');
  await shows(visitor, 'ok');
  await visitor.page.clock.install();
  await visitor.context.setOffline(true);
  for (const content of ['um', 'dois', 'três']) await reply(content);
  await visitor.page.clock.fastForward('30:00');
  await visitor.context.setOffline(false);
  await visitor.page.clock.fastForward('00:30');
  await until('all are there, once and in order', async () => {
    const texts = await visitor.chat.locator('.message .bubble').allTextContents();
    return JSON.stringify(texts) === JSON.stringify(['volto já', 'ok', 'um', 'dois', 'três']);
  });
});

test('without storage of its own the conversation is kept by the page around it', async (t) => {
  const inject = () => {
    if (window === window.top) return;
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(window, name, { get() { throw new DOMException('refused', 'SecurityError'); } });
    }
    Object.defineProperty(document, 'cookie', { get: () => '', set() {} });
  };
  const visitor = await app(t, { inject });
  await write(visitor, 'sem armazenamento');
  await shows(visitor, 'sem armazenamento');
  await until('the page has the token', async () => (await visitor.context.cookies()).some(({ name }) => name === 'cw_conversation'));
  await visitor.chat.locator('textarea').fill('rascunho');
  await until('the draft is kept', () => visitor.page.evaluate(() => JSON.stringify(localStorage).includes('rascunho')));
  await visitor.page.reload();
  await shows(visitor, 'sem armazenamento');
  assert.equal(await visitor.chat.locator('textarea').inputValue(), 'rascunho');
  const reply = await team('sem armazenamento');
  await reply('ainda aqui');
  await shows(visitor, 'ainda aqui');
  const cookies = await visitor.context.cookies(server.url);
  assert.deepEqual(cookies.filter(({ domain }) => new URL(server.url).hostname !== 'localhost' && domain !== 'localhost'), []);
  visitor.watched.clean();
});
