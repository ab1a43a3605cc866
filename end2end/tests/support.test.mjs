// The tools of the other tests, on pages that need no server.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { accessible, hostPages, noSidewaysScroll, openBrowser, openContext, requests, shopPage, shots, until, watch } from '../support/index.mjs';

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

test('a plain page is clean, accessible and can be pictured', async (t) => {
  const host = await hostPages(shopPage(''), { t });
  const context = await openContext(browser);
  const page = await context.newPage();
  const watched = watch(page);
  const seen = requests(page);
  await page.goto(host.url);
  await accessible(page);
  await noSidewaysScroll(page);
  const pictures = await shots(page, 'support/plain');
  assert.equal(pictures.length, 4);
  assert.ok(pictures.every(existsSync));
  assert.ok(seen.includes(`GET ${host.url}/`));
  watched.clean();
  await context.close();
});

test('errors, refused scripts and exceptions are noticed', async (t) => {
  const script = '<script nonce="a">throw new Error("broken")</script><script>console.log("refused")</script>';
  const host = await hostPages(shopPage(script), { t, headers: { 'content-security-policy': "script-src 'nonce-a'" } });
  const context = await openContext(browser);
  const page = await context.newPage();
  const watched = watch(page);
  await page.goto(host.url);
  await until('both mistakes are found', () => watched.found.length >= 2);
  assert.ok(watched.found.some((line) => line.includes('broken')));
  assert.ok(watched.found.some((line) => line.includes('Content Security Policy')));
  assert.throws(() => watched.clean());
  await context.close();
});

test('a button without a name is not accessible', async (t) => {
  const host = await hostPages(shopPage('<button></button>'), { t });
  const context = await openContext(browser);
  const page = await context.newPage();
  await page.goto(host.url);
  await assert.rejects(accessible(page), /button-name/);
  await context.close();
});
