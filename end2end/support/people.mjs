// The two sides of a dialogue without a browser: an agent's account with an inbox, and visitors who speak to it.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { openContext } from './browser.mjs';
import { watch } from './watch.mjs';

/** A small picture, ten by ten pixels. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNkYPhfz0AEYBxVSF+FAP5FDvcfRYWgAAAAAElFTkSuQmCC',
  'base64',
);

/** An account with an administrator, a website inbox and its agents. */
export class Company {
  static async open(server, { people = [], email } = {}) {
    const company = new Company();
    company.server = server;
    company.admin = await server.admin(email ? { email } : {});
    company.account = `/api/v1/accounts/${company.admin.account_id}`;
    company.inbox = await company.inboxCalled('Loja Aurora');
    for (const label of ['vip', 'troca']) {
      await company.call('POST', '/labels', { title: label, color: label === 'vip' ? '#7c3aed' : '#0d9488', show_on_sidebar: true });
    }
    await company.undoesSending(0);
    for (const [name, email] of people) await company.call('POST', '/agents', { name, email, role: 'agent' });
    return company;
  }

  async call(method, path, body) {
    const answer = await this.server.api(method, this.account + path, { token: this.admin.access_token, body });
    assert.equal(answer.status, 200, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** For how many seconds the administrator can take a reply back. Tests that do not look at that need not wait for it. */
  async undoesSending(seconds) {
    const body = { profile: { ui_settings: { undo_send: seconds } } };
    const answer = await this.server.api('PUT', '/api/v1/profile', { token: this.admin.access_token, body });
    assert.equal(answer.status, 200);
  }

  /** An inbox whose conversations wait for somebody to take them, unless `settings` say otherwise. */
  async inboxCalled(name, settings = {}) {
    const channel = { type: 'web_widget', website_url: 'https://loja.example', widget_color: '#1f6b5c' };
    const inbox = await this.call('POST', '/inboxes', { name, channel, enable_auto_assignment: false, ...settings });
    await this.call('POST', '/inbox_members', { inbox_id: inbox.id, user_ids: [this.admin.user_id] });
    return inbox;
  }

  /** A visitor of the website who has said something. */
  async visitor(name, ...said) {
    const visitor = new Visitor(this.server, this.inbox.website_token);
    await visitor.enter();
    for (const words of said) await visitor.say(words);
    if (name) await visitor.isCalled(name);
    return visitor;
  }
}

/** Somebody on the website. */
export class Visitor {
  constructor(server, websiteToken) {
    this.server = server;
    this.website = websiteToken;
  }

  async enter() {
    const config = await this.ask('POST', '/config');
    this.token = config.website_channel_config.auth_token;
  }

  async ask(method, path, body, query = '') {
    const where = `/api/v1/widget${path}?website_token=${this.website}${query}`;
    const headers = this.token ? { 'x-auth-token': this.token } : {};
    const answer = await this.server.api(method, where, { body, headers });
    assert.equal(answer.status, 200, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async say(content) {
    const message = { content, echo_id: randomUUID(), referer_url: 'https://loja.example/produto/7' };
    const said = await this.ask('POST', '/messages', { message });
    this.conversation = said.conversation_id ?? this.conversation;
    return said;
  }

  isCalled(name, email) {
    return this.ask('PATCH', '/contact', { name, ...(email ? { email } : {}) });
  }

  types(on) {
    return this.ask('POST', '/conversations/toggle_typing', { typing_status: on ? 'on' : 'off' });
  }

  seesAll() {
    return this.ask('POST', '/conversations/update_last_seen');
  }

  /** What this visitor can read, oldest first. */
  async reads() {
    const { payload } = await this.ask('GET', '/messages');
    return payload;
  }
}

/** A browser in which somebody is signed in, on a page of the dashboard; `init` prepares the page before anything is loaded. */
export async function signIn(browser, server, person, { path = '/app', allow, init, ...wishes } = {}) {
  const context = await openContext(browser, wishes);
  const page = await context.newPage();
  await init?.(page);
  const watched = watch(page, { allow });
  await page.goto(`${server.url}/app/login`);
  await page.locator('html[data-alive]').waitFor({ state: 'attached' });
  await page.locator('input[type=email]').fill(person.email);
  await page.locator('input[type=password]').fill(person.password);
  await page.locator('button[type=submit].is-primary').click();
  await page.waitForURL((url) => !url.pathname.endsWith('/login'));
  // A page that is left while it still loads complains of that.
  await page.locator('html[data-alive]').waitFor({ state: 'attached' });
  if (path !== '/app') await page.goto(server.url + path);
  return { context, page, watched };
}

/** The dashboard's line to the server is up: what happens from now on is shown. */
export async function isLive(page) {
  await page.locator('.dashboard[data-link="live"]').waitFor({ state: 'attached' });
}
