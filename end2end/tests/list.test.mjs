// The list as a tool: filters, saved views, many conversations at once, undo, and everything by keyboard.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, Company, isLive, noSidewaysScroll, openBrowser, PHONE, shots, signIn, startServer, until } from '../support/index.mjs';
import { field, item, row, showsCounts, showsRows } from '../support/inbox.mjs';

let browser;
let server;
before(async () => {
  browser = await openBrowser();
  server = await startServer();
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

let companies = 0;

/** A company of its own for each test. */
async function open() {
  companies += 1;
  return Company.open(server, { email: `marina${companies}@aurora.example` });
}

async function desk(t, company, path, wishes) {
  const desk = await signIn(browser, server, company.admin, { path: `/app/accounts/${company.admin.account_id}${path}`, ...wishes });
  t.after(() => desk.context.close());
  await isLive(desk.page);
  return desk;
}

/** What the server says of a conversation. */
const stands = (company, id) => company.call('GET', `/conversations/${id}`);

const toast = (page, text) => page.locator('.toast', { hasText: text });

test('a filter is built, kept as a view, shared by its address, changed and deleted', async (t) => {
  const company = await open();
  const ana = await company.visitor('Ana Lopes', 'Oi');
  await company.call('POST', `/conversations/${ana.conversation}/labels`, { labels: ['vip'] });
  await company.visitor('Bruno Dias', 'Olá');
  const { page, watched } = await desk(t, company, '/conversations?tab=all');
  await showsRows(page, 'Bruno Dias', 'Ana Lopes');
  await page.keyboard.press('f');
  const dialog = page.getByRole('dialog', { name: 'Filter conversations' });
  await dialog.waitFor();
  await accessible(page);
  await shots(page, 'filter');
  const field = dialog.getByLabel('Field').first();
  await field.selectOption('labels');
  await dialog.getByRole('button', { name: /^Value/ }).click();
  await page.getByRole('option', { name: 'vip' }).click();
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await showsRows(page, 'Ana Lopes');
  assert.match(page.url(), /filter=/);
  // The address alone leads there, and back leads away.
  await page.reload();
  await isLive(page);
  await showsRows(page, 'Ana Lopes');

  // Another alternative: either is enough.
  await page.getByRole('button', { name: 'Edit or keep' }).click();
  await dialog.getByRole('button', { name: 'Or…' }).click();
  await dialog.getByLabel('Field').nth(1).selectOption('contact_name');
  await dialog.getByLabel('Comparison').nth(1).selectOption('contains');
  await dialog.getByRole('textbox', { name: 'Value' }).fill('bruno');
  await dialog.getByText('Keep as a view').click();
  await dialog.getByLabel('Name of the view').fill('VIP e Bruno');
  await dialog.getByText('For everybody').click();
  await shots(page, 'filter-keep', { sizes: [1440, 390] });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await showsRows(page, 'Bruno Dias', 'Ana Lopes');
  assert.match(page.url(), /custom_view\/\d+/);
  await page.getByRole('heading', { name: 'VIP e Bruno' }).waitFor();

  // It follows what happens: the label goes, and so does the row.
  await company.call('POST', `/conversations/${ana.conversation}/labels`, { labels: [] });
  await showsRows(page, 'Bruno Dias');

  // A colleague has it too, in the menu.
  const [view] = await until('the view is kept', async () => {
    const kept = await company.call('GET', '/custom_filters');
    return kept.length > 0 && kept;
  });
  assert.deepEqual([view.name, view.shared, view.query.payload.length], ['VIP e Bruno', true, 2]);

  await page.getByRole('button', { name: 'Edit view' }).click();
  const edit = page.getByRole('dialog', { name: 'Edit view' });
  await edit.getByLabel('Name of the view').fill('Só o Bruno');
  await edit.getByRole('button', { name: 'Remove condition' }).first().click();
  await edit.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Só o Bruno' }).waitFor();
  await showsRows(page, 'Bruno Dias');
  await page.getByRole('button', { name: 'Edit view' }).click();
  await edit.getByRole('button', { name: 'Delete view' }).click();
  await page.getByLabel('Type the name of the view to confirm').fill('Só o Bruno');
  await page.getByRole('button', { name: 'Delete view' }).last().click();
  await page.waitForURL(/\/conversations/);
  await until('it is gone', async () => (await company.call('GET', '/custom_filters')).length === 0);
  watched.clean();
});

test('the wide rail leads to folders and counts them', async (t) => {
  const company = await open();
  const clara = await company.visitor('Clara Nunes', 'Oi');
  await company.call('POST', `/conversations/${clara.conversation}/labels`, { labels: ['vip'] });
  const payload = [{ attribute_key: 'contact_name', filter_operator: 'contains', values: ['clara'], query_operator: null }];
  await company.call('POST', '/custom_filters', { name: 'Clara', filter_type: 'conversation', query: { payload } });
  const { page, watched } = await desk(t, company, '/conversations?tab=all');
  await page.locator('.rail').getByRole('button', { name: 'Expand' }).click();
  const link = (name) => page.locator('.rail-group .rail-link', { hasText: name });
  for (const name of ['Clara', 'vip', 'Loja Aurora']) {
    await until(`${name} is counted`, async () => (await link(name).locator('.count').textContent()) === '1');
  }
  await link('vip').click();
  await page.waitForURL(/\/label\/vip/);
  await page.locator('.rail-group .rail-link[aria-current]', { hasText: 'vip' }).waitFor();
  await link('Clara').click();
  await showsRows(page, 'Clara Nunes');
  await page.goBack();
  await page.waitForURL(/\/label\/vip/);
  await accessible(page);
  await shots(page, 'rail', { sizes: [1440] });
  watched.clean();
});

test('what somebody follows has its list, and views are put into another order', async (t) => {
  const company = await open();
  const clara = await company.visitor('Clara Nunes', 'Oi');
  const davi = await company.visitor('Davi Rocha', 'Olá');
  for (const name of ['Primeira', 'Segunda', 'Terceira']) {
    const payload = [{ attribute_key: 'status', filter_operator: 'equal_to', values: ['open'], query_operator: null }];
    await company.call('POST', '/custom_filters', { name, filter_type: 'conversation', query: { payload } });
  }
  const me = company.admin.user_id;
  await company.call('POST', `/conversations/${davi.conversation}/participants`, { user_ids: [me] });
  const { page, watched } = await desk(t, company, '/conversations?tab=all');
  await page.locator('.rail').getByRole('button', { name: 'Expand' }).click();
  const link = (name) => page.locator('.rail-group .rail-link', { hasText: name });
  await until('what is followed is counted', async () => (await link('Participating').locator('.count').textContent()) === '1');
  await link('Participating').click();
  await page.waitForURL(/\/participating/);
  await showsRows(page, 'Davi Rocha');
  await company.call('POST', `/conversations/${clara.conversation}/participants`, { user_ids: [me] });
  await showsRows(page, 'Davi Rocha', 'Clara Nunes');
  await row(page, 'Clara').click();
  await page.waitForURL(/\/participating\/conversations\//);
  await link('Mentions').click();
  await page.waitForURL(/\/mentions/);
  await showsRows(page);

  const group = page.locator('.rail-group').first();
  const views = async () => (await group.locator('.rail-link .rail-label').allInnerTexts()).slice(3).join();
  assert.equal(await views(), 'Primeira,Segunda,Terceira');
  await link('Terceira').focus();
  await page.keyboard.press('Alt+ArrowUp');
  await page.getByText('Terceira is now at place 2 of 3').waitFor({ state: 'attached' });
  await page.keyboard.press('Alt+ArrowUp');
  await until('it went up twice', async () => (await views()) === 'Terceira,Primeira,Segunda');
  await until('it has the keyboard still', () => link('Terceira').evaluate((element) => element === document.activeElement));
  await link('Segunda').dragTo(link('Terceira'));
  await until('it was drawn to the top', async () => (await views()) === 'Segunda,Terceira,Primeira');
  await until('the order is kept', async () => (await company.call('GET', '/custom_filters')).map(({ name }) => name).join() === 'Segunda,Terceira,Primeira');
  await accessible(page);
  await shots(page, 'rail-order', { sizes: [1440] });
  await page.reload();
  await isLive(page);
  assert.equal(await views(), 'Segunda,Terceira,Primeira');
  watched.clean();
});

test('a key that comes before the conversation works once it is there', async (t) => {
  const company = await open();
  const eva = await company.visitor('Eva Prado', 'Preciso de ajuda');
  const { page, watched } = await desk(t, company, '/conversations?tab=all');
  await showsRows(page, 'Eva Prado');
  let release;
  const held = new Promise((done) => { release = done; });
  await page.route('**/app/api/inbox/open', async (route) => {
    await held;
    await route.continue();
  });
  await row(page, 'Eva').click();
  await page.waitForURL(/conversations\/\d+/);
  await page.keyboard.press('p');
  assert.equal(await page.getByRole('option', { name: 'Urgent' }).count(), 0);
  release();
  await page.getByRole('option', { name: 'Urgent' }).click();
  await until('it is urgent', async () => (await stands(company, eva.conversation)).priority === 'urgent');
  watched.clean();
});

test('many conversations are changed at once, and that is undone', async (t) => {
  const company = await open();
  const names = ['Um', 'Dois', 'Três', 'Quatro'];
  const visitors = [];
  for (const name of names) visitors.push(await company.visitor(name, 'Oi'));
  const { page, watched } = await desk(t, company, '/conversations?tab=all');
  await showsRows(page, 'Quatro', 'Três', 'Dois', 'Um');
  const box = (name) => page.getByRole('checkbox', { name: `Select ${name}` });
  await row(page, 'Quatro').hover();
  await box('Quatro').click();
  const bar = page.getByRole('toolbar', { name: 'Selected conversations' });
  await bar.getByText('1 selected').waitFor();
  await box('Dois').click({ modifiers: ['Shift'] });
  await bar.getByText('3 selected').waitFor();
  await accessible(page);
  await shots(page, 'bulk');
  // A label and an owner from the keyboard, then resolved from the bar.
  await page.keyboard.press('l');
  await page.getByRole('option', { name: 'vip' }).click();
  await toast(page, '3 conversations changed').waitFor();
  assert.deepEqual((await stands(company, visitors[1].conversation)).labels, ['vip']);
  await page.keyboard.press('z');
  await toast(page, '3 conversations are as they were').waitFor();
  assert.deepEqual((await stands(company, visitors[1].conversation)).labels, []);

  await box('Quatro').click();
  await bar.getByRole('button', { name: 'Select all loaded' }).click();
  await bar.getByText('4 selected').waitFor();
  await bar.getByRole('button', { name: 'Resolve' }).click();
  await showsRows(page);
  await showsCounts(page, 0, 0, 0);
  // Somebody else changes one; the undo leaves that one alone.
  await company.call('POST', `/conversations/${visitors[0].conversation}/toggle_status`, { status: 'pending' });
  await toast(page, '4 conversations changed').getByRole('button', { name: 'Undo' }).click();
  await toast(page, '1 was left as it is').waitFor();
  await showsRows(page, 'Quatro', 'Três', 'Dois');
  await page.keyboard.press('Escape');
  watched.clean();
});

test('a conversation is worked with the keyboard alone, and every step can be undone', async (t) => {
  const company = await open();
  const eva = await company.visitor('Eva Prado', 'Preciso de ajuda');
  await company.visitor('Fábio Melo', 'Bom dia');
  const { page, watched } = await desk(t, company, '/conversations?tab=all', { allow: [/status of 409/] });
  await showsRows(page, 'Fábio Melo', 'Eva Prado');
  for (const key of ['j', 'j', 'Enter']) await page.keyboard.press(key);
  await page.locator('.conversation-name', { hasText: 'Eva Prado' }).waitFor();
  await page.locator('#composer-text').waitFor();
  await page.keyboard.press('i');
  await toast(page, 'Assigned to you').waitFor();
  await page.keyboard.press('z');
  await until('nobody has it', async () => (await stands(company, eva.conversation)).meta.assignee === undefined);
  await page.keyboard.press('p');
  await page.getByRole('option', { name: 'Urgent' }).click();
  await until('it is urgent', async () => (await stands(company, eva.conversation)).priority === 'urgent');
  await page.keyboard.press('h');
  await page.keyboard.type('tomorrow');
  await page.keyboard.press('Enter');
  await until('it is put aside', async () => (await stands(company, eva.conversation)).status === 'snoozed');
  // Meanwhile a colleague opens it: then there is nothing to undo.
  await company.call('POST', `/conversations/${eva.conversation}/toggle_status`, { status: 'open' });
  await until('the page knows', async () => (await row(page, 'Eva Prado').count()) === 1);
  await page.keyboard.press('z');
  await toast(page, 'changed by somebody else').waitFor();
  // Resolve, and on to the next.
  await page.keyboard.press('Shift+E');
  await page.locator('.conversation-name', { hasText: 'Fábio Melo' }).waitFor();
  await until('it is resolved', async () => (await stands(company, eva.conversation)).status === 'resolved');

  await page.keyboard.press('r');
  await page.keyboard.type('Bom dia, Fábio');
  await page.keyboard.press('Alt+e');
  await until('resolved while typing', async () => (await page.locator('.status-button', { hasText: 'Reopen' }).count()) === 1);
  await page.keyboard.press('Alt+n');
  await page.waitForURL((url) => !url.search.includes('tab=all'));
  watched.clean();
});

test('the palette finds, goes and does; the sheet of shortcuts lists every key', async (t) => {
  const company = await open();
  const gil = await company.visitor('Gil Torres', 'A luminária chegou quebrada');
  const { page, watched } = await desk(t, company, `/conversations/${gil.conversation}?tab=all`);
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Command palette' });
  await palette.waitFor();
  await accessible(page);
  await shots(page, 'palette');
  await page.keyboard.type('luminaria');
  await palette.getByRole('option', { name: /Gil Torres/ }).first().waitFor();
  await page.keyboard.press('Escape');
  await palette.waitFor({ state: 'hidden' });
  await page.keyboard.press('Control+k');
  await palette.waitFor();
  await page.keyboard.type('vip');
  await palette.getByRole('option', { name: 'vip' }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/label\/vip/);
  // What was chosen last comes first.
  await page.keyboard.press('Control+k');
  await palette.getByText('Recent').waitFor();
  assert.match(await palette.getByRole('option').first().innerText(), /vip/);
  await page.keyboard.press('Escape');
  await palette.waitFor({ state: 'hidden' });

  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await sheet.waitFor();
  assert.ok((await sheet.locator('.shortcut').count()) >= 25);
  await accessible(page);
  await shots(page, 'shortcuts');
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'hidden' });

  // On a page without conversations it still goes places.
  await page.goto(`${server.url}/app/accounts/${company.admin.account_id}/settings`);
  await page.locator('[data-alive]').waitFor({ state: 'attached' });
  await page.keyboard.press('Control+k');
  await palette.waitFor();
  await page.keyboard.type('go to conv');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/conversations/);
  watched.clean();
});

