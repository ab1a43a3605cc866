// The scripts that sites paste, and what their pages can call.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { hostPages, openBrowser, openContext, shopPage, startServer, until, watch } from '../support/index.mjs';
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

async function visit(t, script, { allow } = {}) {
  const host = await hostPages(shopPage(script), { t });
  const context = await openContext(browser);
  t.after(() => context.close());
  const page = await context.newPage();
  const watched = watch(page, { allow });
  await page.goto(host.url);
  await page.locator('#cw-bubble-holder .bubble').waitFor();
  return { page, watched, context, chat: page.frameLocator('#cw-bubble-holder iframe') };
}

/** The help centre's example that passes on who somebody is. */
const withData = (token) => `<script>
  (function(d,t) {
    var BASE_URL="${server.url}";
    var g=d.createElement(t),s=d.getElementsByTagName(t)[0];
    g.src=BASE_URL+"/packs/js/sdk.js";
    g.defer = true;
    g.async = true;
    s.parentNode.insertBefore(g,s);
    g.onload=function(){
      window.cloudchatSDK.run({ websiteToken: '${token}', baseUrl: BASE_URL });
      // 1. Preenchendo informações do contato
      window.addEventListener('cloudchat:ready', function() {
        window.$cloudchat.setUser('joao@example.com', { email: 'joao@example.com', name: 'João da Silva', phone_number: '+5511999999999' });
      });
      // 2. Passando atributos personalizados do contato
      window.addEventListener('cloudchat:on-start-conversation', function() {
        window.$cloudchat.setCustomAttributes({ plano: 'Premium', id_cliente: '123456', cnh: 'ABC123456789' });
      });
    }
  })(document,"script");
</script>`;

test('the example with contact data fills in who somebody is, and leaves out what nobody defined', async (t) => {
  for (const key of ['plano', 'id_cliente']) {
    await company.call('POST', '/custom_attribute_definitions', {
      attribute_display_name: key, attribute_key: key, attribute_display_type: 'text', attribute_model: 'contact_attribute',
    });
  }
  const { page, chat, watched } = await visit(t, withData(company.inbox.website_token));
  await page.locator('#cw-bubble-holder .bubble').click();
  await chat.locator('.enter').click();
  await chat.locator('textarea').fill('Oi');
  await chat.locator('textarea').press('Enter');
  const contact = await until('the contact has their data', async () => {
    const { payload } = await company.call('GET', '/contacts/search?q=joao');
    return payload[0]?.custom_attributes?.id_cliente && payload[0];
  });
  assert.deepEqual(contact.custom_attributes, { plano: 'Premium', id_cliente: '123456' });
  assert.deepEqual([contact.name, contact.email, contact.phone_number], ['João da Silva', 'joao@example.com', '+5511999999999']);
  watched.clean();
});

test('running twice is running once, and settings are those of the page', async (t) => {
  const own = `<script>cloudchatSettings = { position: 'left', type: 'expanded_bubble', launcherTitle: 'Fale conosco' }</script>`;
  const { page, watched } = await visit(t, own + paste(server.url, company.inbox.website_token) + paste(server.url, company.inbox.website_token));
  await page.waitForFunction(() => globalThis.$cloudchat);
  assert.equal(await page.locator('#cw-bubble-holder').count(), 1);
  await page.locator('#cw-bubble-holder.left .bubble', { hasText: 'Fale conosco' }).waitFor();
  await page.evaluate(() => globalThis.$cloudchat.toggleBubbleVisibility('hide'));
  await page.locator('#cw-bubble-holder .bubble').waitFor({ state: 'hidden' });
  watched.clean();
});

test('pages written for the product that the script comes from go on working', async (t) => {
  const script = paste(server.url, company.inbox.website_token).replace('cloudchatSDK', 'chatwootSDK');
  const listen = `<script>addEventListener('chatwoot:ready', () => { document.body.dataset.ready = typeof $chatwoot.setUser; })</script>`;
  const { page, chat, watched } = await visit(t, `<script>chatwootSettings = { position: 'left' }</script>${listen}${script}`);
  await page.locator('body[data-ready="function"]').waitFor();
  await page.locator('#cw-bubble-holder.left').waitFor({ state: 'attached' });
  await page.evaluate(() => globalThis.$chatwoot.toggle('open'));
  await chat.locator('.enter').waitFor();
  assert.equal(await page.evaluate(() => typeof globalThis.$cloudchat), 'undefined');
  watched.clean();
});

test('an inbox can be told not to answer to those names', async (t) => {
  const inbox = await company.inboxCalled('Sem nomes antigos');
  await company.call('PATCH', `/inboxes/${inbox.id}`, { channel: { answers_chatwoot: false } });
  const old = await visit(t, paste(server.url, inbox.website_token).replace('cloudchatSDK', 'chatwootSDK'), { allow: [/403/] });
  await old.page.locator('#cw-bubble-holder .bubble').hover();
  await old.page.locator('#cw-bubble-holder .bubble').waitFor({ state: 'hidden' });
  const own = await visit(t, paste(server.url, inbox.website_token));
  await own.page.locator('#cw-bubble-holder .bubble').click();
  await own.chat.locator('.enter').waitFor();
  own.watched.clean();
});

test('signing out leaves nothing of somebody behind', async (t) => {
  const { page, chat, context } = await visit(t, withData(company.inbox.website_token));
  await page.locator('#cw-bubble-holder .bubble').click();
  await chat.locator('.enter').click();
  await chat.locator('textarea').fill('meu segredo');
  await until('the draft is kept', () => page.evaluate(() => JSON.stringify(localStorage).includes('meu segredo')));
  await page.evaluate(() => globalThis.$cloudchat.reset());
  assert.ok(!(await page.evaluate(() => JSON.stringify(localStorage))).includes('segredo'));
  assert.deepEqual(await context.cookies(), []);
  assert.equal(await page.locator('#cw-bubble-holder iframe').count(), 0);
});
