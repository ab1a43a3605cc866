// What a visitor's and an agent's browser downloads, and how soon the chat can be used. Prints one JSON line per figure, in the form
// of end2end/load. Run by `cargo xtask bench` on a release build.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { hostPages, openBrowser, openContext, shopPage, signIn, startServer } from '../support/index.mjs';
import { root } from '../support/paths.mjs';

const KB = 1024;
const OPENINGS = 12;

function print(name, value, unit, bar) {
  console.log(JSON.stringify({ name, database: '', value, unit, bar: bar && { sign: '≤', value: bar }, of: null }));
}

const site = path.join(root, 'server/site');
const manifest = JSON.parse(readFileSync(path.join(site, 'manifest.json'), 'utf8'));

/** Bytes of a file of the site as it is sent: compressed with brotli. */
const sent = (name) => sentAt(manifest[name]);

/** The same for its path in the site. */
function sentAt(place) {
  const file = path.join(site, place);
  return statSync(`${file}.br`, { throwIfNoEntry: false })?.size ?? statSync(file).size;
}

/** What a browser is sent for an address: its bytes, and its text. */
async function get(url, cookie = '') {
  const answer = await fetch(url, { headers: { 'accept-encoding': 'br, gzip', cookie } });
  const length = Number(answer.headers.get('content-length'));
  const text = await answer.text();
  return { bytes: length || Buffer.byteLength(text), text };
}

/** Bytes of a page of the dashboard, its style, and all of the program that it is drawn with. */
async function firstLoad(url, cookie) {
  const { bytes, text } = await get(url, cookie);
  const files = [...text.matchAll(/<link [^>]*href="\/(pkg\/[^"]+\.(?:css|js|wasm))"/g)].map(([, file]) => file);
  return [...new Set(files)].reduce((sum, file) => sum + sentAt(file), bytes);
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const server = await startServer({ env: { CLOUDCHAT_RATE_LIMITS: '100000' } });
const browser = await openBrowser();
try {
  const admin = await server.admin();
  const inbox = await server.api('POST', `/api/v1/accounts/${admin.account_id}/inboxes`, {
    token: admin.access_token,
    body: { name: 'Loja', channel: { type: 'web_widget', website_url: 'https://loja.example.com' } },
  });
  const { website_token: token, web_widget_script: script } = inbox.body;

  print('sdk.js', sent('sdk.js') / KB, 'KB', 4);
  const { bytes: frame } = await get(`${server.url}/widget?website_token=${token}`);
  const widget = frame + sent('widget.js') + sent('widget.wasm') + sent('widget.css');
  print('widget opened for the first time', widget / KB, 'KB', 100);
  const agent = await signIn(browser, server, admin);
  const cookie = (await agent.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  await agent.context.close();
  const account = `${server.url}/app/accounts/${admin.account_id}`;
  print('dashboard, first load: sign-in', (await firstLoad(`${server.url}/app/login`)) / KB, 'KB', 450);
  print('dashboard, first load: inbox', (await firstLoad(`${account}/conversations`, cookie)) / KB, 'KB', 450);
  print('dashboard, first load: settings', (await firstLoad(`${account}/settings/account`, cookie)) / KB, 'KB');

  const host = await hostPages(shopPage(script));
  const times = [];
  for (let i = 0; i < OPENINGS; i += 1) {
    // A new context each time: nothing is cached.
    const context = await openContext(browser);
    const shop = await context.newPage();
    await shop.goto(host.url);
    await shop.waitForFunction(() => window.$cloudchat);
    const began = Date.now();
    await shop.evaluate(() => window.$cloudchat.toggle('open'));
    await shop.frameLocator('iframe').first().locator('.enter, textarea').first().waitFor({ state: 'visible' });
    times.push(Date.now() - began);
    await context.close();
  }
  print('widget usable after the click, cold cache (median)', median(times), 'ms', 300);
  await host.close();
} finally {
  await browser.close();
  await server.remove();
}
