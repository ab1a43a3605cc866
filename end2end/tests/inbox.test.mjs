// The agents' inbox: its list, what can be done with a conversation, and how it stays up to date.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Company, isLive, openBrowser, signIn, startServer, until } from '../support/index.mjs';
import { bubbles, field, item, row, says, showsCounts, showsRows } from '../support/inbox.mjs';

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

/** A company of its own for each test, with the browser of its administrator on a page of the inbox. */
async function inbox(t, { query = '', people, allow, init, ...wishes } = {}) {
  companies += 1;
  const company = await Company.open(server, { email: `ana${companies}@example.com`, people });
  const open = async (path = `/conversations${query}`) => {
    const desk = await signIn(browser, server, company.admin, { path: `/app/accounts/${company.admin.account_id}${path}`, allow, init, ...wishes });
    t.after(() => desk.context.close());
    await isLive(desk.page);
    return desk;
  };
  return { company, open };
}

async function shown(company, id) {
  return company.call('GET', `/conversations/${id}`);
}

async function becomes(company, id, what, is) {
  await until(what, async () => is(await shown(company, id)));
}

test('the tabs and their counts follow what happens', async (t) => {
  const { company, open } = await inbox(t, { people: [['Bruno Lima', 'bruno@example.com']] });
  const maria = await company.visitor('Maria Silva', 'Oi, tudo bem?');
  const { page, watched } = await open();
  await page.getByText('Nothing assigned to you').waitFor();
  await showsCounts(page, 0, 1, 1);
  await page.getByRole('link', { name: 'See unassigned' }).click();
  await showsRows(page, 'Maria Silva');

  const joao = await company.visitor('João Pereira', 'Vocês entregam em Recife?');
  await showsRows(page, 'João Pereira', 'Maria Silva');
  await showsCounts(page, 0, 2, 2);
  await maria.say('Alguém aí?');
  await showsRows(page, 'Maria Silva', 'João Pereira');
  await row(page, 'Maria').locator('.row-unread', { hasText: '2' }).waitFor();
  assert.match(await row(page, 'Maria').innerText(), /Alguém aí\?/);

  await company.call('POST', `/conversations/${joao.conversation}/assignments`, { assignee_id: company.admin.user_id });
  await showsCounts(page, 1, 1, 2);
  await showsRows(page, 'Maria Silva');
  await page.locator('.tab', { hasText: 'Mine' }).click();
  await showsRows(page, 'João Pereira');
  await page.locator('.tab', { hasText: 'All' }).click();
  await showsRows(page, 'João Pereira', 'Maria Silva');
  await company.call('POST', `/conversations/${joao.conversation}/toggle_status`, { status: 'resolved' });
  await showsCounts(page, 0, 1, 1);
  await showsRows(page, 'Maria Silva');

  // The filter is in the address, and can be taken back.
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.locator('#list-filter').getByRole('link', { name: 'Resolved' }).click();
  await showsRows(page, 'João Pereira');
  assert.match(page.url(), /status=resolved/);
  await page.reload();
  await showsRows(page, 'João Pereira');
  await page.getByRole('link', { name: 'Remove filter: Resolved' }).click();
  await showsRows(page, 'Maria Silva');
  await page.goBack();
  await showsRows(page, 'João Pereira');
  watched.clean();
});

test('search finds words of messages, and the order can be chosen', async (t) => {
  const { company, open } = await inbox(t, { query: '?tab=all' });
  await company.visitor('Maria Silva', 'Meu boleto venceu');
  await company.visitor('João Pereira', 'Quero trocar a geladeira');
  const { page, watched } = await open();
  await showsRows(page, 'João Pereira', 'Maria Silva');
  await page.keyboard.press('/');
  await page.getByRole('searchbox', { name: 'Search messages' }).fill('boleto');
  await showsRows(page, 'Maria Silva');
  await page.keyboard.press('Escape');
  await showsRows(page, 'João Pereira', 'Maria Silva');
  await page.getByRole('button', { name: 'Sort by' }).click();
  await item(page, 'Oldest first').click();
  await showsRows(page, 'Maria Silva', 'João Pereira');
  await page.keyboard.press('/');
  await page.getByRole('searchbox').fill('nada disso existe');
  await page.getByText('No conversation matches').waitFor();
  watched.clean();
});

