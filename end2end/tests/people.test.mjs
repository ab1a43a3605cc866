// People and their rights on the screen: two-step sign-in, looking through somebody's eyes, limits, the log of it all.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { accessible, Company, isLive, noSidewaysScroll, openBrowser, PHONE, picture, shots, signIn, startServer, until } from '../support/index.mjs';

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

/** What an authenticator app shows for a key. */
function code(key, at = Date.now()) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...key].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac('sha1', secret).update(step).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

async function alive(page) {
  await page.locator('html[data-alive]').waitFor({ state: 'attached' });
}

async function company(t, people = []) {
  const server = await startServer({ t });
  const made = await Company.open(server, { people });
  const settings = (name) => `/app/accounts/${made.admin.account_id}/settings/${name}`;
  return { server, company: made, settings };
}

test('a second step is switched on, asked for, and opened with a code on paper', async (t) => {
  const { server, company: made, settings } = await company(t);
  const { page, context, watched } = await signIn(browser, server, made.admin, { path: settings('security'), allow: [/status of (401|422)/] });
  t.after(() => context.close());
  await alive(page);
  await page.getByRole('button', { name: 'Switch on' }).click();
  const dialog = page.locator('dialog[open]');
  await dialog.locator('.qr svg path').waitFor();
  await accessible(page, { within: 'dialog[open]' });
  await shots(page, 'people/second-factor');
  const key = await dialog.locator('.copy-text').innerText();
  await dialog.getByLabel('Code from the app').fill('000000');
  await dialog.getByRole('button', { name: 'Switch on' }).click();
  await dialog.getByText('This code is not right').waitFor();
  await dialog.getByLabel('Code from the app').fill(code(key));
  await dialog.getByRole('button', { name: 'Switch on' }).click();
  await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
  const codes = (await page.locator('dialog[open] .copy-text').innerText()).trim().split('\n');
  assert.equal(codes.length, 10);
  await accessible(page, { within: 'dialog[open]' });
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByText('10 recovery codes left').waitFor();
  await accessible(page);
  await shots(page, 'people/security');

  await context.clearCookies();
  await page.goto(`${server.url}${settings('security')}`);
  await alive(page);
  await page.fill('#email', made.admin.email);
  await page.fill('#password', made.admin.password);
  await page.click('button[type=submit].is-primary');
  await page.waitForURL('**/app/second-step*');
  await alive(page);
  await accessible(page);
  await shots(page, 'people/second-step');
  await page.fill('#code', '123456');
  await page.click('button[type=submit].is-primary');
  await page.getByText('This code is not right').waitFor();
  await page.fill('#code', codes[3]);
  await page.click('button[type=submit].is-primary');
  // Back to where the sign-in got in between.
  await page.waitForURL(`**${settings('security')}`);
  await alive(page);
  await page.getByText('9 recovery codes left').waitFor();

  // The other browser is known, and goes.
  await page.getByRole('button', { name: 'Sign out all others' }).click();
  await page.getByText('1 other browser signed out').waitFor();
  assert.equal(await page.locator('.devices > li').count(), 1);
  watched.clean();
});

test('the second step works without scripts', async (t) => {
  const { server, company: made, settings } = await company(t);
  const { access_token: token } = made.admin;
  const { body: setup } = await server.api('POST', '/api/v1/profile/mfa', { token });
  const { body: done } = await server.api('POST', '/api/v1/profile/mfa/verify', { token, body: { otp_code: code(setup.secret) } });
  const context = await browser.newContext({ javaScriptEnabled: false });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(`${server.url}${settings('profile')}`);
  await page.fill('#email', made.admin.email);
  await page.fill('#password', made.admin.password);
  await page.click('button[type=submit].is-primary');
  await page.fill('#code', done.backup_codes[0]);
  await page.click('button[type=submit].is-primary');
  await page.waitForURL(`**${settings('profile')}`);
});

