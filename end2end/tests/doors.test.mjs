// The doors of the dashboard: first run, sign-in, passwords, invitations, and the way to the first inbox.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, noSidewaysScroll, openBrowser, openContext, PHONE, shots, startServer, until, watch } from '../support/index.mjs';

/** Refusals that a test provokes; the browser notes each as an error. */
const REFUSED = { allow: [/status of (401|403|404|410|422)/] };
const PASSWORD = 'correct horse battery';

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

/** A person with a browser of their own. */
async function visitor(t, options) {
  const context = await openContext(browser, options);
  t.after(() => context.close());
  const page = await context.newPage();
  return { context, page, watched: watch(page, REFUSED) };
}

/** Waits until the program has taken over from the server's page: a form then no longer leaves it. */
async function alive(page) {
  await until('the page is alive', () => page.locator('html[data-alive]').count());
}

async function signIn(page, server, { email, password }) {
  await page.goto(`${server.url}/app/login`);
  await alive(page);
  await page.fill('#email', email);
  await page.fill('#password', password);
  await page.click('button[type=submit].is-primary');
}

/** The link of the last mail that the server wrote to its log. */
async function linkInLog(server, path) {
  const pattern = new RegExp(`http://[^"\\s]+${path}\\?token=[\\w.~-]+`, 'g');
  return until('the log holds the link', () => server.logs().match(pattern)?.at(-1));
}

test('the first run leads to the script of the first inbox, and happens once', async (t) => {
  const server = await startServer({ t });
  const { page, watched } = await visitor(t);
  await page.goto(server.url);
  assert.equal(new URL(page.url()).pathname, '/installation/onboarding');
  await alive(page);
  await accessible(page);
  await shots(page, 'doors/onboarding');

  await page.fill('#account_name', 'Loja Aurora');
  await page.fill('#user_name', 'Ana Souza');
  await page.fill('#email', 'ana@example.com');
  await page.fill('#password', 'short');
  await page.click('button[type=submit].is-primary');
  await page.getByText('Use at least 8 characters').waitFor();
  await page.fill('#password', PASSWORD);
  await page.click('button[type=submit].is-primary');
  await page.waitForURL('**/settings/inboxes/new');
  await page.getByRole('heading', { name: 'Create your first inbox' }).waitFor();
  await accessible(page);

  await page.getByRole('link', { name: /Website Chat/ }).click();
  await page.waitForURL('**/settings/inboxes/new/*');
  await page.getByLabel('Site address').fill('not a site');
  await page.getByLabel('Welcome title').fill('Hello from Aurora');
  await page.getByText('Hello from Aurora').waitFor();
  await accessible(page);
  await shots(page, 'doors/wizard');
  await page.setViewportSize(PHONE);
  const input = await page.getByLabel('Site address').boundingBox();
  assert.ok(input.width > PHONE.width - 60, `the form has the phone's width, ${input.width}`);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Create inbox' }).click();
  await page.getByText('Enter a web address').waitFor();
  await page.getByLabel('Site address').fill('www.lojaaurora.com.br');
  await page.getByRole('button', { name: 'Next' }).click();
  await accessible(page);
  await page.getByRole('button', { name: 'Create inbox' }).click();
  await page.waitForURL('**/ready');
  const script = await page.locator('.copy-field.is-code code').innerText();
  assert.match(script, /cloudchatSDK\.run\(/);
  assert.ok(script.includes(`BASE_URL="${server.url}"`));
  assert.match(script, /websiteToken: ["'][A-Za-z0-9]{24}["']/);
  await accessible(page);
  await shots(page, 'doors/ready');
  watched.clean();

  const stranger = await visitor(t);
  const again = await stranger.page.goto(`${server.url}/installation/onboarding`);
  assert.equal(again.status(), 403);
  await stranger.page.getByRole('heading', { name: 'Cloud Chat is already set up' }).waitFor();
  assert.equal(await stranger.page.locator('#account_name').count(), 0);
  const form = new URLSearchParams({
    'installation[account_name]': 'Other',
    'installation[user_name]': 'Eve',
    'installation[email]': 'eve@example.com',
    'installation[password]': PASSWORD,
    'installation[locale]': 'en',
  });
  const posted = await fetch(`${server.url}/app/api/account/install`, { method: 'POST', body: form });
  assert.equal(posted.status, 403);
  assert.equal((await posted.json()).code, 'already_installed');
});

for (const [lang, words] of [
  ['en-US', { heading: 'Welcome back', wrong: 'E-mail and password do not match' }],
  ['pt-BR', { heading: 'Boas-vindas de volta', wrong: 'E-mail ou senha incorretos' }],
]) {
  test(`signing in and out works in ${lang}`, async (t) => {
    const server = await startServer({ t });
    const admin = await server.admin();
    const { page, watched } = await visitor(t, { lang });
    await page.goto(`${server.url}/app/accounts/${admin.account_id}/settings/profile`);
    await page.getByRole('heading', { name: words.heading }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), lang === 'pt-BR' ? 'pt-BR' : 'en');
    await alive(page);
    await accessible(page);
    await shots(page, `doors/login-${lang}`);

    await page.fill('#email', admin.email);
    await page.fill('#password', 'wrong');
    await page.click('button[type=submit].is-primary');
    await page.getByText(words.wrong).waitFor();
    await page.fill('#password', admin.password);
    await page.click('button[type=submit].is-primary');
    // Back to where the sign-in got in between.
    await page.waitForURL('**/settings/profile');
    await alive(page);

    await page.locator('[popovertarget=person-menu]').click();
    // Inside, the account's language counts.
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL('**/app/login');
    await page.goto(`${server.url}/app`);
    assert.equal(new URL(page.url()).pathname, '/app/login');
    watched.clean();
  });
}

test('signing in works without scripts, and says what is wrong', async (t) => {
  const server = await startServer({ t });
  const admin = await server.admin();
  const { page } = await visitor(t, { javaScriptEnabled: false });
  await page.goto(`${server.url}/app/login`);
  await page.fill('#email', admin.email);
  await page.fill('#password', 'wrong');
  await page.click('button[type=submit].is-primary');
  await page.getByText('E-mail and password do not match').waitFor();
  await page.fill('#email', admin.email);
  await page.fill('#password', admin.password);
  await page.click('button[type=submit].is-primary');
  await page.waitForURL(`**/app/accounts/${admin.account_id}/conversations`);
  await page.goto(`${server.url}/app/accounts/${admin.account_id}/settings/account`);
  assert.equal(await page.locator('#account-name').inputValue(), admin.account);
});

test('a session survives a restart of the server', async (t) => {
  const server = await startServer({ t });
  const admin = await server.admin();
  const { page, context } = await visitor(t);
  await signIn(page, server, admin);
  await page.waitForURL('**/conversations');
  const [cookie] = (await context.cookies()).filter((cookie) => cookie.name === 'cloudchat_session');
  assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.secure], [true, 'Lax', false]);
  await server.restart();
  await page.goto(`${server.url}/app/accounts/${admin.account_id}/settings/profile`);
  await page.getByRole('heading', { name: 'Profile' }).waitFor();
  assert.equal(await page.locator('#profile-name').inputValue(), admin.name);
});

