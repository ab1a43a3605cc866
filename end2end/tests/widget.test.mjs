// The chat on somebody's page: what a visitor does, in a real browser on another origin.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  accessible, DESKTOP, hostPages, noSidewaysScroll, openBrowser, openContext, PHONE, requests, shopPage, shots, startServer, until, watch,
} from '../support/index.mjs';
import { paste } from '../support/script.mjs';

let browser;
let server;
let admin;
let account;
before(async () => {
  browser = await openBrowser();
  server = await startServer();
  admin = await server.admin();
  account = `/api/v1/accounts/${admin.account_id}`;
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC',
  'base64',
);

async function call(method, path, body) {
  const answer = await server.api(method, account + path, { token: admin.access_token, body });
  assert.equal(answer.status, 200, `${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** A website inbox with the administrator as its agent. */
async function website(settings = {}) {
  const channel = { type: 'web_widget', website_url: 'https://loja.example', widget_color: '#1f6b5c', ...settings };
  const inbox = await call('POST', '/inboxes', { name: 'Loja Aurora', channel });
  await call('POST', '/inbox_members', { inbox_id: inbox.id, user_ids: [admin.user_id] });
  return inbox;
}

/** A visitor on a page with the script. */
async function visit(t, inbox, { page: html = (script) => shopPage(script), headers, context: wishes, allow } = {}) {
  const host = await hostPages(html(paste(server.url, inbox.website_token)), { t, headers });
  const context = await openContext(browser, wishes);
  t.after(() => context.close());
  const page = await context.newPage();
  const watched = watch(page, { allow });
  const seen = requests(page);
  await page.goto(host.url);
  await page.locator('#cw-bubble-holder .bubble').waitFor();
  const chat = page.frameLocator('#cw-bubble-holder iframe');
  return { host, context, page, watched, seen, chat, bubble: page.locator('#cw-bubble-holder .bubble') };
}

/** Opens the panel and enters the conversation. */
async function enter({ bubble, chat }) {
  await bubble.click();
  await chat.locator('.enter, textarea').first().waitFor();
  if (await chat.locator('.enter').isVisible()) await chat.locator('.enter').click();
  await chat.locator('textarea').waitFor();
}

async function write({ chat }, text) {
  await chat.locator('textarea').fill(text);
  await chat.locator('textarea').press('Enter');
}

const bubbles = ({ chat }) => chat.locator('.message .bubble').allTextContents();

async function shows(visitor, ...texts) {
  await until(`the chat shows ${texts.join(' | ')}`, async () => {
    const shown = await bubbles(visitor);
    return JSON.stringify(shown) === JSON.stringify(texts);
  });
}

const cookies = async ({ context }) => (await context.cookies()).map((cookie) => cookie.name);

/** The newest conversation of the inbox, as soon as the server has one: a page shows what it sends before that. */
async function conversation(inbox) {
  return until('the conversation is kept', async () => {
    const { data } = await call('GET', `/conversations?inbox_id=${inbox.id}&status=all`);
    return data.payload[0];
  });
}

async function reply(inbox, content) {
  const { id } = await conversation(inbox);
  return call('POST', `/conversations/${id}/messages`, { content });
}

const contacts = async () => (await call('GET', '/contacts')).meta.count;

test('until a visitor shows intent nothing is asked, set or stored', async (t) => {
  const inbox = await website();
  const known = await contacts();
  const visitor = await visit(t, inbox);
  await visitor.page.waitForFunction(() => globalThis.$cloudchat);
  await visitor.page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve, { timeout: 500 })));
  const asked = () => visitor.seen.filter((line) => line.includes(server.url));
  assert.deepEqual(asked(), [`GET ${server.url}/packs/js/sdk.js`]);
  assert.deepEqual(await cookies(visitor), []);
  assert.deepEqual(await visitor.page.evaluate(() => Object.keys(localStorage)), []);
  await visitor.bubble.hover();
  await visitor.chat.locator('.enter').waitFor({ state: 'attached' });
  assert.ok(asked().some((line) => line.includes('/widget?website_token=')));
  assert.ok(!asked().some((line) => line.startsWith('SOCKET')), 'a look opens no socket');
  assert.deepEqual(await cookies(visitor), []);
  assert.equal(await contacts(), known);
  visitor.watched.clean();
});

test('a visitor writes, comes back and is answered', async (t) => {
  const inbox = await website();
  const visitor = await visit(t, inbox);
  await enter(visitor);
  await write(visitor, 'Oi, vocês **entregam** em Recife?');
  await shows(visitor, 'Oi, vocês entregam em Recife?');
  assert.equal(await visitor.chat.locator('.message strong').textContent(), 'entregam');
  await visitor.chat.getByText('Enviada').or(visitor.chat.getByText('Sent')).waitFor();
  assert.deepEqual(await cookies(visitor), ['cw_conversation']);
  await reply(inbox, 'Sim, em *3 dias*.');
  await shows(visitor, 'Oi, vocês entregam em Recife?', 'Sim, em 3 dias.');
  const { id } = await conversation(inbox);
  await until('the agent sees that it was read', async () => {
    const { payload } = await call('GET', `/conversations/${id}/messages`);
    return payload.at(-1).status === 'read';
  });
  await call('POST', `/conversations/${id}/update_last_seen`);
  await visitor.chat.locator('.foot', { hasText: /Read/ }).waitFor();

  // Away from the page, the badge tells of what comes, without the chat. A pointer on the launcher would load it.
  await visitor.page.mouse.move(0, 0);
  await visitor.page.reload();
  const since = visitor.seen.length;
  await reply(inbox, 'Posso ajudar em algo **mais**?');
  await visitor.page.locator('#cw-bubble-holder i', { hasText: '1' }).waitFor();
  await visitor.page.locator('#cw-bubble-holder .card', { hasText: 'Posso ajudar em algo mais?' }).waitFor();
  assert.ok(!visitor.seen.slice(since).some((line) => line.includes('.wasm')));
  await visitor.page.locator('#cw-bubble-holder .card button').first().click();
  await shows(visitor, 'Oi, vocês entregam em Recife?', 'Sim, em 3 dias.', 'Posso ajudar em algo mais?');
  await visitor.page.locator('#cw-bubble-holder i').waitFor({ state: 'hidden' });
  visitor.watched.clean();
});

test('a look that is lost on its way is told again', async (t) => {
  const inbox = await website();
  const visitor = await visit(t, inbox, { allow: [/ERR_CONNECTION_RESET/] });
  await enter(visitor);
  await write(visitor, 'Oi');
  const { id } = await conversation(inbox);
  let looks = 0;
  await visitor.page.route('**/conversations/update_last_seen*', (route) => {
    looks += 1;
    return looks === 1 ? route.abort('connectionreset') : route.continue();
  });
  await reply(inbox, 'Olá!');
  await shows(visitor, 'Oi', 'Olá!');
  await until('the look was lost', () => looks === 1);
  // Whatever is heard next reminds the chat of it.
  await call('POST', `/conversations/${id}/toggle_priority`, { priority: 'high' });
  await until('the agent sees that it was read', async () => {
    const { payload } = await call('GET', `/conversations/${id}/messages`);
    return payload.find(({ content }) => content === 'Olá!').status === 'read';
  });
  visitor.watched.clean();
});

test('files are sent together, unfit ones are refused with a reason', async (t) => {
  const inbox = await website();
  const visitor = await visit(t, inbox);
  await enter(visitor);
  await visitor.chat.locator('input[type=file]').setInputFiles([
    { name: 'foto.png', mimeType: 'image/png', buffer: PNG },
    { name: 'nota fiscal.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF') },
    { name: 'programa.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') },
    { name: 'vazio.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
  ]);
  assert.equal(await visitor.chat.locator('.picked li').count(), 2);
  assert.equal(await visitor.chat.locator('.complaints p').count(), 2);
  await write(visitor, 'segue');
  await visitor.chat.locator('.picture img[src*="/files/"]').waitFor();
  await visitor.chat.locator('.chip', { hasText: 'nota fiscal.pdf' }).waitFor();
  await until('the picture is loaded', () => visitor.chat.locator('.picture img').evaluate((image) => image.naturalWidth > 0));
  const { id } = await conversation(inbox);
  const { payload } = await call('GET', `/conversations/${id}/messages`);
  const kinds = payload.find((message) => message.content === 'segue').attachments.map((file) => file.file_type);
  assert.deepEqual(kinds, ['image', 'file']);
  visitor.watched.clean();
});

test('what is written without a connection arrives once and in order', async (t) => {
  const inbox = await website();
  const visitor = await visit(t, inbox, { allow: [/ERR_INTERNET_DISCONNECTED/, /WebSocket/, /ERR_CONNECTION_REFUSED/, /Failed to load/] });
  await enter(visitor);
  await write(visitor, 'um');
  await visitor.chat.locator('.foot', { hasText: /Sent/ }).waitFor();
  await visitor.context.setOffline(true);
  await write(visitor, 'dois');
  await write(visitor, 'três');
  await visitor.chat.locator('.banner').waitFor();
  await reply(inbox, 'enquanto isso');
  await visitor.context.setOffline(false);
  await shows(visitor, 'um', 'enquanto isso', 'dois', 'três');

  // The server goes away in the middle, and a page that is closed keeps what it could not send.
  await server.stop();
  await write(visitor, 'quatro');
  await visitor.chat.locator('.foot', { hasText: /Waiting/ }).waitFor();
  await visitor.page.goto('about:blank');
  await server.start();
  await visitor.page.goBack();
  await visitor.bubble.click();
  await shows(visitor, 'um', 'enquanto isso', 'dois', 'três', 'quatro');
  const { id } = await conversation(inbox);
  // The last one is shown before the server has it.
  await until('each is kept once, in order', async () => {
    const { payload } = await call('GET', `/conversations/${id}/messages`);
    const own = payload.filter((message) => message.message_type === 0).map((message) => message.content);
    return own.join() === 'um,dois,três,quatro';
  });
});

test('a refused message can be tried again or given up', async (t) => {
  const inbox = await website();
  const visitor = await visit(t, inbox, { allow: [/422/] });
  await enter(visitor);
  let refuse = true;
  await visitor.page.route('**/api/v1/widget/messages?*', (route) => {
    if (!refuse || route.request().method() !== 'POST') return route.continue();
    return route.fulfill({ status: 422, json: { message: 'Not today.', attributes: ['content'] } });
  });
  await write(visitor, 'primeira');
  await write(visitor, 'segunda');
  await visitor.chat.locator('.foot.failed', { hasText: 'Not today.' }).nth(1).waitFor();
  refuse = false;
  await visitor.chat.locator('.foot.failed .link').nth(1).click();
  await shows(visitor, 'segunda');
  await visitor.chat.locator('.foot.failed .link').first().click();
  await visitor.chat.locator('.foot', { hasText: /Sent/ }).waitFor();
  assert.equal(await visitor.chat.locator('.foot.failed').count(), 0);
});

test('a strict content security policy of the page is enough', async (t) => {
  const inbox = await website();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-shop' ${server.url}`,
    `frame-src ${server.url}`,
    `connect-src ${server.url}`,
    "require-trusted-types-for 'script'",
  ].join('; ');
  const visitor = await visit(t, inbox, {
    headers: { 'content-security-policy': policy },
    // The snippet puts the script into the page, which a policy on trusted types wants named; it is written as a tag here.
    page: () =>
      shopPage(`<script src="${server.url}/packs/js/sdk.js"></script>
        <script nonce="shop">cloudchatSDK.run({ websiteToken: '${inbox.website_token}', baseUrl: '${server.url}' })</script>`),
  });
  const box = await visitor.bubble.boundingBox();
  assert.equal(Math.round(box.height), 56, 'the launcher has its style');
  await enter(visitor);
  await write(visitor, 'Oi');
  await shows(visitor, 'Oi');
  visitor.watched.clean();
});

