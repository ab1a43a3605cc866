// What the script costs the page that embeds it, before anybody touches it.
import { setTimeout as pause } from 'node:timers/promises';
import { hostPages, openContext } from '../support/index.mjs';
import { slow, SLOW_CPU } from './slow.mjs';
import { median, print } from './support.mjs';

const VISITS = 9;

/** Milliseconds for which the page is left alone after it has loaded, so that whatever the script still wants to do is seen. */
const REST = 500;

/** A page whose layout would move with anything that is put into its flow. */
const page = (script) => `<!doctype html>
<html lang="pt-BR">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Loja Aurora</title>
  <style>
    body { display: grid; place-content: center; gap: 2rem; min-height: 100vh; margin: 0; font: 16px/1.5 sans-serif }
    main { display: grid; grid-template-columns: repeat(4, 1fr); gap: 1rem }
    main * { margin: 0 }
  </style>
</head>
<body>
  <h1>Loja Aurora</h1>
  <main>${'<article><h2>Luminária</h2><p>Frete grátis acima de R$ 199.</p></article>'.repeat(200)}</main>
  ${script}
</body>
</html>`;

/** Keeps what the browser says about the page. Runs in the page, before anything else. */
function observe() {
  globalThis.observed = { shift: 0, long: 0 };
  const keep = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
  keep('layout-shift', ({ value }) => (globalThis.observed.shift += value));
  keep('longtask', ({ duration }) => (globalThis.observed.long += duration));
}

/** One visit with nothing in the cache. */
async function visit(browser, host, path, how) {
  const context = await openContext(browser);
  const asked = [];
  try {
    const page = await context.newPage();
    await page.addInitScript(observe);
    // The same process draws what comes next, so that its clock can be read before and after.
    await page.goto(`${host}/empty`);
    await slow(page, how);
    const session = await context.newCDPSession(page);
    await session.send('Performance.enable');
    // Its processor time, which is the same however busy the machine is otherwise.
    const busy = async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'ThreadTime').value * 1000;
    };
    page.on('request', (request) => asked.push(request.url()));
    page.on('websocket', (socket) => asked.push(socket.url()));
    const before = await busy();
    await page.goto(host + path);
    await pause(REST);
    const main = (await busy()) - before;
    return { main, asked, ...(await page.evaluate(() => globalThis.observed)) };
  } finally {
    await context.close();
  }
}

/** Visits to the page with and without the script, in turns. */
async function compare(browser, host, how) {
  const visits = { with: [], without: [] };
  for (let i = 0; i < VISITS; i += 1) {
    visits.without.push(await visit(browser, host, '/without', how));
    visits.with.push(await visit(browser, host, '/with', how));
  }
  return visits;
}

/** Prints what a page does with the script, beside what it does without. */
function beside(name, { unit, of, count }, visits) {
  const [own, all] = [visits.without, visits.with].map((visits) => of(visits.map(count)));
  print(`page with the script: ${name}`, all, unit, { of: own > 0 ? { ratio: all / own, what: `without it (${own.toFixed(1)})` } : null });
}

const most = (values) => Math.max(...values);
const REQUESTS = { unit: '', of: most, count: ({ asked }) => asked.length };
// Not on a slowed processor, where the main thread is also kept busy while it has nothing to do.
const MAIN = { unit: 'ms', of: median, count: ({ main }) => main };
const LONG = { unit: 'ms', of: median, count: ({ long }) => long };

export async function hostPage(browser, server, script) {
  const host = await hostPages({ '/empty': '<!doctype html>', '/without': page(''), '/with': page(script) });
  try {
    const plain = await compare(browser, host.url, []);
    const slowed = await compare(browser, host.url, SLOW_CPU);
    const ours = ({ asked }) => asked.filter((url) => new URL(url).host === new URL(server.url).host).length;
    const shift = (visits) => most(visits.map((visit) => visit.shift));
    beside('requests', REQUESTS, plain);
    print('page with the script: requests of the script, at rest', most(plain.with.map(ours)), '', { bar: 1 });
    print('page with the script: layout shift', shift(plain.with), '', { bar: shift(plain.without) });
    beside('main thread', MAIN, plain);
    beside('in tasks over 50 ms, 4 × slower CPU', LONG, slowed);
  } finally {
    await host.close();
  }
}
