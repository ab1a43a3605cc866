// What messages ask a visitor: their address, choices, forms and an opinion, from the settings to the agent's screen.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, hostPages, openBrowser, openContext, PHONE, shopPage, shots, startServer, until, watch } from '../support/index.mjs';
import { Company, signIn } from '../support/people.mjs';
import { paste } from '../support/script.mjs';

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

/** A visitor's page with the chat open. */
async function visit(t, { allow = [] } = {}) {
  const host = await hostPages(shopPage(paste(server.url, company.inbox.website_token)), { t });
  const context = await openContext(browser, { viewport: PHONE });
  t.after(() => context.close());
  const page = await context.newPage();
  const watched = watch(page, { allow });
  await page.goto(host.url);
  await page.locator('#cw-bubble-holder .bubble').click();
  const chat = page.frameLocator('#cw-bubble-holder iframe');
  await chat.locator('.enter').click();
  await chat.locator('textarea').waitFor();
  const frame = page.frames().find((frame) => frame.url().includes('/widget'));
  const say = async (words) => {
    await chat.locator('.composer textarea').fill(words);
    await chat.locator('.composer textarea').press('Enter');
  };
  return { page, chat, frame, watched, say };
}

const conversation = (what, is) => until(what, async () => {
  const { data } = await company.call('GET', `/conversations?inbox_id=${company.inbox.id}&status=all`);
  return data.payload.find(is);
});

test('the address is asked for, choices and forms are answered, and the agent sees it all', async (t) => {
  const { inbox, admin } = company;
  const settings = await signIn(browser, server, admin, { path: `/app/accounts/${admin.account_id}/settings/inboxes/${inbox.id}` });
  t.after(() => settings.context.close());
  await settings.page.locator('html[data-alive]').waitFor({ state: 'attached' });
  await settings.page.getByText('Ask for the e-mail address').click();
  await settings.page.getByText('Ask for a rating (CSAT)').click();
  await accessible(settings.page);
  await shots(settings.page, 'widget/ask-settings');
  await settings.page.getByRole('button', { name: 'Save changes' }).click();
  await until('the switches are kept', async () => {
    const now = await company.call('GET', `/inboxes/${inbox.id}`);
    return now.enable_email_collect && now.csat_survey_enabled;
  });
  settings.watched.clean();

  const { page, chat, frame, watched, say } = await visit(t, { allow: [/422/] });
  await say('Bom dia, quero trocar um vaso.');
  const email = chat.locator('.asked').getByLabel('E-mail');
  await email.waitFor();
  await accessible(frame);
  await email.fill('bia');
  await email.press('Enter');
  await chat.getByText('This is not an e-mail address.').waitFor();
  await shots(page, 'widget/ask-email', { sizes: ['390'] });
  await email.fill('bia@example.com');
  await email.press('Enter');
  await chat.locator('.given', { hasText: 'bia@example.com' }).waitFor();
  const kept = await conversation('the address is the contact’s', (found) => found.meta.sender.email === 'bia@example.com');

  const send = (content, content_type, items, more = {}) =>
    company.call('POST', `/conversations/${kept.id}/messages`, { content, content_type, content_attributes: { items, ...more } });
  await send('O que aconteceu?', 'input_select', [{ title: 'Chegou quebrado', value: 'broken' }, { title: 'Não gostei', value: 'taste' }]);
  const choice = chat.getByRole('button', { name: 'Chegou quebrado' });
  await choice.focus();
  await choice.press('Enter');
  await chat.locator('.option[aria-pressed="true"]', { hasText: 'Chegou quebrado' }).waitFor();
  assert.ok(await chat.getByRole('button', { name: 'Não gostei' }).isDisabled());
  assert.equal(await frame.evaluate(() => document.activeElement?.className), 'asked', 'the keyboard stays at the question');

  await send('Precisamos de alguns dados.', 'form', [
    { name: 'pedido', label: 'Número do pedido', type: 'text', required: true, pattern: '^\\d+$', pattern_error: 'Só números' },
    { name: 'cor', label: 'Cor', type: 'select', options: [{ label: 'Azul', value: 'azul' }, { label: 'Verde', value: 'verde' }] },
    { name: 'conte', label: 'Conte mais', type: 'text_area' },
  ], { button_label: 'Enviar dados' });
  await chat.getByLabel('Número do pedido').fill('abc');
  await chat.getByLabel('Cor').selectOption('verde');
  await chat.getByRole('button', { name: 'Enviar dados' }).click();
  await chat.getByText('Só números').waitFor();
  await accessible(frame);
  await shots(page, 'widget/ask-form', { sizes: ['390'] });
  await chat.getByLabel('Número do pedido').fill('4711');
  await chat.getByRole('button', { name: 'Enviar dados' }).click();
  await chat.locator('.given', { hasText: '4711' }).waitFor();

  await send('Talvez um destes?', 'cards', [
    { title: 'Vaso azul', description: 'Feito à mão', actions: [{ type: 'link', text: 'Ver', uri: 'https://loja.example/vaso' }, { type: 'postback', text: 'Quero', payload: 'vaso-azul' }] },
  ]);
  await send('Leia também', 'article', [{ title: 'Trocas', description: 'Como funcionam', link: 'https://loja.example/trocas' }]);
  assert.equal(await chat.getByRole('link', { name: /Trocas/ }).getAttribute('href'), 'https://loja.example/trocas');
  await chat.getByRole('button', { name: 'Quero' }).click();
  await chat.locator('.option[aria-pressed="true"]', { hasText: 'Quero' }).waitFor();
  await accessible(frame);
  await shots(page, 'widget/ask-cards', { sizes: ['390'] });
  watched.clean();

  const agent = await signIn(browser, server, admin, { path: `/app/accounts/${admin.account_id}/conversations/${kept.id}` });
  t.after(() => agent.context.close());
  await agent.page.locator('.asked .is-chosen', { hasText: 'Chegou quebrado' }).waitFor();
  for (const words of ['bia@example.com', '4711', 'verde', 'Quero']) {
    await agent.page.locator('.asked .is-chosen', { hasText: words }).waitFor();
  }
  await accessible(agent.page);
  await shots(agent.page, 'widget/ask-agent');
  agent.watched.clean();
});

