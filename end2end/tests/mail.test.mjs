// An e-mail inbox from its first screen to the answer that leaves.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  Company, PHONE, accessible, isLive, noSidewaysScroll, openBrowser, picture, shots, signIn, startImap, startServer, startSmtp, until,
} from '../support/index.mjs';
import { field, row } from '../support/inbox.mjs';

let browser;
let server;
let imap;
let smtp;

const HTML = [
  'From: Bia Costa <bia@cliente.example>', 'To: suporte@loja.example', 'Cc: rui@cliente.example', 'Subject: Pedido 4711',
  'Message-ID: <1@cliente.example>', 'Date: Sat, 21 Nov 2026 10:00:00 -0300', 'MIME-Version: 1.0',
  'Content-Type: text/html; charset=utf-8', '',
  '<p>Onde está o <b>pedido</b>?</p><img src="https://tracker.example/p.gif"><script>document.title="x"</script>',
  '<div class="gmail_quote">Em sex., Loja escreveu:<blockquote>Texto antigo</blockquote></div>', '',
].join('\r\n');

before(async () => {
  browser = await openBrowser();
  imap = await startImap([HTML]);
  smtp = await startSmtp();
  server = await startServer({ env: { CLOUDCHAT_PRIVATE_MAIL_SERVERS: 'true' } });
});
after(async () => {
  await browser?.close();
  await server?.remove();
  imap?.close();
  smtp?.close();
});

const alive = (page) => page.locator('html[data-alive]').waitFor({ state: 'attached' });

/** The page can be used by everybody at both sizes; pictures of it. */
async function looksGood(page, name) {
  const size = page.viewportSize();
  await shots(page, `mail/${name}`);
  await accessible(page);
  await page.setViewportSize(PHONE);
  await noSidewaysScroll(page);
  await page.setViewportSize(size);
}

async function fill(page, way, port, password) {
  await page.locator(`#mail-${way}-address`).fill('127.0.0.1');
  await page.locator(`#mail-${way}-encryption`).selectOption('none');
  await page.locator(`#mail-${way}-port`).fill(String(port));
  await page.locator(`#mail-${way}-login`).fill('suporte');
  await page.locator(`#mail-${way}-password`).fill(password);
}

test('an address becomes an inbox, its mail a conversation, and the answer a mail', async (t) => {
  const own = await Company.open(server);
  const settings = `/app/accounts/${own.admin.account_id}/settings/inboxes`;
  const { context, page, watched } = await signIn(browser, server, own.admin, { path: `${settings}/new` });
  t.after(() => context.close());
  await alive(page);
  await page.locator('.choice-card', { hasText: 'E-mail' }).click();
  await page.locator('.choice-card[href$="/other"]').click();
  await page.locator('#inbox-name').fill('Suporte');
  await page.locator('#field-email').fill('suporte@loja.example');
  await looksGood(page, 'new');
  await page.locator('.wizard-actions:visible .is-primary').click();
  await page.locator('.wizard-actions:visible .is-primary').click();
  await page.waitForURL(/ready$/);
  await page.locator('.wizard-actions .is-primary').click();
  await page.waitForURL(/mail$/);

  // The server's own words, and nothing kept.
  await fill(page, 'imap', imap.port, 'errada');
  await page.getByRole('button', { name: /IMAP/ }).click();
  await page.locator('.banner', { hasText: 'Wrong password.' }).waitFor();
  await looksGood(page, 'refused');
  await fill(page, 'imap', imap.port, 'geheim');
  await page.locator('input[name="mail-back"][value="all"]').check({ force: true });
  await page.getByRole('button', { name: /IMAP/ }).click();
  await page.locator('.toast').first().waitFor();
  await fill(page, 'smtp', smtp.port, 'geheim');
  await page.getByRole('button', { name: /SMTP/ }).click();
  await until('both servers are kept', async () => {
    const { payload } = await own.call('GET', '/inboxes');
    const inbox = payload.find((one) => one.email);
    return inbox.imap_enabled && inbox.smtp_enabled;
  });
  await looksGood(page, 'servers');

  const { id } = await until('the mail is a conversation', async () => {
    const { data } = await own.call('GET', '/conversations?status=all');
    return data.payload[0];
  });
  await page.goto(`${server.url}/app/accounts/${own.admin.account_id}/conversations?tab=all`);
  await alive(page);
  await isLive(page);
  await row(page, 'Bia Costa').click();
  const frame = page.frameLocator('.mail-frame');
  await frame.getByText('pedido').waitFor();
  assert.equal(await frame.locator('script').count(), 0);
  assert.equal(await frame.locator('img[src^="https:"]').count(), 0);
  assert.equal(await frame.getByText('Texto antigo').count(), 0);
  await page.locator('.mail-tools button').first().click();
  await frame.getByText('Texto antigo').waitFor();
  await until('the frame is as high as the mail', async () => (await page.locator('.mail-frame').boundingBox()).height < 200);
  await page.locator('.composer-copied', { hasText: 'rui@cliente.example' }).waitFor();
  await looksGood(page, 'thread');

  await page.locator('.composer-copied').click();
  await page.locator('.composer-copy input').last().fill('chefe@loja.example');
  await field(page).fill('Saiu **hoje**.');
  await page.locator('.send-button').click();
  await until('the answer has left', () => smtp.taken.length === 1);
  const [mail] = smtp.taken;
  assert.deepEqual(mail.to, ['bia@cliente.example', 'rui@cliente.example', 'chefe@loja.example']);
  assert.match(mail.text, /In-Reply-To: <1@cliente.example>/);
  assert.match(mail.text, /Subject: Re: Pedido 4711/);
  await page.locator('.message .mail-people', { hasText: 'chefe@loja.example' }).waitFor();
  await until('it counts as sent', async () => (await own.call('GET', `/conversations/${id}/messages`)).payload.at(-1).status === 'sent');

  // A picture in the middle of the text, and one that was taken away with its place.
  await field(page).fill('Veja aqui: ');
  await page.locator('.composer input[type=file]').setInputFiles(['foto 1.png', 'outra.png'].map(
    (name) => ({ name, mimeType: 'image/png', buffer: picture(300, 200) }),
  ));
  await page.getByRole('button', { name: 'Place foto 1.png in the text' }).click();
  await page.getByRole('button', { name: 'Place outra.png in the text' }).click();
  assert.equal(await field(page).inputValue(), 'Veja aqui: ![foto-1.png](cid:foto-1.png)![outra.png](cid:outra.png)');
  await looksGood(page, 'pictures');
  await page.getByRole('button', { name: 'Remove outra.png' }).click();
  await until('its place went with it', async () => (await field(page).inputValue()) === 'Veja aqui: ![foto-1.png](cid:foto-1.png)');
  await page.locator('.send-button').click();
  await until('the picture has left', () => smtp.taken.length === 2);
  const plain = smtp.taken[1].text.replaceAll(/=\r?\n/g, '').replaceAll('=3D', '=');
  assert.match(plain, /Veja aqui: <img src="cid:[^"]+" alt="foto-1.png"/);
  assert.match(plain, /Veja aqui: \[foto-1.png\]/);
  await page.locator('.message .own-picture', { hasText: 'foto-1.png' }).waitFor();
  watched.clean();
});

