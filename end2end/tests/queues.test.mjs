// Who gets which conversation, when, and who else looks at it: automatic assignment, teams, business hours, colleagues.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  Company, PHONE, accessible, isLive, noSidewaysScroll, openBrowser, shots, signIn, startServer, until,
} from '../support/index.mjs';
import { field, row } from '../support/inbox.mjs';

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

/** A company of its own for each test, and a colleague of its administrator with a password. */
async function company() {
  companies += 1;
  const own = await Company.open(server, { email: `ana${companies}@example.com` });
  // Somebody who works elsewhere already joins with the password they have.
  const bia = await server.admin({ account: 'Outra', name: 'Bia Lima', email: `bia${companies}@example.com` });
  const joined = await own.call('POST', '/agents', { name: 'Bia Lima', email: bia.email, role: 'agent' });
  return { own, bia: { ...bia, user_id: joined.id } };
}

/** The page can be used by everybody at both sizes; pictures of it. */
async function looksGood(page, name) {
  const size = page.viewportSize();
  await shots(page, `queues/${name}`);
  await accessible(page);
  await page.setViewportSize(PHONE);
  await noSidewaysScroll(page);
  // At its end, where the bar of unsaved changes lies over nothing.
  await page.locator('.settings-page').evaluateAll((pages) => pages.forEach((page) => page.scrollTo(0, page.scrollHeight)));
  await accessible(page);
  await page.setViewportSize(size);
}

const alive = (page) => page.locator('html[data-alive]').waitFor({ state: 'attached' });

async function desk(t, own, person, path, wishes = {}) {
  const desk = await signIn(browser, server, person, { path: `/app/accounts/${own.admin.account_id}${path}`, ...wishes });
  t.after(() => desk.context.close());
  await alive(desk.page);
  return desk;
}

test('a conversation that waits goes to whoever comes online, and says why', async (t) => {
  const { own, bia } = await company();
  const inbox = await own.inboxCalled('Atacado', { enable_auto_assignment: true });
  await own.call('PATCH', '/inbox_members', { inbox_id: inbox.id, user_ids: [bia.user_id] });
  own.inbox = inbox;
  const maria = await own.visitor('Maria Silva', 'Oi');
  const owner = async () => (await own.call('GET', `/conversations/${maria.conversation}`)).meta.assignee?.id;
  assert.equal(await owner(), undefined);
  const { page, watched } = await desk(t, own, bia, '/conversations?tab=me');
  await isLive(page);
  await row(page, 'Maria').click();
  await page.getByText('Assigned to Bia Lima automatically, next in the queue of Atacado').waitFor();
  assert.equal(await owner(), bia.user_id);
  watched.clean();
});