test('nothing in a message can run', async (t) => {
  const inbox = await website();
  const visitor = await visit(t, inbox, { allow: [/ERR_NAME_NOT_RESOLVED/, /Failed to load/] });
  await enter(visitor);
  const attacks = [
    '<img src=x onerror="parent.broken = top.broken = window.broken = 1">',
    '<script>window.broken = 1</script>',
    '[a](javascript:window.broken=1) [b](data:text/html,<script>1</script>)',
    '![x](https://nowhere.invalid/x.png"onerror="window.broken=1)',
    '</script><svg onload=window.broken=1>',
    '`<iframe srcdoc="<script>parent.broken=1</script>">`',
  ];
  for (const attack of attacks) await write(visitor, attack);
  await until('all are there', async () => (await bubbles(visitor)).length === attacks.length);
  for (const attack of attacks) await reply(inbox, attack);
  await until('all came back', async () => (await bubbles(visitor)).length === attacks.length * 2);
  // And from the page's own JSON, too.
  await visitor.page.reload();
  await visitor.bubble.click();
  await until('all are there again', async () => (await bubbles(visitor)).length === attacks.length * 2);
  const frame = visitor.page.frames().find((frame) => frame.url().includes('/widget'));
  const harm = () => [globalThis.broken, document.querySelectorAll('.log :is(script, iframe, svg[onload], [onerror], a[href^="javascript"], a[href^="data"])').length];
  assert.deepEqual(await frame.evaluate(harm), [undefined, 0]);
  assert.equal(await visitor.page.evaluate(() => globalThis.broken), undefined);
});

