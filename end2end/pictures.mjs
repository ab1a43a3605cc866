// The pictures of the README: the demo company's inbox, and the chat on its shop. Run by `cargo xtask pictures`.
import path from 'node:path';
import { hostPages, isLive, openBrowser, openContext, signIn, startServer, until } from './support/index.mjs';
import { root } from './support/paths.mjs';
import { paste } from './support/script.mjs';
import { settled } from './support/look.mjs';

const LANG = 'pt-BR';
const VIEWPORT = { width: 1280, height: 800 };
const wishes = { lang: LANG, viewport: VIEWPORT, deviceScaleFactor: 1.5 };

async function keep(page, name) {
  await settled(page);
  await page.screenshot({ path: path.join(root, 'docs/images', `${name}.png`), animations: 'disabled', caret: 'hide' });
}

/** The inbox with a conversation open. */
async function dashboard(browser, server, demo) {
  const person = { email: 'marina@lumecasa.example', password: 'Demo-2026!' };
  const { page, context } = await signIn(browser, server, person, wishes);
  await isLive(page);
  await page.goto(`${server.url}/app/accounts/${demo.account_id}/conversations?tab=all`);
  await isLive(page);
  await page.locator('.conversation-row').nth(1).click();
  await page.locator('.bubble').first().waitFor();
  await keep(page, 'dashboard');
  await context.close();
}

/** The chat on the page of a shop, in the middle of a dialogue. */
async function websiteChat(browser, server, demo) {
  const host = await hostPages(shop(paste(server.url, demo.website_token)));
  const context = await openContext(browser, wishes);
  const page = await context.newPage();
  await page.goto(host.url);
  await page.waitForFunction(() => globalThis.$cloudchat);
  await page.evaluate(() => globalThis.$cloudchat.toggle('open'));
  const chat = page.frameLocator('iframe').first();
  await chat.locator('.enter').click();
  await chat.locator('textarea').fill('Oi! A luminária **Aurora** vem com lâmpada?');
  await chat.locator('textarea').press('Enter');
  const account = `/api/v1/accounts/${demo.account_id}`;
  const ask = (method, where, body) => server.api(method, account + where, { token: demo.access_token, body });
  const id = await until('the conversation is there', async () => {
    // A greeting may follow what the visitor wrote.
    const { body } = await ask('GET', '/conversations?status=open&assignee_type=all&q=luminária');
    return body.data.payload.find((one) => one.created_at > Date.now() / 1000 - 60)?.id;
  });
  await ask('POST', `/conversations/${id}/messages`, {
    content: 'Oi! Vem sim: uma lâmpada LED de 9 W, luz quente. 💡\n\nEla chega montada, é só ligar na tomada.',
  });
  await chat.getByText('Ela chega montada').waitFor();
  await chat.locator('textarea').fill('Perfeito, vou levar duas!');
  await chat.locator('textarea').press('Enter');
  await ask('POST', `/conversations/${id}/update_last_seen`);
  await until('it is read', async () => (await chat.locator('.foot').last().textContent()).includes('Lida'));
  await keep(page, 'website-chat');
  await context.close();
  await host.close();
}

function shop(script) {
  const things = [
    ['Luminária Aurora', 'R$ 249,00', '#f4d7a1'],
    ['Vaso Terra, grande', 'R$ 129,00', '#d8a58a'],
    ['Manta de algodão', 'R$ 189,00', '#b9c7b0'],
    ['Prateleira Linha', 'R$ 99,00', '#c9b79c'],
    ['Jogo de xícaras', 'R$ 79,00', '#a9bccb'],
    ['Tapete Areia', 'R$ 359,00', '#dccfb9'],
  ];
  const cards = things.map(
    ([name, price, colour]) => `<article><div style="background:${colour}"></div><h2>${name}</h2><p>${price}</p></article>`,
  );
  return `<!doctype html>
<html lang="pt-BR">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Lume Casa</title>
  <style>
    body { margin: 0; font: 16px/1.5 system-ui, 'DejaVu Sans', sans-serif; color: #2f2a24; background: #faf7f2; }
    header { display: flex; gap: 32px; align-items: baseline; padding: 20px 48px; background: #fff; border-bottom: 1px solid #eae3d8; }
    header b { font-size: 22px; letter-spacing: .02em; }
    main { display: grid; grid-template-columns: repeat(3, 1fr); gap: 24px; max-width: 900px; padding: 32px 48px; }
    article div { height: 200px; border-radius: 12px; }
    h2 { font-size: 16px; margin: 12px 0 0; } p { margin: 0; color: #7a6f60; }
  </style>
</head>
<body>
  <header><b>Lume Casa</b><span>Iluminação</span><span>Decoração</span><span>Mesa posta</span></header>
  <main>${cards.join('')}</main>
  ${script}
</body>
</html>`;
}

const server = await startServer();
const browser = await openBrowser();
try {
  const demo = JSON.parse(await server.cli('demo', '--json'));
  await dashboard(browser, server, demo);
  await websiteChat(browser, server, demo);
} finally {
  await browser.close();
  await server.remove();
}
