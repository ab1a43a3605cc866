// The parts of the chat's program: fetched when somebody moves towards them, and missed without harm.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, hostPages, openBrowser, openContext, shopPage, shots, startServer, until, watch } from '../support/index.mjs';
import { Company } from '../support/people.mjs';
import { paste } from '../support/script.mjs';

const THREAD = '**/pkg/widget_split_thread.*';

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

/** A page with the chat, opened without anybody's hand, and what it asked for. */
async function visit(t, { allow = [] } = {}) {
  const host = await hostPages(shopPage(paste(server.url, company.inbox.website_token)), { t });
  const context = await openContext(browser);
  t.after(() => context.close());
  const page = await context.newPage();
  const watched = watch(page, { allow });
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const open = async () => {
    await page.goto(host.url);
    await page.waitForFunction(() => window.$cloudchat);
    await page.evaluate(() => window.$cloudchat.toggle('open'));
  };
  await open();
  const chat = page.frameLocator('#cw-bubble-holder iframe');
  const parts = () => asked.filter((path) => path.includes('_split_'));
  return { page, chat, watched, open, parts };
}

test('the conversation is fetched by who moves towards it, and with a page that begins with it', async (t) => {
  const { chat, watched, open, parts } = await visit(t);
  await chat.locator('.enter').waitFor();
  assert.deepEqual(parts(), []);
  await chat.locator('.hero h1').hover();
  await until('the conversation was fetched', () => parts().length > 0);
  await chat.locator('.enter').click();
  await chat.locator('.composer textarea').fill('Oi');
  await chat.locator('.composer textarea').press('Enter');
  await chat.locator('.message.own[data-state=sent], .message.own').first().waitFor();
  await until('it is stored', async () => {
    const { data } = await company.call('GET', `/conversations?inbox_id=${company.inbox.id}&status=all`);
    return data.payload.length > 0;
  });
  await open();
  await chat.locator('.message.own').first().waitFor();
  const announced = chat.locator('link[rel=preload][href*=widget_split_thread]');
  assert.equal(await announced.count(), 1);
  watched.clean();
});

test('a conversation that does not come says so, and comes when it is asked for again', async (t) => {
  const { page, chat, watched, parts } = await visit(t, { allow: [/ERR_FAILED/] });
  await chat.locator('.enter').waitFor();
  await page.route(THREAD, (route) => route.abort());
  await chat.locator('.enter').click();
  await chat.getByRole('alert').getByText('could not be loaded').waitFor();
  // Whoever moves about meanwhile asks for nothing.
  await chat.getByText('could not be loaded').hover();
  await chat.locator('header').hover();
  await chat.getByRole('button', { name: 'Try again' }).hover();
  await accessible(page);
  await shots(page, 'widget/part-missing');
  await page.unroute(THREAD);
  await chat.getByRole('button', { name: 'Try again' }).click();
  await chat.locator('.composer textarea').waitFor();
  assert.equal(parts().filter((path) => path.includes('split_thread')).length, 2);
  watched.clean();
});

test('a chat of an older version begins anew, with its session', async (t) => {
  const { page, chat, watched } = await visit(t, { allow: [/ERR_FAILED/] });
  await chat.locator('.enter').waitFor();
  await page.evaluate(() => window.$cloudchat.setUser('maria-1', { name: 'Maria Silva', email: 'maria@example.com' }));
  await until('she is known', async () => (await company.call('GET', '/contacts/search?q=maria@example.com')).payload.length);
  await page.route(THREAD, (route) => route.abort());
  await chat.locator('.enter').click();
  const again = chat.getByRole('button', { name: 'Try again' });
  await again.click();
  await again.waitFor();
  await page.unroute(THREAD);
  await again.click();
  await chat.locator('.enter').click();
  await chat.locator('.composer textarea').fill('Sou eu');
  await chat.locator('.composer textarea').press('Enter');
  await until('it is hers', async () => {
    const { data } = await company.call('GET', `/conversations?inbox_id=${company.inbox.id}&status=all`);
    return data.payload.some(({ meta }) => meta.sender.name === 'Maria Silva');
  });
  watched.clean();
});
