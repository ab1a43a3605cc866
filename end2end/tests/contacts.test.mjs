// Contacts, custom attributes and the search, as an agent uses them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Company, accessible, isLive, noSidewaysScroll, openBrowser, shots, signIn, startServer, until } from '../support/index.mjs';

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

/** A company of its own for each test, with the browser of its administrator on a page. */
async function company(t) {
  companies += 1;
  const company = await Company.open(server, { email: `ana${companies}@example.com` });
  const base = `/app/accounts/${company.admin.account_id}`;
  const open = async (path, wishes = {}) => {
    const desk = await signIn(browser, server, company.admin, { path: base + path, ...wishes });
    t.after(() => desk.context.close());
    await isLive(desk.page);
    return { ...desk, to: (next) => desk.page.goto(server.url + base + next).then(() => isLive(desk.page)) };
  };
  return { company, open };
}

const make = async (company, contact) => (await company.call('POST', '/contacts', contact)).payload.contact.id;
const names = (page) => page.locator('.person-row .row-link').allInnerTexts();
const shows = (page, ...wanted) => until(`the list shows ${wanted}`, async () => JSON.stringify(await names(page)) === JSON.stringify(wanted));
/** Presses a fact, types, and keeps it. */
async function write(page, label, text) {
  await page.locator('.contact-value', { hasText: `${label}: ` }).click();
  await page.getByLabel(label, { exact: true }).fill(text);
  await page.keyboard.press('Enter');
}

test('an attribute is defined, filled in, and says what is wrong', async (t) => {
  const { company: own, open } = await company(t);
  const visitor = await own.visitor('Maria Silva', 'Oi');
  const { page, watched, to } = await open('/settings/custom-attributes', { allow: [/422/] });
  await page.getByRole('button', { name: 'Add attribute' }).click();
  await page.getByLabel('Name').fill('Código do cartão');
  assert.equal(await page.getByLabel('Key').inputValue(), 'codigo_do_cartao');
  await page.getByLabel('Regular expression').fill('([');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('This pattern can\'t be read').waitFor();
  await page.getByLabel('Regular expression').fill('^(?=.*\\d)[a-z\\d]{4,}$');
  await page.getByLabel('Hint').fill('Letters and at least one digit');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('cell', { name: 'codigo_do_cartao' }).waitFor();
  for (const [name, kind, options] of [['Plan', 'list', 'Gold\nSilver'], ['Newsletter', 'checkbox'], ['Birthday', 'date'], ['Orders', 'number'], ['Site', 'link']]) {
    await page.getByRole('button', { name: 'Add attribute' }).click();
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Type').selectOption(kind);
    if (options) await page.getByLabel('Options').fill(options);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('cell', { name: name.toLowerCase(), exact: true }).waitFor();
  }
  await page.getByRole('tab', { name: 'Conversations' }).click();
  await page.getByRole('button', { name: 'Add attribute' }).click();
  await page.getByLabel('Name').fill('Order');
  await page.getByLabel('Type').selectOption('number');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('cell', { name: 'order', exact: true }).waitFor();
  await accessible(page);
  await noSidewaysScroll(page);
  await shots(page, 'attributes');

  await to(`/conversations/${visitor.conversation}`);
  await write(page, 'Código do cartão', 'abcd');
  await page.getByRole('alert').getByText('Letters and at least one digit').waitFor();
  await page.getByLabel('Código do cartão', { exact: true }).fill('abc1');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'abc1' }).waitFor();
  await page.getByLabel('Plan').selectOption('Gold');
  await page.getByRole('switch', { name: 'Newsletter' }).click();
  await write(page, 'Birthday', '1990-02-01');
  await write(page, 'Orders', '12');
  await write(page, 'Order', '77');
  const id = (await own.call('GET', `/conversations/${visitor.conversation}`)).meta.sender.id;
  const wanted = { codigo_do_cartao: 'abc1', plan: 'Gold', newsletter: true, birthday: '1990-02-01', orders: 12 };
  await until('the values are kept', async () => {
    const { payload } = await own.call('GET', `/contacts/${id}`);
    const sorted = (object) => JSON.stringify(Object.entries(object).sort());
    return sorted(payload.custom_attributes) === sorted(wanted);
  });
  await until('the order is kept', async () => (await own.call('GET', `/conversations/${visitor.conversation}`)).custom_attributes.order === 77);
  await accessible(page, { within: '.details-pane' });
  await shots(page, 'attributes-of-a-conversation');
  watched.clean();
});

