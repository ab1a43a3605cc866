// Pictures and accessibility checks of what is on the screen.
import assert from 'node:assert/strict';
import axe from 'axe-core';
import { DESKTOP, PHONE } from './browser.mjs';
import { outFile } from './paths.mjs';

const SIZES = { 1440: DESKTOP, 390: PHONE };

/** One picture of the page as it is: `out/<name>.png`. */
export async function shot(page, name, options = {}) {
  const path = outFile(`${name}.png`);
  await settled(page);
  await page.screenshot({ path, animations: 'disabled', caret: 'hide', ...options });
  return path;
}

/** Pictures at both sizes, light and dark: `out/<name>-<width>-<scheme>.png`. The page's size is put back. */
export async function shots(page, name, { sizes = Object.keys(SIZES), schemes = ['light', 'dark'] } = {}) {
  const before = page.viewportSize();
  const paths = [];
  for (const size of sizes) {
    await page.setViewportSize(SIZES[size]);
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme });
      paths.push(await shot(page, `${name}-${size}-${colorScheme}`));
    }
  }
  await page.emulateMedia({ colorScheme: null });
  if (before) await page.setViewportSize(before);
  return paths;
}

/** Fonts and pictures are there and the layout has been painted. */
export async function settled(page) {
  await page.evaluate(async () => {
    await document.fonts.ready;
    const pending = [...document.images].filter((image) => !image.complete && image.loading !== 'lazy');
    await Promise.all(pending.map((image) => image.decode().catch(() => {})));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
}

/** Fails on any accessibility violation axe finds in the page or frame; `skip` names rules, `within` a selector. */
export async function accessible(frame, { within, skip = [] } = {}) {
  // Colours follow a change of the scheme with the next frame.
  await settled(frame);
  // Evaluated rather than added as a script: the page's content security policy stays in force.
  await frame.evaluate(axe.source);
  const violations = await frame.evaluate(
    async ([selector, rules]) => {
      const options = {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        rules: Object.fromEntries(rules.map((rule) => [rule, { enabled: false }])),
        iframes: false,
      };
      const result = await globalThis.axe.run(selector ?? document, options);
      return result.violations.flatMap(({ id, help, nodes }) =>
        nodes.map((node) => `${id} (${help}) at ${node.target.join(' ')}: ${node.failureSummary}`),
      );
    },
    [within ?? null, skip],
  );
  assert.ok(violations.length === 0, `${frame.url()} is not accessible:\n${violations.join('\n')}`);
}

/** Fails if the page can be scrolled sideways. */
export async function noSidewaysScroll(page) {
  const [content, window] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [scrollWidth, clientWidth];
  });
  assert.ok(content <= window, `the page is ${content} px wide in a window of ${window} px`);
}