test('what is typed while the palette is on its way is for the palette', async (t) => {
  const company = await open();
  const gil = await company.visitor('Gil Torres', 'Oi');
  const { page, watched } = await desk(t, company, `/conversations/${gil.conversation}?tab=all`);
  await field(page).waitFor();
  let asked = 0;
  let letThrough;
  const gate = new Promise((resolve) => {
    letThrough = resolve;
  });
  await page.route('**/pkg/*.wasm', async (route) => {
    asked += 1;
    await gate;
    await route.continue();
  });
  await page.keyboard.press('Control+k');
  await until('its program is asked for', () => asked > 0);
  // By itself the first letter would resolve the conversation.
  await page.keyboard.type('exx');
  await page.keyboard.press('Backspace');
  letThrough();
  const words = page.getByRole('dialog', { name: 'Command palette' }).getByRole('combobox');
  await words.waitFor();
  await until('the letters are there', async () => (await words.inputValue()) === 'ex');
  await page.keyboard.type('p');
  assert.equal(await words.inputValue(), 'exp');
  assert.equal((await stands(company, gil.conversation)).status, 'open');
  watched.clean();
});

test('a contact is muted, and a message is marked unread', async (t) => {
  const company = await open();
  const hugo = await company.visitor('Hugo Reis', 'Primeira');
  await hugo.say('Segunda');
  const { page, watched } = await desk(t, company, `/conversations/${hugo.conversation}?tab=all&status=all`);
  await until('it is read', async () => (await stands(company, hugo.conversation)).unread_count === 0);
  const message = page.locator('.message', { hasText: 'Primeira' });
  await message.hover();
  await message.getByRole('button', { name: 'Mark as unread from here' }).click();
  await until('two are unread', async () => (await stands(company, hugo.conversation)).unread_count === 2);
  await page.getByRole('button', { name: 'More actions' }).first().click();
  await item(page, 'Mute contact').click();
  await until('the contact is muted', async () => (await stands(company, hugo.conversation)).muted);
  assert.equal((await stands(company, hugo.conversation)).status, 'resolved');
  await hugo.say('Alô?');
  assert.equal((await stands(company, hugo.conversation)).status, 'resolved');
  await page.getByRole('button', { name: 'More actions' }).first().click();
  await item(page, 'Unmute contact').click();
  await until('the contact is heard', async () => !(await stands(company, hugo.conversation)).muted);
  watched.clean();
});

test('the tools fit on a phone', async (t) => {
  const company = await open();
  const { page, watched } = await desk(t, company, '/conversations?tab=all&status=all', { viewport: PHONE });
  await page.keyboard.press('f');
  await page.getByRole('dialog', { name: 'Filter conversations' }).waitFor();
  await noSidewaysScroll(page);
  await page.keyboard.press('Escape');
  watched.clean();
});
