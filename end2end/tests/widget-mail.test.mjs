// What was said goes by mail: to the visitor who asks for it, and to whom an agent names.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, hostPages, openBrowser, openContext, PHONE, shopPage, shots, startServer, startSmtp, until, watch } from '../support/index.mjs';
import { Company, signIn } from '../support/people.mjs';
import { paste } from '../support/script.mjs';

let browser;
let smtp;
let server;
let company;
before(async () => {
  browser = await openBrowser();
  smtp = await startSmtp();
  server = await startServer({ env: { SMTP_URL: `smtp://127.0.0.1:${smtp.port}` } });
  company = await Company.open(server);
});
after(async () => {
  await browser?.close();
  await server?.remove();
  smtp?.close();
});

const mailed = (to) => until(`a mail to ${to}`, async () => smtp.taken.find((mail) => mail.to.includes(to)));

test('the visitor and the agent send the conversation to an address', async (t) => {
  await company.call('PATCH', `/inboxes/${company.inbox.id}`, { enable_email_collect: true });
  const host = await hostPages(shopPage(paste(server.url, company.inbox.website_token)), { t });
  const context = await openContext(browser, { viewport: PHONE });
  t.after(() => context.close());
  const page = await context.newPage();
  const watched = watch(page);
  await page.goto(host.url);
  await page.locator('#cw-bubble-holder .bubble').click();
  const chat = page.frameLocator('#cw-bubble-holder iframe');
  await chat.locator('.enter').click();
  await chat.locator('.composer textarea').fill('Cade o vaso?');
  await chat.locator('.composer textarea').press('Enter');
  const email = chat.locator('.asked').getByLabel('E-mail');
  await email.fill('bia@example.com');
  await email.press('Enter');
  await chat.locator('.given', { hasText: 'bia@example.com' }).waitFor();
  const kept = await until('the address is the contact’s', async () => {
    const { data } = await company.call('GET', `/conversations?inbox_id=${company.inbox.id}&status=all`);
    return data.payload[0]?.meta.sender.email === 'bia@example.com' && data.payload[0];
  });
  await company.call('POST', `/conversations/${kept.id}/toggle_status`, { status: 'resolved' });
  const ask = chat.getByRole('button', { name: 'Send this conversation to my e-mail' });
  await ask.waitFor();
  await accessible(page.frames().find((frame) => frame.url().includes('/widget')));
  await shots(page, 'widget/transcript', { sizes: ['390'] });
  await ask.click();
  await chat.getByText('Sent. Look into your e-mail in a moment.').waitFor();
  assert.match((await mailed('bia@example.com')).text, /Cade o vaso\?/);
  watched.clean();

  const { admin } = company;
  const agent = await signIn(browser, server, admin, { path: `/app/accounts/${admin.account_id}/conversations/${kept.id}` });
  t.after(() => agent.context.close());
  await agent.page.getByRole('button', { name: 'More actions' }).click();
  await agent.page.getByRole('menuitem', { name: 'Send transcript…' }).click();
  const dialog = agent.page.getByRole('dialog', { name: 'Send the conversation by e-mail' });
  const to = dialog.getByLabel('E-mail address');
  await to.waitFor();
  assert.equal(await to.inputValue(), 'bia@example.com');
  await to.fill('chefe@loja.example');
  await accessible(agent.page);
  await shots(agent.page, 'widget/transcript-agent');
  await dialog.getByRole('button', { name: 'Send', exact: true }).click();
  await agent.page.getByText('The conversation is on its way').waitFor();
  await mailed('chefe@loja.example');
  agent.watched.clean();
});
