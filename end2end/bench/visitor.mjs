// What the chat costs a visitor and the page that embeds it. Run by `cargo xtask bench` on a release build.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { Company, openBrowser, startServer } from '../support/index.mjs';
import { root } from '../support/paths.mjs';
import { paste } from '../support/script.mjs';
import { hostPage } from './host-page.mjs';
import { memory } from './memory.mjs';
import { sizes, times } from './opening.mjs';
import { get, KB, print, UNLIMITED } from './support.mjs';

/** Bytes of the script that sites paste, in the language in which it is longest. */
async function scriptSize(server) {
  const languages = readdirSync(path.join(root, 'app/text/locales'));
  const script = `${server.url}/packs/js/sdk.js`;
  const sizes = await Promise.all(languages.map((language) => get(script, { 'accept-language': language })));
  return Math.max(...sizes.map(({ bytes }) => bytes));
}

const server = await startServer({ env: UNLIMITED });
const browser = await openBrowser();
try {
  const company = await Company.open(server);
  const script = paste(server.url, company.inbox.website_token);
  print('sdk.js', (await scriptSize(server)) / KB, 'KB', { bar: 4 });
  await hostPage(browser, server, script);
  await sizes(browser, server, script);
  await times(browser, server, script);
  await memory(browser, company, script);
} finally {
  await browser.close();
  await server.remove();
}
