// What the chat's frame holds after a long conversation.
import { hostPages, openContext, shopPage, until, Visitor } from '../support/index.mjs';
import { print } from './support.mjs';

const MB = 1024 * 1024;

/** An hour's worth, one every 1.8 seconds. */
const MESSAGES = 2_000;

const SAID = [
  'Oi! Vocês ainda têm a luminária Aurora na cor verde?',
  'Temos sim. São três na loja do centro, e o prazo para a sua região é de **quatro dias úteis**.',
  'E se eu não gostar, posso trocar? Comprei uma parecida no ano passado e acabou ficando pequena demais para a sala.',
  'Pode, em até 30 dias: https://loja.example/trocas',
];

/** Keeps hold of the memory of the chat's program. Runs in the frame, first of all. */
function holdMemory() {
  for (const way of ['instantiate', 'instantiateStreaming']) {
    const own = WebAssembly[way];
    WebAssembly[way] = async (...given) => {
      const made = await own.apply(WebAssembly, given);
      const { memory } = (made.instance ?? made).exports;
      if (memory) globalThis.wasmMemory = memory;
      return made;
    };
  }
}

/** Bytes that the frame holds when its rubbish has been taken away. */
async function held(context, frame) {
  // The frame is of another site, and so has a process and a heap of its own.
  const session = await context.newCDPSession(frame);
  for (let i = 0; i < 3; i += 1) await session.send('HeapProfiler.collectGarbage');
  const { usedSize, embedderHeapUsedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  const program = await frame.evaluate(() => globalThis.wasmMemory.buffer.byteLength);
  return { all: usedSize + embedderHeapUsedSize + program, script: usedSize, page: embedderHeapUsedSize, program };
}

/** Both sides write in turns, the agent's after the sign that they type, until there are so many messages. */
async function talk(company, visitor, begun) {
  const place = `/conversations/${visitor.conversation}`;
  for (let i = begun; i < MESSAGES; i += 1) {
    const words = `${SAID[i % SAID.length]} (${i})`;
    if (i % 2 === 0) {
      await visitor.say(words);
      continue;
    }
    await company.call('POST', `${place}/toggle_typing_status`, { typing_status: 'on' });
    await company.call('POST', `${place}/messages`, { content: words });
  }
}

export async function memory(browser, company, script) {
  const host = await hostPages(shopPage(script));
  const context = await openContext(browser);
  try {
    await context.addInitScript(holdMemory);
    const shop = await context.newPage();
    await shop.goto(host.url);
    await shop.locator('#cw-bubble-holder .bubble').click();
    const chat = shop.frameLocator('#cw-bubble-holder iframe');
    await chat.locator('.enter').click();
    await chat.locator('textarea').fill(SAID[0]);
    await chat.locator('textarea').press('Enter');
    const token = await until('the visitor is known', async () => {
      return (await context.cookies(host.url)).find(({ name }) => name === 'cw_conversation')?.value;
    });
    const visitor = Object.assign(new Visitor(company.server, company.inbox.website_token), { token });
    await visitor.say(SAID[2]);
    const frame = shop.frames().find((frame) => frame.url().startsWith(company.server.url));
    const shows = (count) => until(`${count} messages are on screen`, async () => (await chat.locator('.log .message').count()) === count);
    await shows(2);
    const fresh = await held(context, frame);
    await talk(company, visitor, 2);
    await shows(MESSAGES);
    const long = await held(context, frame);
    const of = { ratio: long.all / fresh.all, what: `that of 2 messages (${(fresh.all / MB).toFixed(1)} MB)` };
    print(`memory of the chat's frame, ${MESSAGES} messages`, long.all / MB, 'MB', { of });
    print('of it the heap of scripts', long.script / MB, 'MB');
    print('of it the page', long.page / MB, 'MB');
    print('of it the program', long.program / MB, 'MB');
  } finally {
    await context.close();
    await host.close();
  }
}
