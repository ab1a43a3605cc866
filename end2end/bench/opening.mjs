// What comes when the chat is opened, and how soon it can be used.
import { hostPages, openContext, shopPage } from '../support/index.mjs';
import { slow, SLOW_4G, SLOW_CPU } from './slow.mjs';
import { KB, median, print } from './support.mjs';

const ENTER = '.enter';
const FIELD = 'textarea';

/** Opens a page with the script, made slow as told. */
async function shopIn(context, url, how = []) {
  const shop = await context.newPage();
  await slow(shop, how);
  await shop.goto(url);
  await shop.waitForFunction(() => window.$cloudchat);
  return shop;
}

/** The launcher, as it is found in the page. */
const LAUNCHER = "document.querySelector('#cw-bubble-holder').shadowRoot.querySelector('.bubble')";

/** Does something on the page that makes the chat's frame come; returns the frame. */
async function frameAfter(shop, server, move) {
  const came = shop.waitForEvent('framenavigated', { predicate: (frame) => frame.url().startsWith(server.url) });
  return { moved: await move(), frame: await came };
}

/** Files that the frame has loaded so far, with their bytes as they were sent. Runs in the frame. */
function loaded() {
  const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
  return entries.map(({ name, encodedBodySize }) => [new URL(name).pathname, encodedBodySize]);
}

/** Whether all that the frame's page names has come, and the chat is alive. Runs in the frame. */
function isWhole(enter) {
  const named = [...document.querySelectorAll('link[href]')].every(({ href }) => performance.getEntriesByName(href).length);
  return named && document.querySelector(enter);
}

/** Prints what is downloaded until the chat is alive, and what is on the way to a conversation. */
export async function sizes(browser, server, script) {
  const host = await hostPages(shopPage(script));
  const context = await openContext(browser);
  try {
    const shop = await shopIn(context, host.url);
    // Intent loads the frame; nobody moves in it yet.
    const { frame } = await frameAfter(shop, server, () => shop.evaluate(`${LAUNCHER}.onpointerenter()`));
    await frame.waitForFunction(isWhole, ENTER, { polling: 50 });
    const first = new Map(await frame.evaluate(loaded));
    const sum = (files) => [...files.values()].reduce((sum, bytes) => sum + bytes, 0);
    print('widget opened for the first time', sum(first) / KB, 'KB', { bar: 100 });
    await shop.evaluate(() => window.$cloudchat.toggle('open'));
    await frame.locator(ENTER).click();
    await frame.locator(FIELD).waitFor();
    const isLater = ([path]) => path.startsWith('/pkg/') && !first.has(path);
    const later = new Map((await frame.evaluate(loaded)).filter(isLater));
    print('widget: what the conversation needs beyond that', sum(later) / KB, 'KB');
  } finally {
    await context.close();
    await host.close();
  }
}

/** Notes when the chat can be used, goes into the conversation at once, and notes when one can write. Runs in the frame, first of all. */
function hurry([enter, field]) {
  if (window === window.top) return;
  /** When something is there and on screen. */
  const shown = (selector) =>
    new Promise((resolve) => {
      const look = () => {
        const found = document.querySelector(selector);
        if (!found) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => resolve({ found, at: Date.now() })));
      };
      const observer = new MutationObserver(look);
      observer.observe(document, { childList: true, subtree: true });
      look();
    });
  globalThis.hurried = shown(enter).then(async ({ found, at: usable }) => {
    found.click();
    const { at: writable } = await shown(field);
    // The page is never kept by the browser, so it says how fast the network is.
    const [page] = performance.getEntriesByType('navigation');
    return { usable, writable, page: page.responseEnd - page.requestStart };
  });
}

/** Opens the chat by a click that nothing announced; returns after how many milliseconds it could be used, and written in. */
async function open(context, server, url, how) {
  const shop = await shopIn(context, url, how);
  const click = () => shop.evaluate(`{ const began = Date.now(); ${LAUNCHER}.click(); began }`);
  const { moved: began, frame } = await frameAfter(shop, server, click);
  const { usable, writable, page } = await frame.evaluate(() => globalThis.hurried);
  if (how === SLOW_4G && page < 140) throw new Error(`the frame's network is not slow: its page came after ${page} ms`);
  await shop.close();
  return { usable: usable - began, writable: writable - began };
}

const WAYS = [
  { name: '', how: [], openings: 12, bar: 300 },
  { name: ', 4 × slower CPU', how: SLOW_CPU, openings: 8 },
  { name: ', slow 4G', how: SLOW_4G, openings: 7 },
];

/** Prints how soon after the click the chat can be used, with nothing in the browser's cache and on the next page. */
export async function times(browser, server, script) {
  const host = await hostPages(shopPage(script));
  try {
    for (const { name, how, openings, bar } of WAYS) {
      const [cold, warm] = [[], []];
      for (let i = 0; i < openings; i += 1) {
        const context = await openContext(browser);
        await context.addInitScript(hurry, [ENTER, FIELD]);
        cold.push(await open(context, server, host.url, how));
        warm.push(await open(context, server, host.url, how));
        await context.close();
      }
      const of = (times, what) => median(times.map((time) => time[what]));
      print(`widget usable after the click, cold cache${name}`, of(cold, 'usable'), 'ms', { bar });
      print(`widget usable after the click, warm cache${name}`, of(warm, 'usable'), 'ms');
      print(`widget writable after the click, cold cache${name}`, of(cold, 'writable'), 'ms');
      print(`widget writable after the click, warm cache${name}`, of(warm, 'writable'), 'ms');
    }
  } finally {
    await host.close();
  }
}