test('a link in the log replaces a password once and ends every session', async (t) => {
  const server = await startServer({ t });
  const admin = await server.admin();
  const before = await visitor(t);
  await signIn(before.page, server, admin);
  await before.page.waitForURL('**/conversations');

  const { page, watched } = await visitor(t);
  await page.goto(`${server.url}/app/login`);
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.waitForURL('**/forgot-password');
  await alive(page);
  await accessible(page);
  await shots(page, 'doors/forgot');
  for (const email of ['nobody@example.com', admin.email]) {
    await page.fill('#email', email);
    await page.click('button[type=submit].is-primary');
    await page.getByText('the link is on its way').waitFor();
  }
  const link = await linkInLog(server, '/app/reset-password');
  await page.goto(link);
  await alive(page);
  await accessible(page);
  await page.fill('#password', 'another good one');
  await page.click('button[type=submit].is-primary');
  await page.waitForURL('**/conversations');
  watched.clean();

  await before.page.goto(`${server.url}/app`);
  assert.equal(new URL(before.page.url()).pathname, '/app/login');
  await before.page.goto(link);
  await before.page.getByRole('heading', { name: 'This link no longer works' }).waitFor();
  await signIn(before.page, server, admin);
  await before.page.getByText('do not match').waitFor();
  await signIn(before.page, server, { ...admin, password: 'another good one' });
  await before.page.waitForURL('**/conversations');
});

test('an invited colleague joins by the link that is passed on', async (t) => {
  const server = await startServer({ t });
  const admin = await server.admin();
  const { page, watched } = await visitor(t);
  await signIn(page, server, admin);
  await page.waitForURL('**/conversations');
  await page.goto(`${server.url}/app/accounts/${admin.account_id}/settings/agents`);
  await alive(page);
  await page.getByRole('button', { name: 'Invite agent' }).click();
  await page.fill('#agent-email', 'bia@example.com');
  await page.getByLabel('Name', { exact: true }).fill('Bia Lima');
  await accessible(page, { within: 'dialog[open]' });
  await page.getByRole('button', { name: 'Send invitation' }).click();
  await page.getByRole('cell', { name: 'Bia Lima' }).first().waitFor();
  const link = await until('the invitation is kept for the administrator', async () => {
    await page.reload();
    const kept = page.locator('.kept-mail code').first();
    return (await kept.count()) && kept.innerText();
  });
  await accessible(page);
  await shots(page, 'doors/agents');
  watched.clean();

  const bia = await visitor(t, { viewport: PHONE });
  await bia.page.goto(link);
  await bia.page.getByRole('heading', { name: 'Join Loja Aurora' }).waitFor();
  await alive(bia.page);
  await noSidewaysScroll(bia.page);
  await bia.page.fill('#password', 'battery staple');
  await bia.page.click('button[type=submit].is-primary');
  await bia.page.waitForURL('**/conversations');
  // Settings of the account are not for agents.
  const refused = await bia.page.goto(`${server.url}/app/accounts/${admin.account_id}/settings/agents`);
  assert.equal(refused.status(), 404);
  bia.watched.clean();
});

test('every page of the settings is accessible on both sizes', async (t) => {
  const server = await startServer({ t });
  const admin = await server.admin({ account: 'Companhia Brasileira de Distribuição de Cosméticos Naturais' });
  const { page, watched } = await visitor(t);
  await signIn(page, server, admin);
  await page.waitForURL('**/conversations');
  for (const name of ['account', 'inboxes', 'agents', 'teams', 'labels', 'audit', 'profile', 'security', '']) {
    await page.goto(`${server.url}/app/accounts/${admin.account_id}/settings/${name}`);
    await alive(page);
    await accessible(page);
    await shots(page, `doors/settings-${name || 'list'}`);
    await page.setViewportSize(PHONE);
    await noSidewaysScroll(page);
    await accessible(page);
    await page.setViewportSize({ width: 1440, height: 900 });
  }
  watched.clean();
});
