// The scripts that an inbox offers its administrators, and the token that proves who visitors are.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { accessible, hostPages, openBrowser, openContext, shopPage, shots, startServer, until, watch } from '../support/index.mjs';
import { Company, signIn } from '../support/people.mjs';

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

async function settings(t, tab) {
  const path = `/app/accounts/${company.admin.account_id}/settings/inboxes/${company.inbox.id}/${tab}`;
  const admin = await signIn(browser, server, company.admin, { path });
  t.after(() => admin.context.close());
  await admin.page.locator('html[data-alive]').waitFor({ state: 'attached' });
  return admin;
}

const inbox = () => company.call('GET', `/inboxes/${company.inbox.id}`);

test('the tab of the widget scripts has the script for people who are signed in, which works as it is', async (t) => {
  const admin = await settings(t, 'scripts');
  await admin.page.getByText('With “Multiple conversations per user” switched on').waitFor();
  await company.call('PATCH', `/inboxes/${company.inbox.id}`, { channel: { multiple_conversations: true } });
  await admin.page.reload();
  await admin.page.locator('html[data-alive]').waitFor({ state: 'attached' });
  await admin.page.getByText('Multiple conversations are on').waitFor();
  await accessible(admin.page);
  await shots(admin.page, 'settings/inbox-scripts');
  const script = await until('the script is there', async () => {
    const texts = await admin.page.locator('pre, code, textarea').allTextContents();
    return texts.find((text) => text.includes('cloudchatSDK') && text.includes('setUser'));
  });
  assert.ok(script.includes(company.inbox.website_token) && script.includes(server.url));
  admin.watched.clean();

  // As a site would fill it in.
  const { hmac_token: token } = await inbox();
  const hash = createHmac('sha256', token).update('u-1').digest('hex');
  const filled = script.replace('USER_ID', 'u-1').replace('IDENTIFIER_HASH', hash).replace('USER_NAME', 'Ana').replace('USER_EMAIL', 'ana@example.org');
  const host = await hostPages(shopPage(filled), { t });
  const context = await openContext(browser);
  t.after(() => context.close());
  const page = await context.newPage();
  const watched = watch(page);
  await page.goto(host.url);
  await page.locator('#cw-bubble-holder .bubble').click();
  const chat = page.frameLocator('#cw-bubble-holder iframe');
  await chat.getByRole('tab', { name: 'Active conversations' }).waitFor();
  watched.clean();
});

test('a replaced token goes on proving until somebody ends that', async (t) => {
  const before = (await inbox()).hmac_token;
  const admin = await settings(t, 'install');
  const { page } = admin;
  await page.getByRole('button', { name: 'Replace token' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Replace token' });
  await dialog.getByRole('button', { name: 'Replace token' }).click();
  const banner = page.getByText('The token before this one is accepted until');
  await banner.waitFor();
  await accessible(page);
  await shots(page, 'settings/inbox-old-token');
  const after = await until('the token is another', async () => {
    const { hmac_token: token } = await inbox();
    return token !== before && token;
  });
  const proves = async (token) => {
    const hash = createHmac('sha256', token).update('u-2').digest('hex');
    const answer = await server.api('PATCH', `/api/v1/widget/contact/set_user?website_token=${company.inbox.website_token}`, {
      body: { identifier: 'u-2', identifier_hash: hash, name: 'Bia' },
    });
    return answer.status === 200;
  };
  assert.deepEqual([await proves(before), await proves(after)], [true, true]);
  // It is told to whoever looks later, too.
  await page.reload();
  await page.locator('html[data-alive]').waitFor({ state: 'attached' });
  await banner.waitFor();
  await page.getByRole('button', { name: 'Stop accepting it' }).click();
  await banner.waitFor({ state: 'detached' });
  await until('the old one proves nothing', async () => !(await proves(before)));
  assert.ok(await proves(after));
  admin.watched.clean();
});
