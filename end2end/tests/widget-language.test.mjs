// The chat in the visitor's language: which one it is, from right to left, and another one while it is open.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, DESKTOP, hostPages, noSidewaysScroll, openBrowser, openContext, PHONE, requests, shopPage, shots, startServer, until, watch } from '../support/index.mjs';
import { Company } from '../support/people.mjs';
import { paste } from '../support/script.mjs';

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

/** A visitor whose browser speaks `lang`, on a page with these settings. */
async function visit(t, { lang, settings = {}, viewport = DESKTOP }) {
  const script = `<script>window.cloudchatSettings = ${JSON.stringify(settings)}</script>${paste(server.url, company.inbox.website_token)}`;
  const host = await hostPages(shopPage(script), { t });
  const context = await openContext(browser, { lang, viewport });
  t.after(() => context.close());
  const page = await context.newPage();
  const watched = watch(page);
  const seen = requests(page);
  await page.goto(host.url);
  const bubble = page.locator('#cw-bubble-holder .bubble');
  await bubble.waitFor();
  return { page, watched, seen, bubble, chat: page.frameLocator('#cw-bubble-holder iframe') };
}

const html = async ({ page }) => {
  const frame = await until('the chat is there', () => page.frames().find((frame) => frame.url().includes('/widget')));
  return { frame, of: (name) => frame.locator('html').getAttribute(name) };
};

test('the language is that of the setting, else of the browser, else of the account', async (t) => {
  for (const [lang, settings, expected, label, start] of [
    ['de-AT', {}, 'de', 'Schreiben Sie uns', 'Gespräch beginnen'],
    ['de-AT', { locale: 'pl' }, 'pl', 'Napisz do nas', 'Rozpocznij rozmowę'],
    ['ja-JP', { locale: 'xx' }, 'ja', 'お問い合わせ', '会話を始める'],
    ['fr-CA', { locale: 'es', useBrowserLanguage: true }, 'fr', 'Écrivez-nous', 'Démarrer une conversation'],
    ['sv-SE', {}, 'en', 'Chat with us', 'Start a conversation'],
  ]) {
    const visitor = await visit(t, { lang, settings });
    await visitor.page.getByRole('button', { name: label }).waitFor();
    await visitor.bubble.click();
    await visitor.chat.locator('.enter').waitFor();
    assert.equal(await (await html(visitor)).of('lang'), expected, `${lang} ${JSON.stringify(settings)}`);
    assert.ok((await visitor.chat.locator('.enter').textContent()).startsWith(start));
    visitor.watched.clean();
  }
  await company.call('PATCH', '', { locale: 'pt_BR' });
  const visitor = await visit(t, { lang: 'sv-SE' });
  await visitor.bubble.click();
  await visitor.chat.getByText('Iniciar uma conversa').waitFor();
  await company.call('PATCH', '', { locale: 'en' });
});

test('nothing more is asked for a language than the script itself, unless the page sets another', async (t) => {
  const words = ({ seen }) => seen.filter((line) => line.includes('/packs/js/words')).length;
  const own = await visit(t, { lang: 'ru-RU' });
  await own.page.getByRole('button', { name: 'Напишите нам' }).waitFor();
  assert.equal(words(own), 0);
  const other = await visit(t, { lang: 'ru-RU', settings: { locale: 'it' } });
  await other.page.getByRole('button', { name: 'Scrivici' }).waitFor();
  assert.equal(words(other), 1);
});

test('Arabic is written from right to left, and a switch changes all of it in place', async (t) => {
  for (const [name, viewport] of [['desktop', DESKTOP], ['phone', PHONE]]) {
    const visitor = await visit(t, { lang: 'ar', viewport, settings: { type: 'expanded_bubble' } });
    const { page, chat } = visitor;
    const box = await visitor.bubble.boundingBox();
    assert.ok(box.x < viewport.width / 2, 'the bubble stands where lines end');
    await visitor.bubble.click();
    await chat.locator('.enter').waitFor();
    const { frame, of } = await html(visitor);
    assert.deepEqual([await of('lang'), await of('dir')], ['ar', 'rtl']);
    const sizes = [String(viewport.width)];
    await accessible(frame);
    await shots(page, `widget/arabic-${name}-home`, { sizes, schemes: ['light'] });
    await chat.locator('.enter').click();
    await chat.locator('textarea').fill('مرحبا، أين طلبي رقم 48213؟');
    await chat.locator('textarea').press('Enter');
    await chat.locator('.foot', { hasText: 'أُرسلت' }).waitFor();
    const { id } = await until('the conversation is kept', async () => {
      const { data } = await company.call('GET', `/conversations?inbox_id=${company.inbox.id}&status=all`);
      return data.payload.find(({ messages }) => messages.some(({ content }) => content?.includes('48213')));
    });
    await company.call('POST', `/conversations/${id}/messages`, { content: 'Olá! Saiu **ontem**:\n\n- Recife\n- Natal' });
    await chat.locator('.message .bubble', { hasText: 'ontem' }).waitFor();
    const own = await chat.locator('.message.own .bubble').first().boundingBox();
    const theirs = await chat.locator('.message:not(.own) .bubble').first().boundingBox();
    assert.ok(own.x < theirs.x, 'what the visitor says stands at the left');
    await chat.locator('.day', { hasText: 'اليوم' }).waitFor();
    await accessible(frame);
    await shots(page, `widget/arabic-${name}-chat`, { sizes });
    await noSidewaysScroll(page);

    await chat.locator('textarea').fill('rascunho');
    await page.evaluate(() => globalThis.$cloudchat.setLocale('pt_BR'));
    await chat.locator('.foot', { hasText: 'Enviada' }).waitFor();
    assert.deepEqual([await of('lang'), await of('dir')], ['pt-BR', 'ltr']);
    await chat.locator('.day', { hasText: 'hoje' }).waitFor();
    assert.equal(await chat.locator('textarea').inputValue(), 'rascunho', 'what was being written is still there');
    await page.evaluate(() => globalThis.$cloudchat.setLocale('xx'));
    await page.evaluate(() => globalThis.$cloudchat.setLocale('tr'));
    await chat.locator('.foot', { hasText: 'Gönderildi' }).waitFor();
    visitor.watched.clean();
    await company.call('POST', `/conversations/${id}/toggle_status`, { status: 'resolved' });
  }
});

test('a refusal is said in the language on screen', async (t) => {
  const answer = await server.api('POST', `/api/v1/widget/messages?website_token=${company.inbox.website_token}&locale=nl`, { body: { message: { content: '' } } });
  assert.equal(answer.status, 422);
  assert.equal(answer.body.message, 'Schrijf iets of voeg een bestand bij.');
  t.diagnostic('said in Dutch');
});