test('the keyboard is enough', async (t) => {
  const { company, open } = await inbox(t, { query: '?tab=all' });
  await company.visitor('Maria Silva', 'Um');
  await company.visitor('João Pereira', 'Dois');
  const { page, watched } = await open();
  await showsRows(page, 'João Pereira', 'Maria Silva');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.locator('.conversation-name', { hasText: 'Maria Silva' }).waitFor();
  await field(page).waitFor();
  await page.keyboard.press('n');
  await page.locator('.composer.is-note').waitFor();
  await page.keyboard.type('Cliente antiga');
  await page.keyboard.press('Escape');
  await page.keyboard.press('r');
  await page.locator('.composer.is-reply').waitFor();
  await page.keyboard.type('Oi, Maria!');
  await page.keyboard.press('Enter');
  await says(page, 'Oi, Maria!');
  await showsRows(page, 'Maria Silva', 'João Pereira');
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.locator('.conversation-name', { hasText: 'João Pereira' }).waitFor();
  watched.clean();
});

test('messages stand in groups, and a private note stays among agents', async (t) => {
  const { company, open } = await inbox(t, { query: '?tab=all' });
  const maria = await company.visitor('Maria Silva', 'Oi', 'Comprei uma **luminária**', 'Ela veio https://loja.example/p/7 apagada');
  const { page, watched } = await open();
  await row(page, 'Maria').click();
  await field(page).fill('Vou olhar');
  await field(page).press('Enter');
  await field(page).fill('Um instante');
  await field(page).press('Enter');
  await page.locator('.message-group.is-own .ticks').waitFor();
  assert.equal(await page.locator('.message-group.is-other').count(), 1);
  assert.equal(await page.locator('.message-group.is-other .message').count(), 3);
  assert.equal(await page.locator('.message-group.is-own').count(), 1);
  assert.equal(await page.locator('.message-group.is-own .message').count(), 2);
  assert.equal(await page.locator('.message-group.is-other .avatar').count(), 1);
  assert.equal(await page.locator('.day-separator', { hasText: 'Today' }).count(), 1);
  const link = page.locator('.bubble a[href="https://loja.example/p/7"]');
  assert.match(await link.getAttribute('rel'), /noopener/);

  await page.getByRole('tab', { name: 'Private note' }).click();
  await field(page).fill('Já é a **terceira** vez');
  await page.getByRole('button', { name: 'Add note' }).click();
  const note = page.locator('.message-group.is-note');
  await note.locator('strong', { hasText: 'terceira' }).waitFor();
  await note.getByText('Only your team sees this').waitFor();
  const read = await maria.reads();
  assert.ok(!JSON.stringify(read).includes('terceira'));
  assert.equal(read.filter((message) => message.message_type === 1).length, 2);

  // Read and unread, seen from here.
  await maria.seesAll();
  await page.locator('.message-group.is-own .ticks.is-read').waitFor();
  // A message can be answered, and taken back.
  await page.locator('.message', { hasText: 'apagada' }).hover();
  await page.locator('.message', { hasText: 'apagada' }).getByRole('button', { name: 'Reply to this' }).click();
  await page.getByRole('tab', { name: 'Reply', exact: true }).click();
  await field(page).fill('Apagada como?');
  await field(page).press('Enter');
  await page.locator('.message-group.is-own .bubble-quote', { hasText: 'apagada' }).waitFor();
  const last = page.locator('.message', { hasText: 'Apagada como?' }).last();
  await last.hover();
  await last.getByRole('button', { name: 'Delete' }).click();
  await page.locator('dialog[open]').getByRole('button', { name: 'Delete' }).click();
  await page.locator('.message.is-deleted').waitFor();
  watched.clean();
});

