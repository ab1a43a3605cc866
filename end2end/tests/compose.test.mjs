// Writing: canned responses and variables, mentions, sending later and undoing it, macros, new messages, merging.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, Company, isLive, openBrowser, PHONE, shots, signIn, startServer, until } from '../support/index.mjs';
import { bubbles, field, item, says } from '../support/inbox.mjs';

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

/** A company whose administrator has a conversation with Maria Silva open. */
async function talk(t, { people, path, ...wishes } = {}) {
  companies += 1;
  const company = await Company.open(server, { email: `lia${companies}@example.com`, people });
  const maria = await company.visitor('Maria Silva', 'Oi, onde está meu pedido?');
  const at = (path) => `/app/accounts/${company.admin.account_id}${path}`;
  const desk = await signIn(browser, server, company.admin, { path: at(path ?? `/conversations/${maria.conversation}?tab=all`), ...wishes });
  t.after(() => desk.context.close());
  await isLive(desk.page);
  return { company, maria, at, ...desk };
}

test('a canned response is found with a slash and reads as it will be sent', async (t) => {
  const { company, page, watched } = await talk(t);
  await company.call('POST', '/canned_responses', { short_code: 'prazo', content: 'Olá {{contact.first_name}}, o ticket {{conversation.display_id}} chega em 7 dias.' });
  await company.call('POST', '/canned_responses', { short_code: 'tchau', content: 'Até logo! {{contact.nada}}' });
  await field(page).pressSequentially('/pra');
  const option = page.getByRole('option', { name: /prazo/ });
  await option.waitFor();
  assert.match(await option.innerText(), /Olá Maria, o ticket 1 chega/);
  await accessible(page);
  await page.keyboard.press('Enter');
  await until('the text is in the field', async () => (await field(page).inputValue()) === 'Olá Maria, o ticket 1 chega em 7 dias.');
  assert.deepEqual(await bubbles(page), ['Oi, onde está meu pedido?'], 'nothing was sent yet');
  await page.keyboard.press('Enter');
  await says(page, 'Olá Maria, o ticket 1 chega em 7 dias.');

  // By its content, with the arrows; an unknown variable is empty.
  await field(page).pressSequentially('/');
  await page.getByRole('option').nth(1).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await until('the other text is there', async () => (await field(page).inputValue()).startsWith('Até logo!'));
  // Escape closes the list, and a slash is only a slash.
  await field(page).fill('');
  await field(page).pressSequentially('/pr');
  await option.waitFor();
  await page.keyboard.press('Escape');
  await until('the list is closed', async () => !(await option.isVisible()));
  assert.equal(await field(page).inputValue(), '/pr');
  watched.clean();
});

test('variables are chosen or written, and values are never variables', async (t) => {
  const { company, maria, page, watched } = await talk(t);
  await maria.isCalled('{{agent.email}} Silva');
  await field(page).pressSequentially('Oi {{ticket');
  await page.getByRole('option', { name: /Ticket number/ }).waitFor();
  await page.keyboard.press('Enter');
  await until('the number is there', async () => (await field(page).inputValue()) === 'Oi 1');
  await field(page).pressSequentially(' {{contact.name}}');
  await until('the name is there', async () => (await field(page).inputValue()).endsWith('agent.email}} Silva'));
  await page.keyboard.press('Enter');
  await until('it was sent as it was read', async () => (await bubbles(page)).at(-1).replace('\u2060', '') === 'Oi 1 {{agent.email}} Silva');
  // What was pasted is filled in first and sent by a second press.
  await field(page).fill('Ticket {{conversation.display_id}} e {{ jinja }}');
  await page.keyboard.press('Enter');
  await until('it is filled in', async () => (await field(page).inputValue()) === 'Ticket 1 e ');
  watched.clean();
  assert.ok(company);
});