test('a team has a page of its own, says who misses an inbox, keeps hours, and is deleted by its name', async (t) => {
  const { own, bia } = await company();
  const { page, watched } = await desk(t, own, own.admin, '/settings/teams');
  await page.getByRole('button', { name: 'Add team' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Vendas');
  await dialog.locator('#team-members').click();
  await page.getByRole('option', { name: /Bia Lima/ }).click();
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Create team' }).click();
  await page.getByRole('heading', { name: 'vendas' }).waitFor();
  await page.getByText('Bia Lima: not an agent of any inbox').waitFor();
  await looksGood(page, 'team');
  await own.call('POST', '/inbox_members', { inbox_id: own.inbox.id, user_ids: [bia.user_id] });
  await page.reload();
  await alive(page);
  await page.getByText('not an agent of any inbox').waitFor({ state: 'detached' });

  await page.getByRole('link', { name: 'Business hours' }).click();
  await page.getByText('Give the team its own hours').click();
  const sunday = page.getByRole('group', { name: 'Sunday' });
  await sunday.getByRole('combobox').selectOption('Open');
  await sunday.getByLabel('Sunday, from').fill('10:00');
  await sunday.getByLabel('Sunday, until').fill('09:00');
  await sunday.getByText('Each time has to end after it begins').waitFor();
  await sunday.getByLabel('Sunday, until').fill('12:30');
  await page.locator('#hours-message').fill('Voltamos na segunda.');
  await looksGood(page, 'team-hours');
  await page.getByRole('button', { name: 'Save changes' }).click();
  const saved = async () => (await own.call('GET', '/teams')).find((team) => team.name === 'vendas');
  await until('the hours are saved', async () => (await saved()).working_hours_enabled);
  const day = (await saved()).working_hours[0];
  assert.deepEqual([day.open_hour, day.open_minutes, day.close_hour, day.close_minutes], [10, 0, 12, 30]);
  await page.reload();
  await alive(page);
  assert.equal(await page.getByLabel('Sunday, until').inputValue(), '12:30');

  await page.getByRole('link', { name: 'Settings', exact: true }).last().click();
  await page.getByRole('button', { name: 'Delete team' }).click();
  const confirm = page.getByRole('dialog');
  const button = confirm.getByRole('button', { name: 'Delete team' });
  await confirm.getByRole('textbox').fill('venda');
  assert.equal(await button.isDisabled(), true);
  await confirm.getByRole('textbox').fill('vendas');
  await button.click();
  await page.waitForURL(/settings\/teams$/);
  assert.equal(await saved(), undefined);
  watched.clean();
});

test('an inbox shares out its conversations and keeps business hours that its visitors see', async (t) => {
  const { own, bia } = await company();
  const settings = `/settings/inboxes/${own.inbox.id}`;
  const { page, watched } = await desk(t, own, own.admin, `${settings}/agents`);
  await page.getByText('Share out conversations').click();
  await looksGood(page, 'inbox-agents');
  await page.getByRole('button', { name: 'Save changes' }).click();
  const saved = () => own.call('GET', `/inboxes/${own.inbox.id}`);
  await until('the queue is on', async () => (await saved()).enable_auto_assignment);

  await page.getByRole('link', { name: 'Business hours' }).click();
  await page.getByText('Keep business hours').click();
  for (const name of ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']) {
    await page.getByRole('group', { name }).getByRole('combobox').selectOption('Closed');
  }
  await page.locator('#hours-message').fill('Estamos fechados.');
  await looksGood(page, 'inbox-hours');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await until('the hours are saved', async () => (await saved()).working_hours_enabled);
  assert.ok((await saved()).working_hours.every((day) => day.closed_all_day));
  const visitor = await own.visitor(undefined, 'Tem alguém aí?');
  assert.deepEqual((await visitor.reads()).map((message) => message.content), ['Tem alguém aí?', 'Estamos fechados.']);
  watched.clean();
  assert.ok(bia.user_id);
});

test('colleagues see who else looks at a conversation, and who is answering it', async (t) => {
  const { own, bia } = await company();
  await own.call('POST', '/inbox_members', { inbox_id: own.inbox.id, user_ids: [bia.user_id] });
  const maria = await own.visitor('Maria Silva', 'Oi');
  const path = `/conversations/${maria.conversation}?tab=all`;
  const ana = await desk(t, own, own.admin, path);
  await isLive(ana.page);
  await field(ana.page).waitFor();
  const other = await desk(t, own, bia, path);
  await isLive(other.page);
  await ana.page.locator('.conversation-looking', { hasText: '' }).waitFor();
  assert.equal(await ana.page.locator('.conversation-looking').getAttribute('data-hint'), 'Also here: Bia Lima');
  // Who comes later learns who was there before.
  await until('Bia sees Ana', async () => (await other.page.locator('.conversation-looking').getAttribute('data-hint')) === 'Also here: Ana Souza');
  await field(other.page).pressSequentially('Já vejo');
  const warning = ana.page.locator('.composer-colleague .is-warning');
  await warning.getByText('Bia Lima is writing a reply').waitFor();
  await looksGood(ana.page, 'colleagues');
  await field(other.page).pressSequentially(' o seu pedido');
  await other.page.goto(`${server.url}/app/accounts/${own.admin.account_id}/conversations?tab=all`);
  await ana.page.locator('.conversation-looking').waitFor({ state: 'detached' });
  await warning.waitFor({ state: 'detached' });
  ana.watched.clean();
});
