import assert from 'node:assert/strict';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/**
 * axe finds nothing on the page as it stands. @param where  what is told where it does @param rules  these alone
 *
 * It looks for violations only and keeps to this window, as the page has no frames: describing what is well of a picker with
 * 1,900 buttons, and carrying that over into another window, took half a minute. No rule that is on looks at style sheets, so
 * it fetches and parses none; and a page is given it once, as half a megabyte of script is read anew each time.
 */
export async function clean(page: Page, where?: string, rules?: string[]): Promise<void> {
  const there = await page.evaluate(() => 'axe' in window);
  const { violations } = await new AxeBuilder({ page, ...(there && { axeSource: ';' }) })
    .setLegacyMode()
    .options({
      resultTypes: ['violations'],
      preload: { assets: ['media'] },
      ...(rules && { runOnly: { type: 'rule', values: rules } }),
    })
    .analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  assert.deepEqual(found, [], where);
}

/** In light, and what is otherwise in dark. */
export async function cleanInBoth(page: Page, where: string): Promise<void> {
  await clean(page, where);
  await page.emulateMedia({ colorScheme: 'dark' });
  await clean(page, `${where}, in dark`, ['color-contrast']);
  await page.emulateMedia({ colorScheme: 'light' });
}