test('the composer formats, takes files from everywhere and sends as the agent likes', async (t) => {
  const { company, open } = await inbox(t, { query: '?tab=all' });
  await company.visitor('Maria Silva', 'Oi');
  const { page, watched } = await open();
  await row(page, 'Maria').click();
  await field(page).fill('com muito carinho');
  await field(page).press('Control+a');
  await field(page).press('Control+b');
  assert.equal(await field(page).inputValue(), '**com muito carinho**');
  await field(page).fill('sala');
  await page.getByRole('button', { name: 'Bulleted list' }).click();
  assert.equal(await field(page).inputValue(), '- sala');
  await field(page).press('End');
  await field(page).press('Shift+Enter');
  await page.keyboard.type('quarto');
  assert.equal(await field(page).inputValue(), '- sala\n- quarto');
  await page.getByRole('button', { name: 'Emoji', exact: true }).click();
  await page.getByRole('searchbox', { name: 'Search emoji' }).fill('coracao verde');
  await page.getByRole('button', { name: 'green heart' }).click();
  await until('the emoji is in the text', async () => (await field(page).inputValue()).endsWith('💚'));

  // Picked, pasted and dropped.
  await page.locator('.composer input[type=file]').setInputFiles([{ name: 'um.txt', mimeType: 'text/plain', buffer: Buffer.from('1') }]);
  const carry = (event, name) =>
    field(page).evaluate((area, [event, name]) => {
      const carried = new DataTransfer();
      carried.items.add(new File(['x'], name, { type: 'text/plain' }));
      const detail = event === 'paste' ? { clipboardData: carried } : { dataTransfer: carried };
      const Kind = event === 'paste' ? ClipboardEvent : DragEvent;
      area.dispatchEvent(new Kind(event, { bubbles: true, cancelable: true, ...detail }));
    }, [event, name]);
  await carry('paste', 'dois.txt');
  await carry('dragover', 'três.txt');
  await page.locator('.composer.is-dropping').waitFor();
  await carry('drop', 'três.txt');
  await page.locator('.composer.is-dropping').waitFor({ state: 'detached' });
  await page.locator('.composer-file', { hasText: 'três.txt' }).waitFor();
  await page.getByRole('button', { name: 'Remove um.txt' }).click();
  await field(page).press('Enter');
  await page.locator('.message-group.is-own .attachment-file', { hasText: 'dois.txt' }).waitFor();
  await page.locator('.message-group.is-own .attachment-file', { hasText: 'três.txt' }).waitFor();
  assert.equal(await page.locator('.message-group.is-own li').count(), 2);
  assert.equal(await field(page).inputValue(), '');

  await page.getByRole('button', { name: 'Sending options' }).click();
  await item(page, /^Ctrl Enter sends/).click();
  await field(page).fill('linha um');
  await field(page).press('Enter');
  await page.keyboard.type('linha dois');
  assert.equal(await field(page).inputValue(), 'linha um\nlinha dois');
  await field(page).press('Control+Enter');
  await until('it is sent', async () => (await bubbles(page)).some((text) => text.includes('linha dois')));
  // Kept in this browser.
  await page.reload();
  await isLive(page);
  await field(page).fill('três');
  await field(page).press('Enter');
  assert.equal(await field(page).inputValue(), 'três\n');
  // Sent and resolved in one press.
  await page.getByRole('button', { name: 'Sending options' }).click();
  await page.getByRole('menuitem', { name: 'Send and resolve' }).click();
  await page.getByRole('button', { name: 'Reopen' }).waitFor();
  watched.clean();
});

