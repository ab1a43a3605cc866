// The agents' inbox with half a year of a company's conversations: long lists, long threads, every size, scheme and language.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  accessible, DESKTOP, isLive, noSidewaysScroll, openBrowser, PHONE, shot, shots, signIn, startServer, until, Visitor,
} from '../support/index.mjs';
import { field } from '../support/inbox.mjs';

const MARINA = { email: 'marina@lumecasa.example', password: 'Demo-2026!' };

let browser;
let server;
let token;
let website;
before(async () => {
  browser = await openBrowser();
  server = await startServer({ start: false });
  const printed = await server.cli('demo');
  token = printed.match(/API token of the administrator: (\S+)/)[1];
  website = printed.match(/Website token of the shop: (\S+)/)[1];
  await server.start();
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

async function call(method, path, body) {
  const answer = await server.api(method, `/api/v1/accounts/1${path}`, { token, body });
  assert.equal(answer.status, 200, `${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

async function desk(t, path, wishes) {
  const desk = await signIn(browser, server, MARINA, { path: `/app/accounts/1${path}`, ...wishes });
  t.after(() => desk.context.close());
  await isLive(desk.page);
  return desk;
}

/** Rows that are drawn: number in the list and conversation, from top to bottom. */
const drawn = (page) =>
  page.locator('.conversation-row').evaluateAll((rows) =>
    rows.map((row) => ({ place: Number(row.ariaPosInSet), id: row.querySelector('.row-link').dataset.row, at: row.querySelector('time').dateTime })));

const scrollTo = (page, top) => page.locator('.list-scroll').evaluate((list, top) => list.scrollTo(0, top), top);

test('the list goes on for ever and draws only what is near', async (t) => {
  const { page, watched } = await desk(t, '/conversations?tab=all&status=all');
  const total = await page.locator('.conversation-row').first().evaluate((row) => Number(row.ariaSetSize));
  assert.ok(total >= 2000, `${total} conversations`);
  const seen = new Map();
  let last = 0;
  while (last < 300) {
    const rows = await until('the next rows are drawn', async () => {
      const rows = await drawn(page);
      return rows.at(-1).place > last && rows;
    });
    assert.ok(rows.length < 60, `${rows.length} rows are drawn`);
    for (const { place, id, at } of rows) {
      assert.ok(!seen.has(place) || seen.get(place).id === id, 'a row keeps its place');
      seen.set(place, { id, at });
    }
    last = rows.at(-1).place;
    await scrollTo(page, (last - 2) * 72);
  }
  const known = [...seen].sort(([a], [b]) => a - b).map(([, row]) => row);
  assert.equal(new Set(known.map(({ id }) => id)).size, known.length, 'nothing is there twice');
  assert.deepEqual(known.map(({ at }) => at), known.map(({ at }) => at).sort().reverse(), 'newest first');

  // What is read stays where it is while others come to the top.
  const there = await until('the rows are drawn', async () => {
    const rows = await drawn(page);
    return rows.at(-1).place > last && rows;
  });
  const same = page.locator(`.conversation-row:has([data-row="${there[Math.floor(there.length / 2)].id}"])`);
  const before = await same.boundingBox();
  const visitor = new Visitor(server, website);
  await visitor.enter();
  await visitor.say('Oi, vocês têm a luminária Lume em latão?');
  const placed = async () => Number(await same.getAttribute('aria-posinset'));
  const place = await placed();
  await until('the list has one more', async () => Number(await same.getAttribute('aria-setsize')) === total + 1 || (await placed()) !== place);
  await until('the row stands where it stood', async () => Math.abs((await same.boundingBox()).y - before.y) < 2);
  // And the list still begins with the newest.
  await scrollTo(page, 0);
  await page.locator(`.row-link[href*="/conversations/${visitor.conversation}?"]`).waitFor();
  watched.clean();
});

test('a long conversation has its days, groups and older messages', async (t) => {
  const { data } = await call('GET', '/conversations?status=all&assignee_type=all&sort_by=created_at_asc');
  const { id } = data.payload[0];
  await call('POST', `/conversations/${id}/messages`, { content: 'Passando para saber se deu tudo certo.' });
  const { page, watched } = await desk(t, `/conversations/${id}?tab=all&status=all`);
  assert.ok((await page.locator('.day-separator').count()) >= 2, 'days are told apart');
  assert.ok((await page.locator('.message-group').count()) >= 2);
  const old = await page.locator('.day-separator').first().innerText();
  assert.match(old, /\d/, `an old day says its date: ${old}`);
  await page.getByText('Passando para saber se deu tudo certo.').first().waitFor();

  // More than fits into one page: the older ones come when somebody scrolls to them, and nothing jumps.
  for (let number = 1; number <= 60; number += 1) await call('POST', `/conversations/${id}/messages`, { content: `Linha ${number}` });
  await page.reload();
  await isLive(page);
  const thread = page.locator('.thread');
  const bubbles = page.locator('.message .bubble');
  assert.equal(await bubbles.last().innerText(), 'Linha 60');
  await bubbles.last().waitFor();
  const first = await bubbles.count();
  await thread.evaluate((thread) => thread.scrollTo(0, -thread.scrollHeight));
  await until('older ones are there', async () => (await bubbles.count()) > first);
  const texts = await bubbles.allInnerTexts();
  assert.equal(texts.filter((text) => text === 'Linha 1').length, 1);
  await page.getByRole('button', { name: 'Ir para a mais recente' }).or(page.locator('.jump-latest button')).first().click();
  await until('the end is in sight', () => thread.evaluate((thread) => Math.abs(thread.scrollTop) < 4));
  watched.clean();
});

/** Everything is accessible, in light and in dark. */
async function readable(page) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await accessible(page);
  }
  await page.emulateMedia({ colorScheme: null });
}

/** The open conversation that shows most: labels, a priority, and where its visitor came from. Which it is, and whose, depends on the day. */
async function examples() {
  const { data } = await call('GET', '/conversations?status=open&assignee_type=all');
  const richness = ({ labels, priority, additional_attributes: origin }) =>
    (labels.length > 0) + Boolean(priority) + 2 * Object.values(origin).filter((value) => String(value).startsWith('http')).length;
  return data.payload.sort((one, other) => richness(other) - richness(one))[0].id;
}

/** What sticks out of a pane, or hides a part of itself without saying so by an ellipsis. */
const sticksOut = (page) =>
  page.evaluate(() => {
    const out = [];
    for (const pane of document.querySelectorAll('.list-pane, .conversation-pane, .details-pane')) {
      const edges = pane.getBoundingClientRect();
      if (edges.width === 0) continue;
      for (const part of pane.querySelectorAll('*')) {
        // What scrolls by itself may be wider than it looks.
        if (part.closest('pre > *, [popover]:not(:popover-open), dialog, .visually-hidden, .composer-tools, .message-actions')) continue;
        const { left, right, width } = part.getBoundingClientRect();
        if (width > 1 && (left < edges.left - 1 || right > edges.right + 1)) out.push(`${part.tagName}.${part.className}`);
      }
    }
    return out;
  });

test('the longest words fit, large and small', async (t) => {
  const long = 'Anticonstitucionalissimamente'.repeat(6);
  const visitor = new Visitor(server, website);
  await visitor.enter();
  await visitor.say(`https://lumecasa.example/${'colecao-de-luminarias-pendentes-'.repeat(8)}`);
  await visitor.say(`**${long}** e uma linha de código: \`${long}\`\n\n- ${long}\n\n\`\`\`\n${long} ${long}\n\`\`\``);
  await visitor.isCalled(`Maximiliano Vasconcelos de Albuquerque Cavalcanti ${long.slice(0, 60)}`, `${'maximiliano.vasconcelos.'.repeat(5)}neto@exemplo.example`);
  await call('POST', `/conversations/${visitor.conversation}/messages`, { content: `Encaminhado ao departamento de ${long}`, private: true });
  await call('POST', `/conversations/${visitor.conversation}/labels`, { labels: ['troca', 'devolução', 'entrega', 'pagamento', 'produto', 'reclamação'] });
  await call('POST', `/conversations/${visitor.conversation}/toggle_priority`, { priority: 'urgent' });
  for (const viewport of [DESKTOP, { width: 1180, height: 720 }, { width: 768, height: 900 }, PHONE]) {
    const { page, watched } = await desk(t, `/conversations/${visitor.conversation}?tab=all`, { viewport });
    await field(page).waitFor();
    await noSidewaysScroll(page);
    assert.deepEqual(await sticksOut(page), [], `at ${viewport.width} px`);
    await shot(page, `inbox/long-${viewport.width}`);
    if (viewport === PHONE) {
      await page.locator('.conversation-back').click();
      await page.locator('.list-pane').waitFor();
      assert.deepEqual(await sticksOut(page), []);
      await shot(page, 'inbox/long-list');
    }
    watched.clean();
  }
});

for (const [lang, locale] of [['en', 'en'], ['pt-BR', 'pt_BR']]) {
  test(`the inbox is good to look at in ${lang}, light and dark, large and small`, async (t) => {
    await call('PATCH', '', { locale });
    const answer = await server.api('PUT', '/api/v1/profile', { token, body: { profile: { ui_settings: {}, locale } } });
    assert.equal(answer.status, 200);
    const id = await examples();
    const { page, watched } = await desk(t, '/conversations');
    assert.equal(await page.locator('html').getAttribute('lang'), lang);
    await readable(page);
    await shots(page, `inbox/${lang}-list`, { sizes: ['1440'] });
    await page.goto(`${server.url}/app/accounts/1/conversations/${id}?tab=all`);
    await isLive(page);
    await field(page).waitFor();
    await readable(page);
    await noSidewaysScroll(page);
    await shots(page, `inbox/${lang}-conversation`, { sizes: ['1440'] });
    await page.locator('.composer-mode').nth(1).click();
    await field(page).fill('Cliente **antiga**: mandar *cupom* de 10 % e avisar a logística 😊');
    await readable(page);
    await shots(page, `inbox/${lang}-note`, { sizes: ['1440'], schemes: ['light'] });
    for (const menu of ['list-filter', 'list-notices', 'conversation-status', 'conversation-more', 'conversation-snooze', 'header-assignee', 'composer-emoji', 'composer-send']) {
      await page.locator(`[popovertarget="${menu}"]`).click();
      await page.locator(`#${menu}:popover-open`).waitFor();
      if (menu === 'composer-emoji') await page.locator('.emoji-grid').first().waitFor();
      await readable(page);
      await shots(page, `inbox/${lang}-menu-${menu}`, { sizes: ['1440'], schemes: ['light'] });
      await page.keyboard.press('Escape');
      await page.locator(`#${menu}:popover-open`).waitFor({ state: 'detached' });
    }
    await field(page).fill('');
    await page.locator('.composer-mode').nth(0).click();
    watched.clean();
  });

  test(`a phone shows one pane at a time, in ${lang}`, async (t) => {
    await call('PATCH', '', { locale });
    const id = await examples();
    const { page, watched } = await desk(t, '/conversations', { viewport: PHONE });
    const list = page.locator('.list-pane');
    const conversation = page.locator('.conversation-pane');
    await list.waitFor();
    await conversation.waitFor({ state: 'hidden' });
    await page.locator('.bottom-bar').waitFor();
    await noSidewaysScroll(page);
    await readable(page);
    await shots(page, `inbox/${lang}-phone-list`, { sizes: ['390'] });
    await page.goto(`${server.url}/app/accounts/1/conversations/${id}`);
    await isLive(page);
    await conversation.waitFor();
    await list.waitFor({ state: 'hidden' });
    await page.locator('.details-pane').waitFor({ state: 'hidden' });
    await noSidewaysScroll(page);
    await readable(page);
    await shots(page, `inbox/${lang}-phone-conversation`, { sizes: ['390'] });
    const small = await page.locator('.conversation-pane :is(button, a.icon-button):visible').evaluateAll((all) =>
      all.map((one) => [one.getAttribute('aria-label') ?? one.textContent, one.getBoundingClientRect()]).filter(([, { width, height }]) => Math.max(width, height) < 36).map(([name]) => name));
    assert.deepEqual(small, [], 'everything is large enough for a finger');
    // The name opens the details over everything; the way back is there.
    await page.locator('.conversation-open-details').click();
    await page.locator('.details-pane').waitFor();
    await readable(page);
    await shots(page, `inbox/${lang}-phone-details`, { sizes: ['390'] });
    await page.locator('.details-header .icon-button').click();
    await page.locator('.details-pane').waitFor({ state: 'hidden' });
    await page.locator('.conversation-back').click();
    await list.waitFor();
    await conversation.waitFor({ state: 'hidden' });
    await page.goBack();
    await conversation.waitFor();
    watched.clean();
  });
}
