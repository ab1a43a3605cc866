// An API inbox from the wizard to the program that is its channel.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import {
  Company, PHONE, accessible, isLive, noSidewaysScroll, openBrowser, shots, signIn, startServer, until,
} from '../support/index.mjs';
import { field, row } from '../support/inbox.mjs';

let browser;
let server;
let program;

before(async () => {
  browser = await openBrowser();
  server = await startServer({ env: { CLOUDCHAT_PRIVATE_WEBHOOKS: 'true' } });
  program = await startProgram();
});
after(async () => {
  await browser?.close();
  await server?.remove();
  program?.close();
});

const alive = (page) => page.locator('html[data-alive]').waitFor({ state: 'attached' });
const sign = (key, text) => createHmac('sha256', key).update(text).digest('hex');

/** A program that hears what happens in its inbox. */
async function startProgram() {
  const heard = [];
  const listener = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      heard.push({ headers: request.headers, raw: body, body: JSON.parse(body) });
      response.writeHead(200).end();
    });
  });
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return { heard, url: `http://127.0.0.1:${listener.address().port}/hook`, close: () => listener.close() };
}

/** The page can be used by everybody at both sizes; pictures of it. */
async function looksGood(page, name) {
  const size = page.viewportSize();
  await shots(page, `inbox-api/${name}`);
  await accessible(page);
  await page.setViewportSize(PHONE);
  await noSidewaysScroll(page);
  await page.locator('.settings-page').evaluateAll((pages) => pages.forEach((page) => page.scrollTo(0, page.scrollHeight)));
  await shots(page, `inbox-api/${name}-end`, { sizes: [390] });
  await accessible(page);
  await page.setViewportSize(size);
}

const next = (page) => page.locator('.wizard-actions:visible .is-primary').click();
const copied = (page, id) => page.locator(`#${id}`);

/** A secret of the page, looked at and covered again. */
async function secret(page, id) {
  const box = page.locator('.copy-field', { has: copied(page, id) });
  await until('it is covered', async () => /^•+$/.test(await copied(page, id).innerText()));
  await box.getByRole('button', { name: 'Show' }).click();
  const text = await until('it is shown', async () => {
    const text = await copied(page, id).innerText();
    return /^[\w-]{16,}$/.test(text) && text;
  });
  await box.getByRole('button', { name: 'Hide' }).click();
  return text;
}