test('an administrator looks through an agent’s eyes, changes nothing, and comes back', async (t) => {
  const { server, company: made, settings } = await company(t, [['Bia Lima', 'bia@example.com']]);
  const bia = (await made.call('GET', '/agents')).find((agent) => agent.name === 'Bia Lima');
  await made.call('PATCH', `/agents/${bia.id}`, { role: 'assistant' });
  await made.call('POST', '/inbox_members', { inbox_id: made.inbox.id, user_ids: [bia.id] });
  const hers = await made.visitor('Carla', 'Para todos');
  const other = await made.visitor('Davi', 'Para a Ana');
  await made.call('POST', `/conversations/${other.conversation}/assignments`, { assignee_id: made.admin.user_id });

  const { page, context, watched } = await signIn(browser, server, made.admin, { path: settings('agents'), allow: [/status of 40[34]/] });
  t.after(() => context.close());
  await alive(page);
  const row = page.getByRole('row', { name: /Bia Lima/ });
  await row.getByRole('button', { name: 'More about Bia Lima' }).click();
  await shots(page, 'people/agents');
  await page.getByRole('menuitem', { name: /View as/ }).click();
  await page.waitForURL('**/conversations');
  await page.getByText('You see the dashboard as Bia Lima does').waitFor();
  await alive(page);
  await isLive(page);
  // Nobody has the conversation yet.
  await page.goto(`${server.url}${settings('agents').replace('/settings/agents', '/conversations?tab=all')}`);
  await alive(page);
  await isLive(page);
  await page.getByText('Carla').first().waitFor();
  assert.equal(await page.getByText('Davi').count(), 0);
  await accessible(page);
  await shots(page, 'people/view-as');
  await page.setViewportSize(PHONE);
  await noSidewaysScroll(page);
  await page.setViewportSize({ width: 1440, height: 900 });

  // She gets it, and sees it; then it is taken from her, while one looks.
  await made.call('POST', `/conversations/${hers.conversation}/assignments`, { assignee_id: made.admin.user_id });
  await until('the conversation is gone', async () => (await page.getByText('Carla').count()) === 0);
  const status = await page.evaluate(async ({ account, id }) => {
    const answer = await fetch('/app/api/inbox/status', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ account, id, status: 'resolved', until: null }),
    });
    return [answer.status, (await answer.json()).code];
  }, { account: made.admin.account_id, id: other.conversation });
  assert.deepEqual(status, [404, 'not_found']);

  await page.getByRole('button', { name: 'Stop' }).click();
  await page.waitForURL(`**${settings('agents')}`);
  assert.equal(await page.locator('.viewing-bar').count(), 0);
  await page.goto(`${server.url}${settings('audit')}`);
  await alive(page);
  await page.getByText('Began to view the dashboard as Bia Lima').waitFor();
  await page.getByText('Role: Agent → Assistant').waitFor();
  await accessible(page);
  await shots(page, 'people/audit');
  await page.getByLabel('What', { exact: true }).selectOption('label');
  await page.getByText('Added the label “vip”').waitFor();
  await until('only labels are left', async () => (await page.getByText('Began to view').count()) === 0);
  await page.setViewportSize(PHONE);
  await noSidewaysScroll(page);
  watched.clean();
});