test('a note names a colleague', async (t) => {
  const { company, maria, page, watched } = await talk(t, { people: [['Bruno Lima', 'bruno.m@example.com']] });
  const agents = await company.call('GET', '/agents');
  const bruno = agents.find(({ name }) => name === 'Bruno Lima');
  await company.call('POST', '/inbox_members', { inbox_id: company.inbox.id, user_ids: [bruno.id] });
  await page.reload();
  await isLive(page);
  await page.keyboard.press('n');
  await field(page).pressSequentially('Veja isto, @bru');
  const known = await page.getByRole('option', { name: /Bruno Lima/ }).waitFor({ timeout: 3000 }).then(() => true, () => false);
  if (known) await page.keyboard.press('Enter');
  else await field(page).fill('Veja isto, @Bruno Lima ');
  await page.keyboard.press('Control+Enter');
  await page.locator('.mention', { hasText: '@Bruno Lima' }).waitFor();
  // The screen shows it before the server has it.
  const note = await until('the note is kept', async () => {
    const { payload } = await company.call('GET', `/conversations/${maria.conversation}/messages`);
    return payload.find((message) => message.private);
  });
  assert.match(note.content, new RegExp(`\\[@Bruno Lima\\]\\(mention://user/${bruno.id}/Bruno-Lima\\)`));
  watched.clean();
});

test('a message waits for its time and can be sent now', async (t) => {
  const { page, watched } = await talk(t);
  await field(page).fill('Até amanhã!');
  await page.getByRole('button', { name: 'More ways to send' }).or(page.locator('[popovertarget="composer-send"]')).first().click();
  await item(page, /Send later/).click();
  const dialog = page.getByRole('dialog', { name: 'Send later' });
  await dialog.waitFor();
  await accessible(page);
  await dialog.getByRole('button', { name: /Tomorrow/ }).click();
  const line = page.locator('.waiting-line', { hasText: 'Até amanhã!' });
  await line.waitFor();
  assert.equal(await field(page).inputValue(), '');
  await page.reload();
  await isLive(page);
  await line.waitFor();
  await line.getByRole('button', { name: 'Change scheduled message' }).click();
  const change = page.getByRole('dialog', { name: 'Change scheduled message' });
  await change.locator('textarea').fill('Até depois de amanhã!');
  await change.getByRole('button', { name: 'Save' }).click();
  const changed = page.locator('.waiting-line', { hasText: 'Até depois de amanhã!' });
  await changed.getByRole('button', { name: 'Send now' }).click();
  await says(page, 'Até depois de amanhã!');
  await until('nothing waits', async () => (await page.locator('.waiting-line').count()) === 0);
  watched.clean();
});

test('sending can be undone, and goes out when it is not', async (t) => {
  const { company, maria, at, page, watched } = await talk(t, { path: '/settings/profile' });
  await page.getByText('5 seconds', { exact: true }).click();
  await until('it is kept', async () => {
    const { body } = await server.api('GET', '/api/v1/profile', { token: company.admin.access_token });
    return body.ui_settings.undo_send === 5;
  });
  await page.goto(server.url + at(`/conversations/${maria.conversation}?tab=all`));
  await isLive(page);
  await field(page).fill('Ops, isto não');
  await page.keyboard.press('Enter');
  await page.locator('.message').getByRole('button', { name: 'Undo' }).click();
  await until('it is in the field again', async () => (await field(page).inputValue()) === 'Ops, isto não');
  await field(page).fill('Isto sim');
  await page.keyboard.press('Enter');
  await page.locator('.message').getByRole('button', { name: 'Undo' }).waitFor();
  // The tab closes; the server sends it all the same.
  await page.close();
  await until('it was sent', async () => {
    const { payload } = await company.call('GET', `/conversations/${maria.conversation}/messages`);
    return payload.filter(({ content }) => content === 'Isto sim').length === 1 && !payload.some(({ content }) => content === 'Ops, isto não');
  });
  watched.clean();
});

