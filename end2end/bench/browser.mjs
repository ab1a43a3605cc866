// What an agent's browser downloads. Run by `cargo xtask bench` on a release build.
import { openBrowser, signIn, startServer } from '../support/index.mjs';
import { get, KB, print, UNLIMITED } from './support.mjs';

/** Bytes of a page of the dashboard, its style, and all of the program that it is drawn with. */
async function firstLoad(url, cookie = '') {
  const { bytes, text } = await get(url, { cookie });
  const files = [...text.matchAll(/<link [^>]*href="(\/pkg\/[^"]+\.(?:css|js|wasm))"/g)].map(([, file]) => file);
  const loads = await Promise.all([...new Set(files)].map((file) => get(new URL(file, url))));
  return loads.reduce((sum, load) => sum + load.bytes, bytes);
}

const server = await startServer({ env: UNLIMITED });
const browser = await openBrowser();
try {
  const admin = await server.admin();
  const agent = await signIn(browser, server, admin);
  const cookie = (await agent.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  await agent.context.close();
  const account = `${server.url}/app/accounts/${admin.account_id}`;
  print('dashboard, first load: sign-in', (await firstLoad(`${server.url}/app/login`)) / KB, 'KB', { bar: 450 });
  print('dashboard, first load: inbox', (await firstLoad(`${account}/conversations`, cookie)) / KB, 'KB', { bar: 450 });
  print('dashboard, first load: settings', (await firstLoad(`${account}/settings/account`, cookie)) / KB, 'KB');
} finally {
  await browser.close();
  await server.remove();
}