test('limits, auto-resolve and one’s picture are set on their screens', async (t) => {
  const { server, company: made, settings } = await company(t, [['Bia Lima', 'bia@example.com']]);
  const { page, context, watched } = await signIn(browser, server, made.admin, { path: settings('account'), allow: [/status of 422/] });
  t.after(() => context.close());
  await alive(page);
  await page.getByLabel('Open conversations per agent').fill('0');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('This can’t be used here').or(page.getByText("This can't be used here")).first().waitFor();
  await page.getByLabel('Open conversations per agent').fill('15');
  await page.getByText('Resolve quiet conversations').click();
  await page.locator('#account-after').fill('3');
  await page.getByLabel('Unit').selectOption('hours');
  await page.locator('#account-domain').fill('Loja.com.br');
  await page.locator('#account-support-email').fill('ajuda@loja.com.br');
  await page.locator('#account-industry').fill('Varejo');
  await page.getByLabel('Company size').selectOption('11-50');
  await shots(page, 'people/account');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await until('it is kept', async () => {
    const { body } = await server.api('GET', made.account, { token: made.admin.access_token });
    return body.settings?.assignment_limit === 15;
  });
  const { body: account } = await server.api('GET', made.account, { token: made.admin.access_token });
  assert.deepEqual([account.settings.assignment_limit, account.settings.auto_resolve_after], [15, 180]);
  assert.deepEqual([account.domain, account.support_email], ['loja.com.br', 'ajuda@loja.com.br']);
  assert.deepEqual([account.custom_attributes.industry, account.custom_attributes.company_size], ['Varejo', '11-50']);

  await page.goto(`${server.url}${settings('agents')}`);
  await alive(page);
  const row = page.getByRole('row', { name: /Bia Lima/ });
  assert.match(await row.innerText(), /15/);
  await row.getByRole('button', { name: 'Edit' }).click();
  await page.locator('#agent-limit').fill('4');
  await accessible(page, { within: 'dialog[open]' });
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await until('the limit is shown', async () => /\b4\b/.test(await row.innerText()));

  await page.goto(`${server.url}${settings('profile')}`);
  await alive(page);
  await page.locator('input[type=file]').setInputFiles({ name: 'eu.png', mimeType: 'image/png', buffer: picture(300, 300) });
  await page.locator('.own-picture img').waitFor();
  await accessible(page);
  await shots(page, 'people/profile');
  const mentions = page.getByRole('switch', { name: 'Someone mentions you in a private note' });
  await mentions.click();
  await until('the choice is kept', async () => {
    const { body } = await server.api('GET', `${made.account}/notification_settings`, { token: made.admin.access_token });
    return body.selected_email_flags.length === 3 && !body.selected_email_flags.includes('email_conversation_mention');
  });
  await page.reload();
  await alive(page);
  await mentions.waitFor();
  assert.equal(await mentions.isChecked(), false);
  await page.locator('.own-picture').getByRole('button', { name: 'Remove' }).click();
  await until('the picture is gone', async () => (await page.locator('.own-picture img').count()) === 0);
  watched.clean();
});

test('another e-mail is in force once its link is opened, and an ended session leaves at once', async (t) => {
  const { server, company: made, settings } = await company(t);
  const { page, context, watched } = await signIn(browser, server, made.admin, { path: settings('profile'), allow: [/status of (401|422)/] });
  t.after(() => context.close());
  await alive(page);
  await page.getByRole('button', { name: 'Change e-mail' }).click();
  const dialog = page.locator('dialog[open]');
  await dialog.locator('#new-email').fill('nova@example.com');
  await dialog.locator('#email-password').fill('wrong password');
  await dialog.getByRole('button', { name: 'Send link' }).click();
  await dialog.locator('.field-error:not(.is-hidden)').waitFor();
  await accessible(page, { within: 'dialog[open]' });
  await shots(page, 'people/email');
  await dialog.locator('#email-password').fill(made.admin.password);
  await dialog.getByRole('button', { name: 'Send link' }).click();
  await page.getByText('Open the link we sent to nova@example.com').waitFor();
  await accessible(page);
  await shots(page, 'people/email-waits');

  const pattern = /http:\/\/[^"\s]+\/app\/confirm-email\?token=[\w.~-]+/g;
  const link = await until('the log holds the link', () => server.logs().match(pattern)?.at(-1));
  await page.goto(link);
  await alive(page);
  await accessible(page);
  await shots(page, 'people/confirm-email');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('heading', { name: 'Your e-mail is confirmed' }).waitFor();
  await page.goto(link);
  await page.getByRole('heading', { name: 'This link no longer works' }).waitFor();
  await page.goto(`${server.url}${settings('security')}`);
  await alive(page);

  // Another browser of the same person, with the inbox open.
  const other = await signIn(browser, server, { ...made.admin, email: 'nova@example.com' }, { allow: [/status of 401/, /WebSocket/] });
  t.after(() => other.context.close());
  await isLive(other.page);
  await page.reload();
  await alive(page);
  await page.getByRole('button', { name: 'Sign out all others' }).click();
  await other.page.waitForURL('**/app/login**');
  watched.clean();
});