test('a resolved conversation is rated in the chat, and behind its link', async (t) => {
  await company.call('PATCH', `/inboxes/${company.inbox.id}`, { csat_survey_enabled: true, enable_email_collect: false });
  const { page, chat, frame, watched, say } = await visit(t);
  await say('Tudo certo, obrigada!');
  const kept = await conversation('what was said is kept', ({ messages }) => messages[0]?.content === 'Tudo certo, obrigada!');
  const { admin } = company;
  const agent = await signIn(browser, server, admin, { path: `/app/accounts/${admin.account_id}/conversations/${kept.id}` });
  t.after(() => agent.context.close());
  await company.call('POST', `/conversations/${kept.id}/toggle_status`, { status: 'resolved' });
  const rate = chat.getByRole('button', { name: '4 of 5' });
  await rate.waitFor();
  await accessible(frame);
  await rate.focus();
  await rate.press('Enter');
  await chat.locator('.rate[aria-pressed="true"]', { hasText: '4' }).waitFor();
  await agent.page.locator('.asked-rating', { hasText: '4 of 5' }).waitFor();
  await shots(page, 'widget/rate', { sizes: ['390'] });
  await chat.getByLabel('Would you like to tell us more?').fill('Foi rápido');
  await chat.locator('.asked').getByRole('button', { name: 'Send' }).click();
  await chat.getByText('Thank you!').waitFor();
  await agent.page.locator('.asked blockquote', { hasText: 'Foi rápido' }).waitFor();
  await accessible(agent.page);
  const [opinion] = await company.call('GET', '/csat_survey_responses');
  assert.deepEqual([opinion.rating, opinion.feedback_message, opinion.conversation_id], [4, 'Foi rápido', kept.id]);
  watched.clean();
  agent.watched.clean();

  const context = await openContext(browser, { viewport: PHONE });
  t.after(() => context.close());
  const survey = await context.newPage();
  const seen = watch(survey);
  await survey.goto(`${server.url}/survey/responses/${kept.uuid}`);
  assert.ok(await survey.getByRole('radio', { name: '4 of 5' }).isChecked());
  await survey.getByRole('radio', { name: '4 of 5' }).focus();
  await survey.keyboard.press('ArrowRight');
  await survey.getByLabel('Would you like to tell us more?').fill('Mudei de ideia');
  await survey.getByRole('button', { name: 'Send' }).click();
  await survey.getByText('Thank you! Your answer was received.').waitFor();
  await accessible(survey);
  await shots(survey, 'widget/survey');
  const after = await company.call('GET', '/csat_survey_responses');
  assert.deepEqual([after.length, after[0].rating, after[0].feedback_message], [1, 5, 'Mudei de ideia']);
  seen.clean();
});
