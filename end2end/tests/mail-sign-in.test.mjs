// An e-mail inbox whose mailbox is opened by signing in at its provider, lost, and opened again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  Company, PHONE, accessible, noSidewaysScroll, openBrowser, shots, signIn, startImap, startProvider, startServer, startSmtp, until,
} from '../support/index.mjs';

const ADDRESS = 'suporte@loja.example';

let browser;
let server;
let provider;
let imap;
let smtp;

const mail = (number) =>
  ['From: Bia Costa <bia@cliente.example>', `To: ${ADDRESS}`, `Subject: Pedido ${number}`, `Message-ID: <${number}@c>`, '', 'Oi', ''].join('\r\n');

const mails = [mail(1)];

before(async () => {
  browser = await openBrowser();
  provider = await startProvider(ADDRESS);
  imap = await startImap(mails, { isGood: provider.isGood });
  smtp = await startSmtp({ isGood: provider.isGood });
  server = await startServer({ env: { CLOUDCHAT_PRIVATE_MAIL_SERVERS: 'true', ...provider.env(imap, smtp) } });
});
after(async () => {
  await browser?.close();
  await server?.remove();
  provider?.close();
  imap?.close();
  smtp?.close();
});

const alive = (page) => page.locator('html[data-alive]').waitFor({ state: 'attached' });

async function looksGood(page, name) {
  const size = page.viewportSize();
  await shots(page, `mail-sign-in/${name}`);
  await accessible(page);
  await page.setViewportSize(PHONE);
  await noSidewaysScroll(page);
  await page.setViewportSize(size);
}

const conversations = async (own) => (await own.call('GET', '/conversations?status=all')).data.payload.length;
const theInbox = async (own) => (await own.call('GET', '/inboxes')).payload.find((one) => one.email);

test('somebody signs in at their provider, and again when it wants them to', async (t) => {
  const own = await Company.open(server);
  const settings = `/app/accounts/${own.admin.account_id}/settings/inboxes`;
  const { context, page } = await signIn(browser, server, own.admin, { path: `${settings}/new` });
  t.after(() => context.close());
  await alive(page);
  await page.locator('.choice-card', { hasText: 'E-mail' }).click();
  await page.locator('.choice-card', { hasText: 'Google' }).waitFor();
  await looksGood(page, 'providers');

  // Who is not registered says so.
  await page.locator('.choice-card', { hasText: 'Microsoft' }).click();
  await page.locator('.banner', { hasText: 'MICROSOFT_CLIENT_ID' }).waitFor();
  assert.ok(await page.locator('.wizard-actions .is-primary').isDisabled());
  await page.locator('.wizard-actions a').click();
  await page.locator('.choice-card', { hasText: 'Google' }).click();

  // A no, and another try.
  await page.locator('#sign-in-email').fill(ADDRESS);
  await looksGood(page, 'address');
  await page.locator('.wizard-actions .is-primary').click();
  await page.locator('#deny').click();
  await page.waitForURL(/refused=denied$/);
  await alive(page);
  await page.locator('.banner.is-danger').first().waitFor();
  await looksGood(page, 'refused');
  await page.locator('#sign-in-email').fill(ADDRESS);
  await page.locator('input[name="mail-back"][value="all"]').check({ force: true });
  await page.locator('.wizard-actions .is-primary').click();
  await page.locator('#allow').click();
  await page.waitForURL(/answer$/);
  await alive(page);
  await looksGood(page, 'agents');
  await page.locator('.wizard-actions .is-primary').click();
  await page.waitForURL(/ready$/);
  await looksGood(page, 'ready');
  await page.locator('.wizard-actions .is-primary').click();
  await page.waitForURL(/mail$/);
  await page.locator('.signed-in', { hasText: ADDRESS }).waitFor();
  await looksGood(page, 'connected');
  await until('the mail is a conversation', async () => (await conversations(own)) === 1);

  // Revoked: nothing is read until somebody signs in again, and then everything.
  provider.revoke();
  mails.push(mail(2));
  const inbox = await theInbox(own);
  const switched = async (on) => own.call('PATCH', `/inboxes/${inbox.id}`, { channel: { imap_enabled: on } });
  await until('the inbox says so', async () => {
    // Reads at once, instead of in a minute. A token that is quite new is believed in for a while.
    await switched(true);
    return (await theInbox(own)).reauthorization_required;
  }, { timeout: 150_000 });
  await page.goto(`${server.url}${settings}`);
  await alive(page);
  await page.locator('.badge.is-danger').waitFor();
  await looksGood(page, 'list');
  await page.locator('.row-link', { hasText: 'Suporte Loja' }).click();
  await page.locator('.banner.is-danger .banner-action').waitFor();
  await looksGood(page, 'lost');
  await page.locator('.banner.is-danger .banner-action').first().click();
  await page.locator('#allow').click();
  await page.waitForURL(/mail$/);
  await alive(page);
  await page.locator('.signed-in .badge.is-success').waitFor();
  const strips = async () => (await page.locator('.banner.is-danger:visible').allInnerTexts()).join('; ');
  await until('no strip is left', async () => (await strips()) === '').catch(async (error) => {
    throw new Error(`${error.message}: ${await strips()}`);
  });
  await until('the other mail is one too', async () => (await conversations(own)) === 2);
});