test('somebody is written to first, with a subject and copies, and their answer joins', async (t) => {
  const own = await Company.open(server, { email: 'eva@example.com' });
  const channel = {
    type: 'email', email: 'vendas@loja.example', smtp_enabled: true, smtp_address: '127.0.0.1', smtp_port: smtp.port,
    smtp_encryption: 'none', smtp_login: 'suporte', smtp_password: 'geheim',
    imap_enabled: true, imap_address: '127.0.0.1', imap_port: imap.port, imap_encryption: 'none', imap_login: 'suporte',
    imap_password: 'geheim', imap_import_days: 0,
  };
  const inbox = await own.call('POST', '/inboxes', { name: 'Vendas', channel });
  const { payload } = await own.call('POST', '/contacts', { name: 'Caio Reis', email: 'caio@cliente.example' });
  const before = smtp.taken.length;
  const path = `/app/accounts/${own.admin.account_id}/contacts/${payload.contact.id}`;
  const { context, page, watched } = await signIn(browser, server, own.admin, { path, allow: [/422/] });
  t.after(() => context.close());
  await alive(page);
  await page.locator('.person-actions .is-primary').click();
  await page.locator('#new-message-inbox').selectOption({ label: 'Vendas' });
  await page.locator('#new-message-subject').fill('Seu orçamento');
  await page.locator('#new-message-cc').fill('rui@cliente.example, nobody');
  await page.locator('#new-message-bcc').fill('chefe@loja.example');
  await page.locator('#new-message-content').fill('Segue o orçamento.');
  const dialog = page.getByRole('dialog');
  const send = dialog.locator('.is-primary');
  await send.click();
  // What is no address is told, and nothing that was written is lost.
  await dialog.locator('.banner.is-danger').waitFor();
  await looksGood(page, 'new-message');
  await page.locator('#new-message-cc').fill('rui@cliente.example');
  await send.click();
  await until('the mail has left', () => smtp.taken.length === before + 1);
  const mail = smtp.taken.at(-1);
  assert.deepEqual(mail.to, ['caio@cliente.example', 'rui@cliente.example', 'chefe@loja.example']);
  assert.match(mail.text, /Subject: .*=\?utf-8\?[bq]\?/i);
  assert.match(mail.text, /Cc: rui@cliente.example/);
  assert.doesNotMatch(mail.text, /chefe@/);
  const name = /Message-ID: <([^>]+)>/.exec(mail.text)[1];
  await page.waitForURL(/conversations\/\d+/);
  await page.locator('.message .mail-people', { hasText: 'chefe@loja.example' }).waitFor();

  imap.add([
    'From: Caio Reis <caio@cliente.example>', 'To: vendas@loja.example', 'Subject: Re: outra coisa', 'Message-ID: <77@cliente.example>',
    `In-Reply-To: <${name}>`, '', 'Fechado!', '',
  ].join('\r\n'));
  await until('the answer is in the same conversation', async () => {
    await own.call('PATCH', `/inboxes/${inbox.id}`, { channel: { imap_enabled: true } });
    const { data } = await own.call('GET', '/conversations?status=all');
    assert.equal(data.payload.length, 1);
    const messages = await own.call('GET', `/conversations/${data.payload[0].id}/messages`);
    return messages.payload.some((message) => message.content.includes('Fechado!'));
  });
  watched.clean();
});