test('a macro is made and run', async (t) => {
  const { company, maria, at, page, watched } = await talk(t, { path: '/settings/macros' });
  await page.getByRole('button', { name: 'Add macro' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add macro' });
  await dialog.getByLabel('Name').fill('Encerrar');
  await dialog.locator('.macro-step textarea').fill('Obrigada, {{contact.first_name}}!');
  await dialog.getByRole('button', { name: 'Add step' }).click();
  await dialog.locator('.macro-step').nth(1).getByLabel('What to do').selectOption('add_label');
  await dialog.locator('.macro-step').nth(1).getByRole('button', { name: 'vip' }).click();
  await dialog.getByRole('button', { name: 'Add step' }).click();
  await dialog.locator('.macro-step').nth(2).getByLabel('What to do').selectOption('resolve_conversation');
  await dialog.locator('.macro-step').nth(1).getByRole('button', { name: 'Move up' }).click();
  await accessible(page);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Add labels → Send a message → Resolve').waitFor();
  await page.goto(server.url + at(`/conversations/${maria.conversation}?tab=all`));
  await isLive(page);
  await page.locator('.macro-row', { hasText: 'Encerrar' }).click();
  await says(page, 'Obrigada, Maria!');
  await page.locator('.macro-run', { hasText: 'All steps worked' }).waitFor();
  await until('it was done', async () => {
    const { labels, status } = await company.call('GET', `/conversations/${maria.conversation}`);
    return labels.join() === 'vip' && status === 'resolved';
  });
  await accessible(page);
  watched.clean();
});

test('a new message opens a conversation, and two become one', async (t) => {
  const { company, maria, page, watched } = await talk(t);
  await page.getByRole('button', { name: 'New message' }).click();
  const dialog = page.getByRole('dialog', { name: 'New message to Maria Silva' });
  await dialog.locator('textarea').fill('Seu pedido saiu hoje.');
  await accessible(page);
  await dialog.getByRole('button', { name: 'Send' }).click();
  await says(page, 'Seu pedido saiu hoje.');
  await page.getByRole('button', { name: 'Merge #1 into this conversation' }).click();
  const merge = page.getByRole('dialog', { name: /Merge #1 into #2/ });
  await merge.getByText('This can be undone for an hour.').waitFor();
  await accessible(page);
  await merge.getByRole('button', { name: 'Merge' }).click();
  await says(page, 'Oi, onde está meu pedido?');
  assert.deepEqual((await bubbles(page)).slice(0, 2), ['Oi, onde está meu pedido?', 'Seu pedido saiu hoje.']);
  await until('the one that was left is resolved', async () => (await company.call('GET', `/conversations/${maria.conversation}`)).status === 'resolved');
  await page.locator('.toast-host').getByRole('button', { name: 'Undo' }).click();
  const hasItsMessage = async () => {
    const { payload } = await company.call('GET', `/conversations/${maria.conversation}/messages`);
    return payload.some(({ content }) => content === 'Oi, onde está meu pedido?');
  };
  await until('it has its message again', hasItsMessage);

  // Once the toast is gone, the one that was left says where everything went, and takes it back as well.
  await page.getByRole('button', { name: 'Merge #1 into this conversation' }).click();
  await merge.getByRole('button', { name: 'Merge' }).click();
  await until('it is empty', async () => !(await hasItsMessage()));
  await page.goto(page.url().replace(/conversations\/\d+/, `conversations/${maria.conversation}`));
  await isLive(page);
  const gone = page.locator('.waiting', { hasText: 'This conversation is part of #2 now.' });
  await gone.getByRole('link', { name: 'Open #2' }).waitFor();
  await accessible(page);
  await gone.getByRole('button', { name: 'Undo' }).click();
  await until('it has its message once more', hasItsMessage);
  await gone.waitFor({ state: 'detached' });
  watched.clean();
});

test('canned responses are written, searched and deleted', async (t) => {
  const { page, watched } = await talk(t, { path: '/settings/canned-responses' });
  await page.getByText('No canned responses yet').waitFor();
  await page.getByRole('button', { name: 'Add canned response' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add canned response' });
  await dialog.getByLabel('Short code').fill('/Bom dia');
  await dialog.locator('textarea').fill('Bom dia');
  await dialog.getByLabel('Add a variable').selectOption('contact.name');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Bom dia {{contact.name}}').waitFor();
  await page.getByText('/Bom-dia').waitFor();
  await accessible(page);
  await page.getByRole('searchbox').fill('nada');
  await until('nothing is found', async () => (await page.getByText('/Bom-dia').count()) === 0);
  await page.getByRole('searchbox').fill('BOM');
  await page.getByText('/Bom-dia').waitFor();
  await page.getByRole('button', { name: 'Delete' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete canned response' }).click();
  await page.getByText('No canned responses yet').waitFor();
  watched.clean();
});

test('everything of it at both sizes, in light and dark', { skip: !process.env.PICTURES }, async (t) => {
  const { company, page } = await talk(t);
  for (const [short_code, content] of [['prazo', 'Olá {{contact.first_name}}, chega em 7 dias.\n\nAbraço,\n{{agent.name}}'], ['pix', 'Nossa chave é pix@loja.example'], ['troca', 'Para trocar, responda com o número do pedido.']]) {
    await company.call('POST', '/canned_responses', { short_code, content });
  }
  await company.call('POST', '/macros', { name: 'Encerrar com carinho', actions: [{ action_name: 'resolve_conversation' }] });
  await field(page).pressSequentially('/p');
  await page.getByRole('option').first().waitFor();
  await shots(page, 'compose-canned');
  await field(page).fill('');
  await field(page).pressSequentially('{{');
  await page.getByRole('option').first().waitFor();
  await shots(page, 'compose-variables');
  await field(page).fill('Até amanhã!');
  await page.locator('[popovertarget="composer-send"]').click();
  await shots(page, 'compose-menu', { sizes: ['1440'] });
  await item(page, /Send later/).click();
  await shots(page, 'compose-later');
  await page.getByRole('dialog').getByRole('button', { name: /Tomorrow/ }).click();
  await page.locator('.waiting-line').waitFor();
  await shots(page, 'compose-waiting');
  await page.setViewportSize(PHONE);
  assert.ok(page);
});

test('a canned response brings its files into the composer', async (t) => {
  const { company, maria, at, page, watched } = await talk(t, { path: '/settings/canned-responses' });
  await page.getByRole('button', { name: 'Add canned response' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add canned response' });
  await dialog.locator('#canned-code').fill('guia');
  await dialog.locator('#canned-content').fill('Segue o guia de trocas.');
  await dialog.locator('input[type=file]').setInputFiles({ name: 'guia.txt', mimeType: 'text/plain', buffer: Buffer.from('Trocas em 7 dias') });
  await dialog.locator('.file-chip', { hasText: 'guia.txt' }).waitFor();
  await accessible(page, { within: 'dialog[open]' });
  await shots(page, 'compose/canned-file');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.locator('.row-files', { hasText: 'guia.txt' }).waitFor();
  await page.goto(server.url + at(`/conversations/${maria.conversation}?tab=all`));
  await isLive(page);
  await field(page).pressSequentially('/guia');
  await page.getByRole('option', { name: /guia\.txt/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.composer-file', { hasText: 'guia.txt' }).waitFor();
  await page.keyboard.press('Enter');
  await until('it was sent with its file', async () => {
    const { payload } = await company.call('GET', `/conversations/${maria.conversation}/messages`);
    return payload.some(({ content, attachments }) => content === 'Segue o guia de trocas.' && attachments?.length === 1);
  });
  watched.clean();
});

test('a macro is run from the palette', async (t) => {
  const { company, page, watched } = await talk(t);
  await company.call('POST', '/macros', { name: 'Encerrar com carinho', visibility: 'global', actions: [{ action_name: 'add_label', action_params: ['vip'] }] });
  await page.locator('body').press('Control+k');
  await page.getByRole('combobox', { name: 'Search or do something…' }).fill('carinho');
  await page.getByRole('option', { name: /Encerrar com carinho/ }).waitFor();
  await accessible(page, { within: 'dialog[open]' });
  await page.keyboard.press('Enter');
  await page.locator('.macro-run', { hasText: 'All steps worked' }).waitFor();
  await page.locator('body').press('m');
  await page.getByRole('combobox', { name: 'Run a macro…' }).waitFor();
  await page.getByRole('option', { name: /Encerrar com carinho/ }).waitFor();
  watched.clean();
});
