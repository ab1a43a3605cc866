// A real Chromium, with contexts that differ as people do.
import { chromium } from 'playwright-core';
import { chromiumBinary } from './paths.mjs';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** Starts Chromium; with `t` (a node:test context) it is closed when that test ends. */
export async function openBrowser({ t, args = [] } = {}) {
  const browser = await chromium.launch({ executablePath: chromiumBinary(), headless: true, args: [...FLAGS, ...args] });
  t?.after(() => browser.close());
  return browser;
}

/**
 * One person's browser profile. `scheme` is `light` or `dark`, `lang` a language tag; `motion: true` keeps
 * animations, which are off so that tests and pictures are stable.
 */
export async function openContext(browser, { scheme = 'light', lang = 'en-US', viewport = DESKTOP, motion = false, ...more } = {}) {
  const context = await browser.newContext({
    viewport,
    colorScheme: scheme,
    locale: lang,
    timezoneId: 'America/Sao_Paulo',
    reducedMotion: motion ? 'no-preference' : 'reduce',
    hasTouch: viewport.width < 500,
    isMobile: viewport.width < 500,
    ...more,
  });
  context.setDefaultTimeout(15_000);
  context.setDefaultNavigationTimeout(30_000);
  return context;
}