test('drafts are kept for each conversation', async (t) => {
  const { company, open } = await inbox(t, { query: '?tab=all' });
  await company.visitor('Maria Silva', 'Oi');
  await company.visitor('João Pereira', 'Olá');
  const { page, watched } = await open();
  await row(page, 'Maria').click();
  await field(page).fill('Para a Maria');
  await page.getByRole('tab', { name: 'Private note' }).click();
  await field(page).fill('Só para nós');
  await row(page, 'João').click();
  await page.locator('.conversation-name', { hasText: 'João' }).waitFor();
  await until('the composer is empty', async () => (await field(page).inputValue()) === '');
  await field(page).fill('Para o João');
  await row(page, 'Maria').getByText('Draft:').waitFor();
  await row(page, 'Maria').click();
  await page.locator('.composer.is-note').waitFor();
  await until('the note is back', async () => (await field(page).inputValue()) === 'Só para nós');
  await page.getByRole('tab', { name: 'Reply', exact: true }).click();
  assert.equal(await field(page).inputValue(), 'Para a Maria');
  await page.reload();
  await isLive(page);
  await until('the reply is back', async () => (await field(page).inputValue()) === 'Para a Maria');
  await row(page, 'João').getByText('Para o João').waitFor();
  await field(page).press('Enter');
  await says(page, 'Para a Maria');
  await row(page, 'João').click();
  await until('the other is still there', async () => (await field(page).inputValue()) === 'Para o João');
  watched.clean();
});

test('a conversation is given away, put aside, ordered and closed', async (t) => {
  const { company, open } = await inbox(t, { query: '?tab=all', people: [['Bruno Lima', 'bruno.acts@example.com']] });
  const maria = await company.visitor('Maria Silva', 'Oi');
  const id = maria.conversation;
  const { page, watched } = await open();
  await row(page, 'Maria').click();
  const head = page.locator('.conversation-header');
  const press = (name) => item(page, name).click();

  await head.getByRole('button', { name: /^Assignee:/ }).click();
  await page.locator('#header-assignee').getByRole('option', { name: 'Ana Souza (you)' }).click();
  await becomes(company, id, 'it is mine', ({ meta }) => meta.assignee?.name === 'Ana Souza');
  await page.locator('.toast', { hasText: 'Assigned to you' }).getByRole('button', { name: 'Undo' }).click();
  await becomes(company, id, 'it is nobody\'s again', ({ meta }) => !meta.assignee);

  await head.getByRole('button', { name: 'Snooze' }).click();
  await press(/^Tomorrow/);
  await becomes(company, id, 'it is snoozed', (shown) => shown.status === 'snoozed' && Date.parse(shown.snoozed_until) > Date.now());
  await row(page, 'Maria').waitFor({ state: 'detached' });
  await head.getByRole('button', { name: 'Reopen' }).click();
  await becomes(company, id, 'it is open', (shown) => shown.status === 'open');
  await row(page, 'Maria').waitFor();

  await head.getByRole('button', { name: 'Snooze' }).click();
  await press(/^Pick a time/);
  const dialog = page.locator('dialog[open]');
  await dialog.locator('input').fill('2020-01-01T10:00');
  await dialog.getByRole('button', { name: 'Snooze' }).click();
  await dialog.getByText('Choose a time in the future').waitFor();
  await dialog.locator('input').fill('2031-05-04T09:30');
  await dialog.getByRole('button', { name: 'Snooze' }).click();
  await becomes(company, id, 'it is snoozed until then', (shown) => Date.parse(shown.snoozed_until) === Date.parse('2031-05-04T12:30:00Z'));
  await maria.say('Voltei');
  await becomes(company, id, 'her word brings it back', (shown) => shown.status === 'open');
  await row(page, 'Maria').waitFor();

  await head.getByRole('button', { name: 'Change status' }).click();
  await press('Mark as pending');
  await becomes(company, id, 'it is pending', (shown) => shown.status === 'pending');
  await head.getByRole('button', { name: 'Reopen' }).click();
  await becomes(company, id, 'it is open again', (shown) => shown.status === 'open');

  await head.getByRole('button', { name: 'More actions' }).click();
  await press('Urgent');
  await becomes(company, id, 'it is urgent', (shown) => shown.priority === 'urgent');
  await row(page, 'Maria').getByRole('img', { name: 'Urgent' }).waitFor();

  await page.getByRole('button', { name: 'Add label' }).click();
  await page.locator('#conversation-labels').getByRole('option', { name: 'vip' }).click();
  await becomes(company, id, 'it has the label', (shown) => shown.labels.includes('vip'));
  await page.keyboard.press('Escape');
  await row(page, 'Maria').locator('.row-labels').waitFor();

  await head.getByRole('button', { name: 'Resolve', exact: true }).click();
  await becomes(company, id, 'it is resolved', (shown) => shown.status === 'resolved');
  await row(page, 'Maria').waitFor({ state: 'detached' });
  await page.locator('.activity', { hasText: 'resolved' }).or(page.locator('.activity-group')).first().waitFor();
  await head.getByRole('button', { name: 'Reopen' }).click();
  await becomes(company, id, 'it is open at last', (shown) => shown.status === 'open');
  watched.clean();
});

