import assert from 'node:assert/strict';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/**
 * axe finds nothing on the page as it stands. @param where  what is told where it does
 *
 * It looks for violations only and keeps to this window, as the page has no frames: describing what is well of a picker with
 * 1,900 buttons, and carrying that over into another window, took half a minute.
 */
export async function clean(page: Page, where?: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  assert.deepEqual(found, [], where);
}
