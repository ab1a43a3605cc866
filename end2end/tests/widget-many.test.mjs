// Several conversations of one person in the chat, and their history, in a real browser on another origin.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { accessible, hostPages, openBrowser, openContext, PHONE, shopPage, shots, startServer, until, watch } from '../support/index.mjs';
import { Company } from '../support/people.mjs';
import { paste } from '../support/script.mjs';

let browser;
let server;
let company;
before(async () => {
  browser = await openBrowser();
  server = await startServer();
  company = await Company.open(server);
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

/** A website inbox whose proven visitors have several conversations. */
async function website(settings = {}) {
  const channel = { type: 'web_widget', website_url: 'https://loja.example', widget_color: '#1f6b5c', multiple_conversations: true };
  const inbox = await company.call('POST', '/inboxes', { name: 'Loja Aurora', channel, enable_auto_assignment: false, ...settings });
  await company.call('POST', '/inbox_members', { inbox_id: inbox.id, user_ids: [company.admin.user_id] });
  return inbox;
}

/** The logged-in area of a shop: the script, and who is signed in. */
function area(inbox, person) {
  const identifier_hash = createHmac('sha256', inbox.hmac_token).update(person.id).digest('hex');
  const user = { name: person.name, email: person.email, identifier_hash };
  const tell = `addEventListener('cloudchat:ready', () => $cloudchat.setUser('${person.id}', ${JSON.stringify(user)}))`;
  return shopPage(`${paste(server.url, inbox.website_token)}<script>${tell}</script>`);
}

const BIA = { id: 'u-7', name: 'Bia Prado', email: 'bia@example.com' };

/** Somebody's device, with the chat open at its lists. */
async function device(t, inbox, person = BIA, wishes) {
  const host = await hostPages(area(inbox, person), { t });
  const context = await openContext(browser, wishes);
  t.after(() => context.close());
  const page = await context.newPage();
  const watched = watch(page, { allow: [/404/, /Failed to load/] });
  await page.goto(host.url);
  const bubble = page.locator('#cw-bubble-holder .bubble');
  await bubble.click();
  const chat = page.frameLocator('#cw-bubble-holder iframe');
  await chat.getByRole('tab', { name: 'Active conversations' }).waitFor();
  return { page, chat, watched, host };
}

const rows = ({ chat }) => chat.locator('.rows .enter');
const bubbles = ({ chat }) => chat.locator('.message .bubble').allTextContents();
const back = ({ chat }) => chat.getByRole('button', { name: 'Back' }).click();

async function begin(visitor, words) {
  await visitor.chat.getByRole('button', { name: 'New conversation' }).click();
  return say(visitor, words);
}

/** Writes, and gives the number of the conversation once the server has it. */
async function say({ chat }, words) {
  await chat.locator('textarea').fill(words);
  await chat.locator('textarea').press('Enter');
  await chat.locator('.foot', { hasText: /Sent|Read/ }).waitFor();
  const number = await chat.locator('.who .number').textContent();
  return Number(number.trim().slice(1));
}

async function shows(visitor, ...texts) {
  await until(`the chat shows ${texts.join(' | ')}`, async () => JSON.stringify(await bubbles(visitor)) === JSON.stringify(texts));
}

const reply = (number, content) => company.call('POST', `/conversations/${number}/messages`, { content });
const resolve = (number) => company.call('POST', `/conversations/${number}/toggle_status`, { status: 'resolved' });

test('a person has several conversations, live in all of them and on two devices', async (t) => {
  const inbox = await website();
  const laptop = await device(t, inbox);
  await laptop.chat.getByText('No conversations in progress').waitFor();
  const late = await begin(laptop, 'Meu pedido está atrasado');
  await back(laptop);
  const copy = await begin(laptop, 'Preciso da segunda via');
  assert.notEqual(late, copy);
  await shows(laptop, 'Preciso da segunda via');
  await reply(late, 'Vamos verificar.');
  await laptop.page.waitForFunction(() => globalThis.$cloudchat.isOpen);
  await shows(laptop, 'Preciso da segunda via');
  await back(laptop);
  await rows(laptop).first().filter({ hasText: 'Vamos verificar.' }).locator('.count', { hasText: '1' }).waitFor();
  assert.equal(await rows(laptop).count(), 2);

  const phone = await device(t, inbox, BIA, { viewport: PHONE });
  await rows(phone).first().filter({ hasText: `#${late}` }).waitFor();
  await rows(phone).first().click();
  await shows(phone, 'Meu pedido está atrasado', 'Vamos verificar.');
  await rows(laptop).first().locator('.count').waitFor({ state: 'detached' });
  assert.equal(await say(phone, 'Obrigada!'), late);
  await rows(laptop).first().filter({ hasText: 'You: Obrigada!' }).waitFor();

  // What happened while the line was down is there when it is back.
  await laptop.page.context().setOffline(true);
  await reply(copy, 'Aqui está a segunda via.');
  await laptop.page.context().setOffline(false);
  await rows(laptop).first().filter({ hasText: 'Aqui está a segunda via.' }).waitFor();
  const frame = laptop.page.frames().find((frame) => frame.url().includes('/widget'));
  await accessible(frame);
  await shots(laptop.page, 'widget/many-active', { sizes: ['1440'] });
  await shots(phone.page, 'widget/many-thread', { sizes: ['390'] });
  phone.watched.clean();
});

test('closed conversations come by fives, are found by number and day, and are reopened', async (t) => {
  const inbox = await website();
  const visitor = await device(t, inbox, { id: 'u-8', name: 'Caio', email: 'caio@example.com' });
  const closed = [];
  for (let n = 1; n <= 7; n += 1) {
    const number = await begin(visitor, `Assunto ${n}`);
    await resolve(number);
    closed.unshift(number);
    await visitor.chat.getByText('Conversation closed').waitFor();
    await back(visitor);
  }
  await visitor.chat.getByRole('tab', { name: 'History' }).click();
  await until('five are there', async () => (await rows(visitor).count()) === 5);
  const frame = visitor.page.frames().find((frame) => frame.url().includes('/widget'));
  await visitor.chat.getByText('Filter', { exact: true }).click();
  await accessible(frame);
  await shots(visitor.page, 'widget/many-history', { sizes: ['1440', '390'] });
  await visitor.chat.getByRole('button', { name: 'See more' }).click();
  await until('seven are there', async () => (await rows(visitor).count()) === 7);
  assert.equal(await visitor.chat.getByRole('button', { name: 'See more' }).count(), 0);

  const look = async (fields) => {
    for (const [name, value] of Object.entries(fields)) await visitor.chat.getByLabel(name).fill(value);
    await visitor.chat.getByRole('button', { name: 'Search' }).click();
  };
  await look({ 'Ticket number': String(closed[6]) });
  await until('one is there', async () => (await rows(visitor).count()) === 1);
  await rows(visitor).filter({ hasText: `#${closed[6]}` }).waitFor();
  await look({ 'Start date': '2020-01-01', 'End date': '2020-12-31' });
  await visitor.chat.getByText('No closed conversation matches these filters.').waitFor();
  const other = await device(t, inbox, { id: 'u-9', name: 'Davi', email: 'davi@example.com' });
  const theirs = await begin(other, 'segredo');
  await resolve(theirs);
  await look({ 'Start date': '', 'End date': '', 'Ticket number': String(theirs) });
  await visitor.chat.getByText('No closed conversation matches these filters.').waitFor();
  await visitor.chat.getByRole('button', { name: 'Clear' }).click();
  await until('five are there again', async () => (await rows(visitor).count()) === 5);

  await rows(visitor).filter({ hasText: `#${closed[2]}` }).click();
  await shows(visitor, 'Assunto 5');
  assert.equal(await say(visitor, 'Aconteceu de novo'), closed[2]);
  await visitor.chat.getByText('Conversation closed').waitFor({ state: 'detached' });
  await back(visitor);
  await visitor.chat.getByRole('tab', { name: 'Active conversations' }).click();
  await rows(visitor).filter({ hasText: `#${closed[2]}` }).waitFor();
  assert.equal(await rows(visitor).count(), 1);

  // The page opens a conversation by its number; that of somebody else it does not.
  await visitor.page.evaluate((number) => globalThis.$cloudchat.open(number), closed[0]);
  await shows(visitor, 'Assunto 7');
  await visitor.page.evaluate((number) => globalThis.$cloudchat.open(number), theirs);
  await visitor.chat.getByRole('tab', { name: 'Active conversations' }).waitFor();
  assert.equal(await visitor.chat.getByText('segredo').count(), 0);
  visitor.watched.clean();
});

test('after the end of a conversation a new one begins, unless everybody is kept to one', async (t) => {
  for (const single of [false, true]) {
    const inbox = await company.inboxCalled('Loja Aurora', { lock_to_single_conversation: single });
    const host = await hostPages(shopPage(paste(server.url, inbox.website_token)), { t });
    const context = await openContext(browser);
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto(host.url);
    await page.locator('#cw-bubble-holder .bubble').click();
    const chat = page.frameLocator('#cw-bubble-holder iframe');
    await chat.locator('.enter').click();
    const visitor = { page, chat };
    const write = async (words) => {
      await chat.locator('textarea').fill(words);
      await chat.locator('textarea').press('Enter');
    };
    await write('Oi');
    const listed = async () => (await company.call('GET', `/conversations?inbox_id=${inbox.id}&status=all`)).data.payload;
    const [first] = await until('it is kept', async () => ((await listed()).length ? listed() : undefined));
    await resolve(first.id);
    await chat.getByText('Conversation closed').waitFor();
    assert.equal(await chat.getByRole('button', { name: 'New conversation' }).count(), single ? 0 : 1);
    await write('Mais uma coisa');
    await chat.getByText('Conversation closed').waitFor({ state: 'detached' });
    await shows(visitor, 'Oi', 'Mais uma coisa');
    const after = await until('the message is kept', async () => {
      const all = await listed();
      return all.some(({ status }) => status === 'open') ? all : undefined;
    });
    assert.equal(after.length, single ? 1 : 2);
  }
});

test('a visitor ends the conversation where the inbox lets them', async (t) => {
  const inbox = await website();
  const visitor = await device(t, inbox, { id: 'u-10', name: 'Eva', email: 'eva@example.com' });
  const number = await begin(visitor, 'Já resolvi, obrigada');
  await visitor.chat.getByRole('button', { name: 'End the conversation' }).click();
  await visitor.chat.getByRole('button', { name: 'Keep it open' }).click();
  await visitor.chat.getByText('End this conversation?').waitFor({ state: 'detached' });
  await visitor.chat.getByRole('button', { name: 'End the conversation' }).click();
  await visitor.chat.getByRole('button', { name: 'End it' }).click();
  await visitor.chat.getByText('Conversation closed').waitFor();
  await until('it is resolved', async () => (await company.call('GET', `/conversations/${number}`)).status === 'resolved');
  visitor.watched.clean();
});