test('the page says who the visitor is', async (t) => {
  const inbox = await website();
  const visitor = await visit(t, inbox, { allow: [/401/] });
  await visitor.page.evaluate(() => {
    globalThis.heard = [];
    for (const name of ['error', 'opened', 'on-message', 'on-start-conversation'])
      addEventListener(`cloudchat:${name}`, (event) => heard.push([name, event.detail?.content ?? event.detail?.error ?? null]));
  });
  const user = { email: 'joao@example.com', name: 'João da Silva', phone_number: '+5511999999999' };
  await visitor.page.evaluate((user) => $cloudchat.setUser('joao-1', user), user);
  const found = await until('the contact exists', async () => {
    const { payload } = await call('GET', '/contacts/search?q=joao');
    return payload[0];
  });
  assert.equal(found.phone_number, user.phone_number);
  await until('the page remembers', async () => (await cookies(visitor)).length === 2);
  const asked = () => visitor.seen.filter((line) => line.includes('/set_user')).length;
  const before = asked();
  await visitor.page.evaluate((user) => $cloudchat.setUser('joao-1', user), user);
  await visitor.page.evaluate(() => $cloudchat.setUser('joao-1', { email: 'joao@example.com', identifier_hash: 'wrong' }));
  await until('the error is told', () => visitor.page.evaluate(() => heard.some(([name]) => name === 'error')));
  assert.equal(asked(), before + 1, 'the same again asks nothing, something else does');
  await enter(visitor);
  await write(visitor, 'sou eu');
  await shows(visitor, 'sou eu');
  const { meta } = await conversation(inbox);
  assert.equal(meta.sender.name, user.name);
  await until('the page hears of it', () => visitor.page.evaluate(() => {
    const names = globalThis.heard.map(([name]) => name);
    return names.includes('opened') && names.includes('on-message');
  }));
  await visitor.page.evaluate(() => $cloudchat.reset());
  assert.deepEqual(await cookies(visitor), []);
});

