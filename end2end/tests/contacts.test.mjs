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