test('a program becomes a channel: made in the wizard, set up, and it hears and speaks', async (t) => {
  const own = await Company.open(server, { people: [['Bia Lima', 'bia@loja.example']] });
  const settings = `/app/accounts/${own.admin.account_id}/settings/inboxes`;
  const { context, page, watched } = await signIn(browser, server, own.admin, { path: `${settings}/new`, allow: [/422/] });
  t.after(() => context.close());
  await alive(page);
  await looksGood(page, 'channels');
  await page.locator('.choice-card[href$="/api"]').click();
  await page.locator('#inbox-name').fill('Aplicativo');
  await page.locator('#field-webhook_url').fill('sem endereço');
  await looksGood(page, 'new');
  await next(page);
  await page.locator('#inbox-agents').click();
  await page.getByRole('option', { name: /Bia Lima/ }).click();
  await page.keyboard.press('Escape');
  await looksGood(page, 'new-agents');
  await next(page);
  // What is wrong is shown where it can be mended.
  await page.locator('#field-webhook_url[aria-invalid="true"]').waitFor();
  await looksGood(page, 'new-wrong');
  await page.locator('#field-webhook_url').fill('');
  await next(page);
  await next(page);
  await page.waitForURL(/\d+\/ready$/);
  await looksGood(page, 'ready');
  await next(page);
  await page.waitForURL(/install$/);

  const kept = async () => (await own.call('GET', '/inboxes')).payload.find((one) => one.name === 'Aplicativo');
  const made = await until('the inbox is there', kept);
  assert.equal(await copied(page, 'inbox-identifier').innerText(), made.inbox_identifier);
  assert.equal(await secret(page, 'inbox-telling'), made.webhook_secret);
  assert.equal(await secret(page, 'inbox-identity'), made.hmac_token);
  await looksGood(page, 'install');

  // Where the program listens, and that it has to prove for whom it speaks.
  await page.locator('#field-webhook_url').fill('ftp://loja.example');
  await page.getByText('Require proof of identity').click();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.locator('#field-webhook_url[aria-invalid="true"]').waitFor();
  await looksGood(page, 'install-wrong');
  await page.locator('#field-webhook_url').fill(program.url);
  await page.getByRole('button', { name: 'Save changes' }).click();
  await until('it is kept', async () => {
    const { webhook_url: address, hmac_mandatory: isMandatory } = await kept();
    return address === program.url && isMandatory;
  });

  // Another token; the one before is good for a while, until it is ended.
  await page.getByRole('button', { name: 'Replace token' }).click();
  await looksGood(page, 'replace');
  await page.getByRole('dialog').getByRole('button', { name: 'Replace token' }).click();
  await page.getByText('The token before this one is accepted until').waitFor();
  const token = await secret(page, 'inbox-identity');
  assert.notEqual(token, made.hmac_token);
  await looksGood(page, 'replaced');
  const client = (method, path, body) =>
    server.api(method, `/public/api/v1/inboxes/${made.inbox_identifier}${path}`, { body });
  const proof = (key) => ({ identifier: '42', identifier_hash: sign(key, '42'), name: 'Maria Silva' });
  assert.equal((await client('POST', '/contacts', proof(made.hmac_token))).status, 200);
  await page.getByRole('button', { name: 'Stop accepting it' }).click();
  await page.getByText('The token before this one is accepted until').waitFor({ state: 'detached' });
  assert.equal((await client('POST', '/contacts', proof(made.hmac_token))).status, 401);
  const joined = await client('POST', '/contacts', proof(token));
  assert.equal(joined.status, 200);
  const place = `/contacts/${joined.body.source_id}/conversations`;
  const proven = `?identifier=42&identifier_hash=${sign(token, '42')}`;
  const begun = await client('POST', place + proven, {});
  const said = await client('POST', `${place}/${begun.body.id}/messages${proven}`, { content: 'Onde está meu pedido?' });
  assert.equal(said.status, 200);

  await page.goto(`${server.url}/app/accounts/${own.admin.account_id}/conversations?tab=all`);
  await alive(page);
  await isLive(page);
  await row(page, 'Maria Silva').click();
  await field(page).fill('Saiu hoje.');
  await page.locator('.send-button').click();
  const heard = await until('the program hears the answer', () => program.heard.find((one) => one.body.content === 'Saiu hoje.'));
  assert.equal(heard.body.event, 'message_created');
  const signed = `${heard.headers['x-chatwoot-timestamp']}.${heard.raw}`;
  assert.equal(heard.headers['x-chatwoot-signature'], `sha256=${sign(made.webhook_secret, signed)}`);
  const typed = await until('it heard that somebody types', () => program.heard.find((one) => one.body.event === 'conversation_typing_on'));
  assert.equal(typed.body.user.email, own.admin.email);
  watched.clean();
});

test('its name and its agents are changed, and its settings speak of no chat', async (t) => {
  const own = await Company.open(server, { email: 'rui@loja.example', people: [['Eva Dias', 'eva@loja.example']] });
  const inbox = await own.call('POST', '/inboxes', { name: 'ERP', channel: { type: 'api', webhook_url: program.url } });
  const settings = `/app/accounts/${own.admin.account_id}/settings/inboxes/${inbox.id}`;
  const { context, page, watched } = await signIn(browser, server, own.admin, { path: settings });
  t.after(() => context.close());
  await alive(page);
  await page.getByText('How your team tells this inbox from others.').waitFor();
  assert.equal(await page.getByText('How the chat presents itself').count(), 0);
  await page.locator('#inbox-name').fill('Sistema');
  await looksGood(page, 'settings');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await until('the name is kept', async () => (await own.call('GET', `/inboxes/${inbox.id}`)).name === 'Sistema');
  await page.getByRole('heading', { name: 'Sistema' }).waitFor();

  await page.getByRole('link', { name: 'Agents' }).last().click();
  await page.waitForURL(/agents$/);
  await page.locator('#inbox-agents').click();
  await page.getByRole('option', { name: /Eva Dias/ }).click();
  await page.keyboard.press('Escape');
  await looksGood(page, 'members');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await until('she answers there', async () => {
    const { payload } = await own.call('GET', `/inbox_members/${inbox.id}`);
    return payload.some((one) => one.email === 'eva@loja.example');
  });
  watched.clean();
});
