// The main job from end to end: a visitor on a page with the pasted script and an agent in the dashboard talk to each other,
// through reloads of both sides and a server that is killed in between.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  Company, hasPostgres, hostPages, isLive, openBrowser, openContext, picture, shopPage, shot, shots, signIn, startServer, until, watch,
} from '../support/index.mjs';
import { paste } from '../support/script.mjs';

/** What a browser notes while the server is away. */
const AWAY = [/ERR_(CONNECTION_(REFUSED|RESET|CLOSED)|SOCKET_NOT_CONNECTED)/, /ERR_EMPTY_RESPONSE/, /ERR_INCOMPLETE_CHUNKED/, /WebSocket connection/];
const PHOTO = { name: 'blusa.png', mimeType: 'image/png', buffer: picture(640, 420) };
const LABEL = { name: 'etiqueta de devolução.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') };
const RECEIPT = { name: 'comprovante.png', mimeType: 'image/png', buffer: picture(420, 560, [52, 78, 160], [220, 228, 246]) };

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

/** A side of the dialogue: where its messages stand and where it writes. `at` is a page or a frame of one. */
class Side {
  constructor(page, at, watched) {
    Object.assign(this, { page, at, watched });
    this.field = at.locator('.composer textarea');
  }

  /** The texts on the screen, from top to bottom. */
  texts() {
    return this.at.locator('.message .bubble').allInnerTexts();
  }

  async shows(texts) {
    await until(`the screen shows ${texts.length} messages`, async () => (await this.texts()).length >= texts.length).catch(() => {});
    assert.deepEqual(await this.texts(), texts);
  }

  async write(text) {
    await this.field.fill(text);
    await this.field.press('Enter');
  }

  async attach(...files) {
    await this.at.locator('.composer input[type=file]').setInputFiles(files);
  }

  /** Every picture is drawn from what the server has, `count` of them. */
  async seesPictures(count) {
    const images = this.at.locator('.message img[src*="/files/"]');
    await until(`${count} pictures are drawn`, async () => {
      const drawn = await images.evaluateAll((all) => all.filter((image) => image.complete && image.naturalWidth > 0).length);
      return drawn === count;
    });
  }

  async sees(words, { within = 'body' } = {}) {
    await this.at.locator(within).getByText(words).last().waitFor();
  }

  async seesNoMore(words, { within = 'body' } = {}) {
    await until(`"${words}" is gone`, async () => (await this.at.locator(within).getByText(words).count()) === 0);
  }
}

async function visit(t, company) {
  const host = await hostPages(shopPage(paste(company.server.url, company.inbox.website_token)), { t });
  assert.notEqual(new URL(host.url).hostname, new URL(company.server.url).hostname, 'another site');
  const context = await openContext(browser, { lang: 'pt-BR' });
  t.after(() => context.close());
  const page = await context.newPage();
  const watched = watch(page, { allow: AWAY });
  await page.goto(host.url);
  const side = new Side(page, page.frameLocator('#cw-bubble-holder iframe'), watched);
  side.bubble = page.locator('#cw-bubble-holder .bubble');
  side.badge = page.locator('#cw-bubble-holder i');
  return side;
}

async function attend(t, company) {
  const path = `/app/accounts/${company.admin.account_id}/conversations?tab=unassigned`;
  const { context, page, watched } = await signIn(browser, company.server, company.admin, { path, allow: AWAY });
  t.after(() => context.close());
  await isLive(page);
  const side = new Side(page, page, watched);
  side.row = page.locator('.conversation-row');
  return side;
}