test('the details say who it is, where they are and what was before, and are corrected in place', async (t) => {
  const { company, open } = await inbox(t, { query: '?tab=all', allow: [/status of 422/] });
  await company.call('POST', '/teams', { name: 'logística' });
  const maria = await company.visitor('Maria Silva', 'Meu pedido não chegou');
  const first = maria.conversation;
  await company.call('POST', `/conversations/${first}/toggle_status`, { status: 'resolved' });
  const { meta } = await shown(company, first);
  const { id } = await company.call('POST', '/conversations', {
    contact_id: meta.sender.id, inbox_id: company.inbox.id, message: { content: 'Oi, Maria, deu certo?' },
  });
  const { page, watched } = await open();
  await row(page, 'Maria').click();
  const details = page.locator('.details-pane');
  await details.locator('.past-row', { hasText: 'Meu pedido não chegou' }).click();
  await says(page, 'Meu pedido não chegou');
  assert.match(page.url(), new RegExp(`/conversations/${first}\\b`));
  assert.equal(await details.getByRole('link', { name: 'loja.example/produto/7' }).getAttribute('href'), 'https://loja.example/produto/7');
  await details.locator('.past-row', { hasText: 'deu certo?' }).click();
  await says(page, 'Oi, Maria, deu certo?');

  const edit = async (label, text, key) => {
    await details.getByRole('button', { name: new RegExp(`^${label}:`) }).click();
    await details.getByRole('textbox', { name: label }).fill(text);
    await page.keyboard.press(key);
  };
  await edit('E-mail', 'not an address', 'Enter');
  await details.locator('.contact-error').waitFor();
  await details.getByRole('textbox', { name: 'E-mail' }).fill('maria@example.com');
  await page.keyboard.press('Enter');
  await details.getByText('maria@example.com').waitFor();
  await edit('Name', 'Somebody else', 'Escape');
  await edit('Name', 'Maria Silva Santos', 'Enter');
  await row(page, 'Maria Silva Santos').waitFor();
  await page.locator('.conversation-name', { hasText: 'Maria Silva Santos' }).waitFor();
  await until('the contact is kept', async () => {
    const { name, email } = (await company.call('GET', `/contacts/${meta.sender.id}`)).payload;
    return name === 'Maria Silva Santos' && email === 'maria@example.com';
  });

  await details.getByRole('button', { name: /^Team:/ }).click();
  await page.locator('#details-team').getByRole('option', { name: 'logística' }).click();
  await becomes(company, id, 'it has a team', (shown) => shown.meta.team?.name === 'logística');
  // The pane can be shut, and stays so.
  await details.getByRole('button', { name: 'Close details' }).click();
  await details.waitFor({ state: 'hidden' });
  await page.reload();
  await isLive(page);
  await field(page).waitFor();
  await details.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Show details' }).click();
  await details.waitFor();
  watched.clean();
});