test('it works with the keyboard and is accessible, light and dark, large and small', async (t) => {
  const inbox = await website({ welcome_title: 'Olá 👋', welcome_tagline: 'Respondemos em minutos.' });
  for (const [name, wishes] of [
    ['desktop', { viewport: DESKTOP, lang: 'pt-BR' }],
    ['phone', { viewport: PHONE, scheme: 'dark', lang: 'en-US' }],
  ]) {
    const script = (tag) => shopPage(`<script>cloudchatSettings = { darkMode: 'auto', useBrowserLanguage: true }</script>${tag}`);
    const visitor = await visit(t, inbox, { context: wishes, page: script });
    const frame = async () => visitor.page.frames().find((frame) => frame.url().includes('/widget'));
    const sizes = [String(wishes.viewport.width)];
    await visitor.bubble.focus();
    await visitor.page.keyboard.press('Enter');
    await until('it is open', () => visitor.page.evaluate(() => $cloudchat.isOpen));
    await visitor.chat.locator('.enter').waitFor();
    await accessible(await frame());
    await shots(visitor.page, `widget/${name}-home`, { sizes });
    await visitor.chat.locator('.enter').press('Enter');
    await visitor.chat.locator('textarea').waitFor();
    await write(visitor, 'Oi! Meu pedido **#48213** ainda não chegou 😕');
    await shows(visitor, 'Oi! Meu pedido #48213 ainda não chegou 😕');
    // Until the server has it, the newest conversation is the one of the visitor before.
    await visitor.chat.locator('.foot', { hasText: /Sent|Enviada/ }).waitFor();
    await reply(inbox, 'Vamos ver:\n\n- saiu ontem\n- chega *amanhã*\n\nAcompanhe em https://loja.example/p/48213');
    await until('the answer is there', async () => (await bubbles(visitor)).length === 2);
    await accessible(await frame());
    await shots(visitor.page, `widget/${name}-chat`, { sizes });
    if (name === 'phone') {
      const panel = await visitor.page.locator('#cw-bubble-holder .panel').boundingBox();
      assert.deepEqual([panel.x, panel.y, panel.width, panel.height], [0, 0, PHONE.width, PHONE.height]);
      await noSidewaysScroll(visitor.page);
    }
    await visitor.chat.locator('textarea').press('Escape');
    await until('it is closed', () => visitor.page.evaluate(() => !$cloudchat.isOpen));
    visitor.watched.clean();
  }
});

test('only listed sites may show the chat', async (t) => {
  const inbox = await website({ allowed_domains: ['loja.example'] });
  const visitor = await visit(t, inbox, { allow: [/403/, /Failed to load/] });
  const lines = [];
  visitor.page.on('console', (message) => message.text().includes('Cloud Chat') && lines.push(message.text()));
  await visitor.bubble.hover();
  await visitor.bubble.waitFor({ state: 'hidden' });
  assert.deepEqual(lines, ['Cloud Chat: not allowed on ' + new URL(visitor.host.url).host]);
  await visitor.page.evaluate(() => globalThis.$cloudchat.open());
  await visitor.page.locator('#cw-bubble-holder .panel').waitFor({ state: 'hidden' });
  visitor.watched.clean();
});