for (const postgres of [false, true]) {
  const database = postgres ? 'PostgreSQL' : 'SQLite';
  test(`a visitor and an agent talk through reloads and a power cut, on ${database}`, { skip: postgres && !hasPostgres }, async (t) => {
    const server = await startServer({ t, postgres });
    const company = await Company.open(server);
    await company.call('PATCH', '', { locale: 'pt_BR' });
    // One conversation for all that these two have to say.
    await company.call('PATCH', `/inboxes/${company.inbox.id}`, { lock_to_single_conversation: true });
    const agent = await attend(t, company);
    const visitor = await visit(t, company);
    const picture = (side, name) => (postgres ? undefined : shot(side.page, `dialogue/${name}`));
    const said = [];
    const bothShow = () => Promise.all([visitor.shows(said), agent.shows(said)]);
    /** A step of the dialogue; when it fails, what both saw is kept. */
    const step = async (name, run) => {
      await run().catch(async (error) => {
        await Promise.all([shot(agent.page, 'dialogue/failed-agent'), shot(visitor.page, 'dialogue/failed-visitor')]);
        throw new Error(`${name}: ${error.message}`, { cause: error });
      });
    };

    await step('the first message reaches the agent, and is seen', async () => {
      await visitor.bubble.click();
      await visitor.at.locator('.enter').click();
      await visitor.write('Oi! A blusa **verde** do pedido #48213 chegou rasgada 😕');
      said.push('Oi! A blusa verde do pedido #48213 chegou rasgada 😕');
      await visitor.sees('Enviada', { within: '.foot' });
      await agent.row.locator('.row-unread').waitFor();
      await picture(agent, '1-agent-new');
      assert.match(await agent.row.innerText(), /A blusa verde/);
      await agent.row.click();
      await bothShow();
      assert.equal(await agent.page.locator('.message strong').innerText(), 'verde');
      await visitor.sees('Lida', { within: '.foot' });
      await agent.row.locator('.row-unread').waitFor({ state: 'detached' });
      await agent.page.locator('.details-pane a[href^="http://localhost"]').waitFor();
      await agent.sees(/Chrom/, { within: '.details-pane' });
    });

    await step('each sees the other type, and that what they wrote was read', async () => {
      await agent.field.pressSequentially('Oi, sinto');
      await visitor.sees('Ana Souza está digitando…');
      await picture(visitor, '2-visitor-typing');
      await agent.field.fill('');
      await visitor.seesNoMore('está digitando');
      await agent.write('Oi! Sinto muito por isso. Pode mandar uma *foto*?');
      said.push('Oi! Sinto muito por isso. Pode mandar uma foto?');
      await bothShow();
      await agent.page.locator('.ticks.is-read').waitFor();
      await visitor.field.pressSequentially('Claro');
      await agent.page.locator('.typing').waitFor();
      await agent.row.locator('.is-typing').waitFor();
      await picture(agent, '2-agent-typing');
      await visitor.field.fill('');
      await agent.page.locator('.typing').waitFor({ state: 'detached' });
    });

    await step('files go both ways', async () => {
      await visitor.attach(PHOTO);
      await visitor.write('Aqui está');
      said.push('Aqui está');
      await agent.seesPictures(1);
      await visitor.seesPictures(1);
      await agent.attach(LABEL);
      await agent.write('Obrigada. Imprima esta etiqueta e poste em qualquer agência:');
      said.push('Obrigada. Imprima esta etiqueta e poste em qualquer agência:');
      const chip = visitor.at.locator('.chip', { hasText: LABEL.name });
      await chip.waitFor();
      const file = await visitor.page.request.get(new URL(await chip.getAttribute('href'), server.url).href);
      assert.deepEqual(await file.body(), LABEL.buffer);
      await bothShow();
    });

    await step('a reload of both sides changes nothing', async () => {
      await Promise.all([visitor.page.reload(), agent.page.reload()]);
      await visitor.bubble.click();
      await isLive(agent.page);
      await bothShow();
      await Promise.all([visitor.seesPictures(1), agent.seesPictures(1)]);
    });

    await step('what is written while the server is dead arrives once when it is back', async () => {
      await visitor.write('E o frete da devolução?');
      said.push('E o frete da devolução?');
      await bothShow();
      await server.kill();
      await agent.page.locator('.connection.is-behind').waitFor();
      await visitor.at.locator('.banner').waitFor();
      await visitor.write('Preciso pagar?');
      await visitor.sees('Aguardando a conexão…', { within: '.foot' });
      await agent.attach(RECEIPT);
      await agent.write('É por nossa conta, segue o comprovante.');
      await agent.page.locator('.message.is-sending').waitFor();
      await picture(agent, '3-agent-cut-off');
      await picture(visitor, '3-visitor-cut-off');
      await server.start();
      await isLive(agent.page);
      await agent.page.locator('.connection.is-behind').waitFor({ state: 'detached' });
      await visitor.at.locator('.banner').waitFor({ state: 'detached' });
      // Which of the two comes first is for the server to say.
      const kept = await until('the server has both', async () => {
        const { payload } = await company.call('GET', `/conversations/${await conversation(company)}/messages`);
        const texts = payload.filter((message) => message.message_type < 2).map((message) => message.content);
        return texts.length === said.length + 2 && texts;
      });
      const late = kept.slice(-2);
      assert.deepEqual([...late].sort(), ['Preciso pagar?', 'É por nossa conta, segue o comprovante.'].sort());
      said.push(...late);
      await bothShow();
      await Promise.all([visitor.seesPictures(2), agent.seesPictures(2)]);
      assert.equal(await agent.page.locator('.message.is-sending').count(), 0);
    });

    await step('the line is whole again on both sides', async () => {
      await visitor.field.pressSequentially('Que');
      await agent.page.locator('.typing').waitFor();
      await visitor.write('Que ótimo, obrigado!');
      said.push('Que ótimo, obrigado!');
      await bothShow();
      await visitor.sees('Lida', { within: '.foot' });
      await agent.write('Por nada 💚');
      said.push('Por nada 💚');
      await bothShow();
      await agent.page.locator('.message-group.is-own').last().locator('.ticks.is-read').waitFor();
      if (!postgres) {
        await shots(agent.page, 'dialogue/4-agent');
        await shots(visitor.page, 'dialogue/4-visitor');
      }
    });

    await step('a visitor who looks away gets the badge, and the agent sees when it was read', async () => {
      await visitor.bubble.click();
      await agent.write('Mais alguma coisa?');
      said.push('Mais alguma coisa?');
      await visitor.badge.filter({ hasText: '1' }).waitFor();
      const ticks = agent.page.locator('.message-group.is-own').last().locator('.ticks');
      assert.ok(!(await ticks.getAttribute('class')).includes('is-read'));
      await picture(visitor, '5-visitor-badge');
      await visitor.bubble.click();
      await agent.page.locator('.message-group.is-own').last().locator('.ticks.is-read').waitFor();
      await visitor.badge.waitFor({ state: 'hidden' });
    });

    await step('resolving ends it on both sides, and a new word opens it again', async () => {
      await agent.page.getByRole('button', { name: 'Resolver', exact: true }).click();
      await visitor.sees('Conversa encerrada');
      await agent.row.waitFor({ state: 'detached' });
      await visitor.write('Só mais uma dúvida');
      said.push('Só mais uma dúvida');
      await agent.row.waitFor();
      await visitor.seesNoMore('Conversa encerrada');
      await bothShow();
      await Promise.all([visitor.page.reload(), agent.page.reload()]);
      await visitor.bubble.click();
      await bothShow();
      visitor.watched.clean();
      agent.watched.clean();
    });
  });
}

/** The number of the only conversation. */
async function conversation(company) {
  const { data } = await company.call('GET', '/conversations?status=all&assignee_type=all');
  assert.equal(data.payload.length, 1, 'there is one conversation');
  return data.payload[0].id;
}
