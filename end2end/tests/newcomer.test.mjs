// A company that starts from nothing, in Portuguese: a team of six and two inboxes are set up on the screens alone, and thirty
// conversations are answered with the keyboard alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, isLive, openBrowser, openContext, shots, startServer, until, Visitor, watch } from '../support/index.mjs';
import { bubbles, field, row } from '../support/inbox.mjs';

const PASSWORD = 'uma senha bem longa';
const COLLEAGUES = ['Bia Lima', 'Caio Reis', 'Duda Melo', 'Enzo Dias', 'Fabi Alves'];
const THIRTY = 30;

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

const alive = (page) => page.locator('html[data-alive]').waitFor({ state: 'attached' });

async function person(t) {
  const context = await openContext(browser, { lang: 'pt-BR' });
  t.after(() => context.close());
  const page = await context.newPage();
  return { page, watched: watch(page) };
}

/** The first page makes the account. */
async function install(page) {
  await page.goto(server.url);
  await alive(page);
  await page.getByLabel('Empresa').fill('Loja Aurora');
  await page.getByLabel('Seu nome').fill('Ana Souza');
  await page.getByLabel('E-mail').fill('ana@example.com');
  await page.getByLabel('Senha').fill(PASSWORD);
  await page.getByRole('button', { name: 'Criar conta' }).click();
  await page.waitForURL('**/settings/inboxes/new');
}

/** From the choice of the channel to the script; the website's token. */
async function addInbox(page, name, site) {
  await page.getByRole('link', { name: /Converse com quem visita/ }).click();
  await page.getByLabel('Nome', { exact: true }).fill(name);
  await page.getByLabel('Endereço do site').fill(site);
  await page.getByRole('button', { name: 'Avançar' }).click();
  await page.getByRole('button', { name: 'Criar caixa de entrada' }).click();
  await page.waitForURL('**/ready');
  const script = await page.locator('.copy-field.is-code code').innerText();
  return /websiteToken: ["'](\w+)["']/.exec(script)[1];
}

async function goTo(page, name) {
  await page.getByRole('navigation').getByRole('link', { name, exact: true }).first().click();
}

async function invite(page, name) {
  await page.getByRole('button', { name: 'Convidar agente' }).click();
  await page.locator('#agent-email').fill(`${name.split(' ')[0].toLowerCase()}@example.com`);
  await page.getByLabel('Nome', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Enviar convite' }).click();
  await page.getByRole('cell', { name }).first().waitFor();
}

async function join(t, link) {
  const { page, watched } = await person(t);
  await page.goto(link);
  await alive(page);
  await page.locator('#password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Participar' }).click();
  await page.waitForURL('**/conversations');
  watched.clean();
}

test('a company of six begins from nothing and answers thirty people by keyboard', async (t) => {
  const { page, watched } = await person(t);
  await install(page);
  const shop = await addInbox(page, 'Loja', 'www.lojaaurora.com.br');
  await shots(page, 'newcomer/ready');

  await goTo(page, 'Agentes');
  for (const name of COLLEAGUES) await invite(page, name);
  await shots(page, 'newcomer/agents');
  const links = await until('five invitations can be passed on', async () => {
    await page.reload();
    const found = await page.locator('.kept-mail code').allInnerTexts();
    return found.length === COLLEAGUES.length && found;
  });
  for (const link of links) await join(t, link);

  await goTo(page, 'Caixas de entrada');
  await page.getByRole('link', { name: 'Adicionar caixa de entrada' }).click();
  const wholesale = await addInbox(page, 'Atacado', 'atacado.lojaaurora.com.br');
  assert.notEqual(shop, wholesale);
  await page.getByRole('link', { name: 'Configurações', exact: true }).last().click();
  await shots(page, 'newcomer/inbox');

  await goTo(page, 'Times');
  await page.getByRole('button', { name: 'Adicionar time' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Nome').fill('Vendas');
  await dialog.locator('#team-members').click();
  for (const name of COLLEAGUES.slice(0, 3)) await page.getByRole('option', { name: new RegExp(name) }).click();
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Criar time' }).click();
  await page.getByRole('heading', { name: 'vendas' }).waitFor();
  await shots(page, 'newcomer/team');
  await accessible(page);

  for (let number = 0; number < THIRTY; number += 1) {
    const visitor = new Visitor(server, number % 2 ? shop : wholesale);
    await visitor.enter();
    await visitor.say(`Oi, sou a pessoa ${number}, cadê meu pedido?`);
  }
  // From here on the mouse is left alone.
  await page.keyboard.press('Alt+c');
  await page.waitForURL(/conversations/);
  await isLive(page);
  await page.locator('.conversation-row').first().waitFor();
  await shots(page, 'newcomer/list');
  await answerAll(page);
  await shots(page, 'newcomer/done');
  watched.clean();
});

/** Opens the first conversation, then answers and resolves one after the other, each time going on to the next. */
async function answerAll(page) {
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const answered = new Set();
  while (answered.size < THIRTY) {
    await until('the next conversation is there', async () => {
      const said = (await bubbles(page)).find((text) => text.includes('cadê meu pedido'));
      return said && !answered.has(said) && said;
    });
    const said = (await bubbles(page)).find((text) => text.includes('cadê meu pedido'));
    await page.keyboard.press('r');
    await page.keyboard.type('Já saiu para entrega!');
    await page.keyboard.press('Enter');
    await until('it is said', async () => (await bubbles(page)).some((text) => text.includes('Já saiu')));
    assert.equal(await field(page).inputValue(), '');
    answered.add(said);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+E');
  }
  await until('nothing is left', async () => (await row(page, 'pessoa').count()) === 0);
}