test('contacts are found, ordered, labelled and made', async (t) => {
  const { company: own, open } = await company(t);
  for (const [name, email, phone_number] of [['Álvaro Reis', 'alvaro@example.com'], ['Bruna Dias', 'bruna@example.com', '+5511988887777'], ['Carla Melo', 'carla@example.com']]) {
    await make(own, { name, email, phone_number, additional_attributes: { company_name: `Casa ${name[0]}` } });
  }
  const { page, watched } = await open('/contacts?sort=name', { allow: [/422/] });
  await shows(page, 'Álvaro Reis', 'Bruna Dias', 'Carla Melo');
  await accessible(page);
  await noSidewaysScroll(page);
  await shots(page, 'contacts');
  await page.getByRole('searchbox').fill('alvaro');
  await shows(page, 'Álvaro Reis');
  assert.match(page.url(), /q=alvaro/);
  await page.getByRole('searchbox').fill('8888-7777');
  await shows(page, 'Bruna Dias');
  await page.getByRole('searchbox').fill('');
  await shows(page, 'Álvaro Reis', 'Bruna Dias', 'Carla Melo');
  await page.getByLabel('Order').selectOption('-name');
  await shows(page, 'Carla Melo', 'Bruna Dias', 'Álvaro Reis');

  for (const name of ['Carla Melo', 'Bruna Dias']) await page.getByLabel(`Select ${name}`).check();
  await page.locator('.people-picked').getByRole('button', { name: 'Labels' }).click();
  await page.locator('#people-labels-list').getByRole('option', { name: 'vip' }).click();
  await page.getByText('Label added to 2 contacts').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('combobox', { name: 'Labels' }).selectOption('vip');
  await shows(page, 'Carla Melo', 'Bruna Dias');

  await page.getByRole('button', { name: 'Add contact' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add contact' });
  await dialog.getByLabel('Name').fill('Davi Rocha');
  await dialog.getByLabel('E-mail').fill('BRUNA@example.com');
  await dialog.getByRole('button', { name: 'Add contact' }).click();
  await dialog.getByText('already in use').waitFor();
  await dialog.getByRole('link', { name: 'Show the contact who has it' }).waitFor();
  await dialog.getByLabel('E-mail').fill('davi@example.com');
  await dialog.getByLabel('Phone').fill('+55 11 7777-6666');
  await dialog.getByRole('button', { name: 'Add contact' }).click();
  await page.getByRole('heading', { name: 'Davi Rocha' }).waitFor();
  await page.getByRole('button', { name: '+5511977776666' }).waitFor();
  watched.clean();
});

test('a contact is kept up, merged, taken apart, blocked and erased', async (t) => {
  const { company: own, open } = await company(t);
  const visitor = await own.visitor('Maria Silva', 'Minha entrega atrasou');
  const id = (await own.call('GET', `/conversations/${visitor.conversation}`)).meta.sender.id;
  await own.call('PATCH', `/contacts/${id}`, { email: 'maria@example.com' });
  await make(own, { name: 'Maria S.', email: 'maria@work.example', phone_number: '+5511966665555' });
  const { page, watched } = await open(`/contacts/${id}`, { allow: [/422/, /404/] });
  await page.getByRole('heading', { name: 'Maria Silva' }).waitFor();
  await page.getByRole('link', { name: 'Minha entrega atrasou' }).waitFor();
  await write(page, 'Company', 'Lume Casa');
  await write(page, 'City', 'Recife');
  await until('the facts are kept', async () => {
    const { additional_attributes: more } = (await own.call('GET', `/contacts/${id}`)).payload;
    return more.company_name === 'Lume Casa' && more.city === 'Recife';
  });
  await write(page, 'E-mail', 'maria@work.example');
  await page.getByRole('alert').getByText('already has this').waitFor();
  await page.keyboard.press('Escape');
  await page.getByLabel('Write a note').fill('Prefers the morning');
  await page.getByRole('button', { name: 'Save note' }).click();
  await page.locator('.note-row', { hasText: 'Prefers the morning' }).waitFor();
  await page.getByRole('button', { name: 'Add label' }).click();
  await page.getByRole('option', { name: 'vip' }).click();
  await page.keyboard.press('Escape');
  await page.locator('.label-chip', { hasText: 'vip' }).waitFor();
  await accessible(page);
  await noSidewaysScroll(page);
  await shots(page, 'contact');

  await page.getByRole('button', { name: 'Merge', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Merge with a duplicate' });
  await dialog.getByRole('searchbox').fill('maria s');
  await dialog.getByRole('button', { name: /Maria S\./ }).click();
  await dialog.getByText('Maria S. will become part of Maria Silva').waitFor();
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
  await page.getByRole('button', { name: '+5511966665555' }).waitFor();
  await page.getByRole('button', { name: 'Take apart' }).click();
  await page.getByText('Maria S. is a contact of their own again').waitFor();
  await until('the number went back', async () => (await own.call('GET', `/contacts/${id}`)).payload.phone_number === null);

  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Block' }).click();
  await page.locator('.person-names').getByText('Blocked').waitFor();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Erase contact' }).click();
  const confirm = page.getByRole('dialog', { name: 'Erase Maria Silva?' });
  await confirm.getByRole('textbox').fill('Maria Silva');
  await confirm.getByRole('button', { name: 'Erase contact' }).click();
  await page.waitForURL('**/contacts');
  await shows(page, 'Maria S.');
  const answer = await server.api('GET', `${own.account}/contacts/${id}`, { token: own.admin.access_token });
  assert.equal(answer.status, 404);
  watched.clean();
});

test('a search finds people, conversations and messages, and leads to the message', async (t) => {
  const { company: own, open } = await company(t);
  const joao = await own.visitor('João Pereira', 'A geladeira chegou com a porta amassada');
  for (let number = 1; number <= 60; number += 1) await joao.say(`mensagem ${number}`);
  await joao.isCalled('João Pereira', 'joao@example.com');
  const { page, watched, to } = await open('/search');
  await page.getByText('Search everything').waitFor();
  await page.getByRole('searchbox').fill('JOAO');
  await page.locator('.found-group', { hasText: 'Contacts' }).locator('mark', { hasText: 'João' }).waitFor();
  await page.locator('.found-group', { hasText: 'Conversations' }).getByRole('link', { name: /João Pereira/ }).waitFor();
  await page.getByRole('searchbox').fill('porta amass');
  await page.locator('mark', { hasText: 'amass' }).waitFor();
  await accessible(page);
  await noSidewaysScroll(page);
  await shots(page, 'search');
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(/conversations\/\d+\?message=\d+/);
  const message = page.locator('.message', { hasText: 'A geladeira chegou' });
  await message.waitFor();
  await until('the message is on the screen', () => message.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  }));
  await to('/search');
  await page.getByRole('link', { name: 'porta amass' }).waitFor();
  await page.getByRole('searchbox').fill(`#${joao.conversation}`);
  await page.locator('.found-group', { hasText: 'Conversations' }).getByRole('link', { name: /João Pereira/ }).waitFor();
  await page.getByRole('searchbox').fill('nadadisso');
  await page.getByText('Nothing found').waitFor();
  watched.clean();
});

test('contacts are filtered, and the filter is kept as a segment', async (t) => {
  const { company: own, open } = await company(t);
  for (const [name, city] of [['Álvaro Reis', 'São Paulo'], ['Bruna Dias', 'Recife'], ['Carla Melo', 'SÃO PAULO']]) {
    await make(own, { name, email: `${name[0].toLowerCase()}@example.com`, additional_attributes: { city } });
  }
  const { page, watched } = await open('/contacts?sort=name', { allow: [/422/] });
  await shows(page, 'Álvaro Reis', 'Bruna Dias', 'Carla Melo');
  await page.keyboard.press('f');
  const dialog = page.getByRole('dialog', { name: 'Filter contacts' });
  await dialog.waitFor();
  await dialog.getByLabel('Field').selectOption('city');
  await dialog.getByLabel('Comparison').selectOption('contains');
  await dialog.getByRole('textbox', { name: 'Value' }).fill('sao');
  await accessible(page);
  await shots(page, 'contact-filter');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await shows(page, 'Álvaro Reis', 'Carla Melo');
  assert.match(page.url(), /sort=name.*filter=/);
  await page.reload();
  await isLive(page);
  await shows(page, 'Álvaro Reis', 'Carla Melo');
  await accessible(page);
  await noSidewaysScroll(page);
  await shots(page, 'contacts-filtered');

  await page.getByRole('button', { name: 'Edit or keep' }).click();
  await dialog.getByText('Keep as a segment').click();
  await dialog.getByLabel('Name of the segment').fill('Paulistanos');
  await dialog.getByText('For everybody').click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Paulistanos' }).waitFor();
  assert.match(page.url(), /segment=\d+/);
  await shows(page, 'Carla Melo', 'Álvaro Reis');
  const [segment] = await until('the segment is kept', async () => {
    const kept = await own.call('GET', '/custom_filters?filter_type=contact');
    return kept.length > 0 && kept;
  });
  assert.deepEqual([segment.name, segment.shared, segment.query.payload.length], ['Paulistanos', true, 1]);

  // Whoever comes to belong to it appears, and whoever does not any more goes.
  const bruna = (await own.call('GET', '/contacts/search?q=bruna')).payload[0].id;
  await own.call('PATCH', `/contacts/${bruna}`, { additional_attributes: { city: 'são paulo' } });
  await until('Bruna is in the segment', async () => (await names(page)).includes('Bruna Dias'));
  await own.call('PATCH', `/contacts/${bruna}`, { additional_attributes: { city: 'Olinda' } });
  await until('Bruna has left the segment', async () => !(await names(page)).includes('Bruna Dias'));
  // And so it is when somebody changes what it is about.
  const payload = [{ attribute_key: 'city', filter_operator: 'equal_to', values: ['olinda'], query_operator: null }];
  await own.call('PATCH', `/custom_filters/${segment.id}`, { query: { payload } });
  await shows(page, 'Bruna Dias');

  await page.getByRole('button', { name: 'Expand' }).click();
  const rail = page.locator('.rail');
  await rail.getByRole('link', { name: 'Paulistanos' }).and(page.locator('[aria-current]')).waitFor();
  await accessible(page);
  await shots(page, 'contacts-segment');
  await page.getByRole('combobox', { name: 'Segment' }).selectOption({ label: 'All contacts' });
  await until('all are shown', async () => (await names(page)).length === 3);
  await rail.getByRole('link', { name: 'Paulistanos' }).click();
  await shows(page, 'Bruna Dias');
  await page.getByRole('button', { name: 'Edit segment' }).click();
  const edit = page.getByRole('dialog', { name: 'Edit segment' });
  await edit.getByRole('button', { name: 'Delete segment' }).click();
  await page.getByLabel('Type the name of the segment to confirm').fill('Paulistanos');
  await page.getByRole('button', { name: 'Delete segment' }).last().click();
  await until('all are shown again', async () => (await names(page)).length === 3);
  await until('it is gone', async () => (await own.call('GET', '/custom_filters?filter_type=contact')).length === 0);
  // Addresses of other products lead to the same.
  const kept = await own.call('POST', '/custom_filters', { name: 'Em Olinda', filter_type: 'contact', query: { payload } });
  await page.goto(`${server.url}/app/accounts/${own.admin.account_id}/contacts/segments/${kept.id}`);
  await isLive(page);
  await shows(page, 'Bruna Dias');

  await page.goto(`${server.url}/app/accounts/${own.admin.account_id}/contacts?sort=name`);
  await isLive(page);
  for (const name of ['Álvaro Reis', 'Carla Melo']) await page.getByLabel(`Select ${name}`).check();
  await page.locator('.people-picked').getByRole('button', { name: 'Erase' }).click();
  const confirm = page.getByRole('dialog', { name: 'Erase 2 contacts?' });
  await confirm.getByRole('textbox').fill('2 contacts');
  await confirm.getByRole('button', { name: 'Erase' }).click();
  await page.getByText('2 contacts erased').waitFor();
  await shows(page, 'Bruna Dias');
  watched.clean();
});

test('the page of a contact writes to them, and notices when they are gone', async (t) => {
  const { company: own, open } = await company(t);
  const maria = await own.visitor('Maria Silva', 'Oi');
  const id = (await own.call('GET', `/conversations/${maria.conversation}`)).meta.sender.id;
  const { page, watched, to } = await open(`/contacts/${id}`, { allow: [/404/] });
  await page.getByRole('button', { name: 'New message' }).click();
  const dialog = page.getByRole('dialog', { name: 'New message to Maria Silva' });
  await dialog.locator('textarea').fill('Seu pedido saiu hoje.');
  await accessible(page);
  await shots(page, 'contact-new-message');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'New message' }).click();
  await dialog.locator('textarea').fill('Seu pedido saiu hoje.');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await page.waitForURL(/conversations\/\d+/);
  await page.locator('.message .bubble', { hasText: 'Seu pedido saiu hoje.' }).waitFor();

  const double = await make(own, { name: 'Maria S.', email: 'maria@work.example' });
  await to(`/contacts/${double}`);
  await page.getByRole('heading', { name: 'Maria S.' }).waitFor();
  await own.call('POST', '/actions/contact_merge', { base_contact_id: id, mergee_contact_id: double });
  await page.getByText('This contact is now part of another one').waitFor();
  await accessible(page);
  await shots(page, 'contact-gone');
  await page.getByRole('link', { name: 'Show that contact' }).click();
  await page.getByRole('heading', { name: 'Maria Silva' }).waitFor();
  const other = await make(own, { name: 'Davi Rocha', email: 'davi@example.com' });
  await to(`/contacts/${other}`);
  await page.getByRole('heading', { name: 'Davi Rocha' }).waitFor();
  await own.call('DELETE', `/contacts/${other}`);
  await page.getByText('This contact was deleted').waitFor();
  await page.getByRole('link', { name: 'All contacts' }).click();
  await shows(page, 'Maria Silva');
  watched.clean();
});
