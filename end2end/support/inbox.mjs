// What is on the screen of the agents' inbox.
import assert from 'node:assert/strict';
import { until } from './wait.mjs';

/** The row of the list with these words. */
export const row = (page, words) => page.locator('.conversation-row', { hasText: words });

/** Where one writes. */
export const field = (page) => page.locator('#composer-text');

/** The texts of the open conversation, from top to bottom. */
export const bubbles = (page) => page.locator('.message .bubble').allInnerTexts();

/** An item of a menu, whether it can be ticked or not. */
export const item = (page, name) => page.getByRole('menuitem', { name }).or(page.getByRole('menuitemcheckbox', { name })).first();

/** Waits until the open conversation says it. */
export const says = (page, text) => until(`the conversation says "${text}"`, async () => (await bubbles(page)).includes(text));

/** Waits until the tabs count so many: mine, unassigned, all. */
export async function showsCounts(page, ...wanted) {
  const shown = () =>
    page.locator('.list-pane .tabs .tab').evaluateAll((tabs) => tabs.map((tab) => Number(tab.querySelector('.count')?.textContent.trim() || 0)));
  await becomes(shown, wanted);
}

/** Waits until the list has these names, from top to bottom. */
export const showsRows = (page, ...wanted) => becomes(() => page.locator('.conversation-row .row-link').allInnerTexts(), wanted);

async function becomes(shown, wanted) {
  const is = async () => JSON.stringify(await shown()) === JSON.stringify(wanted);
  await until('the screen is as wanted', is).catch(async () => assert.deepEqual(await shown(), wanted));
}
