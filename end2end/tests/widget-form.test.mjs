// What a visitor is asked before they write, from the settings of the inbox to the agent's screen.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, hostPages, openBrowser, openContext, PHONE, shopPage, shots, startServer, until, watch } from '../support/index.mjs';
import { Company, signIn } from '../support/people.mjs';
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

test('an administrator sets the form up, a visitor answers it, and the answers are kept', async (t) => {
  await company.call('POST', '/custom_attribute_definitions', {
    attribute_display_name: 'Pedido', attribute_key: 'pedido', attribute_display_type: 'text', attribute_model: 'conversation_attribute',
    regex_pattern: '^[A-Z]{2}-\\d+$', regex_cue: 'Como AB-123',
  });
  const { inbox } = company;
  const settings = `/app/accounts/${company.admin.account_id}/settings/inboxes/${inbox.id}/pre-chat`;
  const admin = await signIn(browser, server, company.admin, { path: settings });
  t.after(() => admin.context.close());
  await admin.page.locator('html[data-alive]').waitFor({ state: 'attached' });
  await admin.page.getByText('Ask before the first message').click();
  await admin.page.getByLabel('Text above the fields').fill('Antes de começar, conte quem você é.');
  await admin.page.locator('.chat-form', { hasText: 'Antes de começar, conte quem você é.' }).waitFor();
  const field = (name) => admin.page.locator('.ask-row', { hasText: name });
  await field('E-mail').locator('.ask-head').getByText('E-mail').click();
  await admin.page.getByLabel('Custom attribute').selectOption({ label: 'Pedido' });
  await admin.page.getByRole('button', { name: 'Add field' }).click();
  await field('Pedido').getByText('Required').click();
  await admin.page.getByRole('button', { name: 'Move Pedido up' }).click();
  await admin.page.locator('.chat-form', { hasText: 'Pedido' }).waitFor();
  await accessible(admin.page);
  await shots(admin.page, 'widget/form-settings');
  await admin.page.getByRole('button', { name: 'Save changes' }).click();
  await until('it is kept', async () => (await company.call('GET', `/inboxes/${inbox.id}`)).pre_chat_form_enabled);
  admin.watched.clean();

  const host = await hostPages(shopPage(paste(server.url, inbox.website_token)), { t });
  const context = await openContext(browser, { viewport: PHONE });
  t.after(() => context.close());
  const page = await context.newPage();
  const watched = watch(page, { allow: [/422/] });
  await page.goto(host.url);
  await page.locator('#cw-bubble-holder .bubble').click();
  const chat = page.frameLocator('#cw-bubble-holder iframe');
  await chat.locator('.enter').click();
  await chat.getByText('Antes de começar, conte quem você é.').waitFor();
  assert.equal(await chat.locator('textarea').count(), 0);
  const frame = page.frames().find((frame) => frame.url().includes('/widget'));
  await accessible(frame);
  await chat.getByLabel('E-mail').fill('bia@example.com');
  await chat.getByLabel('Pedido').fill('123');
  await chat.getByRole('button', { name: 'Start conversation' }).click();
  await chat.getByText('Como AB-123').waitFor();
  await shots(page, 'widget/form', { sizes: ['390'] });
  await chat.getByLabel('Pedido').fill('AB-123');
  await chat.getByRole('button', { name: 'Start conversation' }).click();
  await chat.locator('textarea').fill('Onde está?');
  await chat.locator('textarea').press('Enter');
  const kept = await until('the conversation is kept', async () => {
    const { data } = await company.call('GET', `/conversations?inbox_id=${inbox.id}&status=all`);
    return data.payload[0];
  });
  assert.equal(kept.custom_attributes.pedido, 'AB-123');
  assert.equal(kept.meta.sender.email, 'bia@example.com');
  watched.clean();
});
