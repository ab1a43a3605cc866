// Contacts from a table: the template, what is wrong with a table, what became of its rows.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { accessible, Company, openBrowser, shots, signIn, startServer } from '../support/index.mjs';

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

const table = (text, name = 'clientes da feira.csv') => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text, 'latin1') });

async function downloaded(page, link) {
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  return (await readFile(await download.path(), 'utf8')).replace('\ufeff', '');
}

test('a table is sent, corrected and becomes contacts', async (t) => {
  const server = await startServer({ t });
  const own = await Company.open(server);
  const base = `/app/accounts/${own.admin.account_id}/contacts`;
  const { page, context, watched } = await signIn(browser, server, own.admin, { path: base, allow: [/status of 422/] });
  t.after(() => context.close());
  await page.locator('html[data-alive]').waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Import' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import contacts' });
  const template = await downloaded(page, dialog.getByRole('link', { name: 'Download a template' }));
  assert.match(template, /^name,email,phone_number,identifier,company,city,tags/);
  await accessible(page, { within: 'dialog[open]' });
  await shots(page, 'import/empty');

  const choose = dialog.locator('input[type=file]');
  await choose.setInputFiles(table('email;CPF do cliente\na@example.com;1\n'));
  await dialog.getByText('These columns are not known').waitFor();
  assert.match(await dialog.locator('.banner').innerText(), /with that key\.\s+CPF do cliente$/);
  await shots(page, 'import/wrong');

  // As a spreadsheet on Windows writes it in Portuguese, with a row that cannot be taken.
  await choose.setInputFiles(table('Nome;E-mail;Telefone\r\nJo\xe3o Concei\xe7\xe3o;joao@example.com;+55 11 98765-4321\r\nSem nada;;\r\n'));
  await dialog.getByText('All 2 rows').waitFor();
  assert.equal(await dialog.locator('.banner').count(), 0);
  await dialog.getByText('1 new · 0 updated · 1 not taken').waitFor();
  await accessible(page, { within: 'dialog[open]' });
  await shots(page, 'import/done');
  const failed = await downloaded(page, dialog.getByRole('link', { name: 'Download the rows that were not taken' }));
  assert.match(failed, /^Nome,E-mail,Telefone,errors\nSem nada,,,"A contact needs/);

  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'João Conceição' }).first().waitFor();
  await page.goto(`${server.url}${base}?imports=1`);
  await dialog.getByText('clientes da feira.csv').waitFor();
  watched.clean();
});
