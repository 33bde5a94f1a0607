import { test } from 'node:test';
import { account, composer, direct, message, openHouse, visit } from './browser.ts';

test('a button that somebody points at says what it does and its key, one button at a time', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await account(home, 'Ben');
  const pair = await direct(ana, ben);
  await ben.say(pair, 'Morning');
  const { page } = ana;
  await page.goto(`/c/${pair}`);
  await message(page, 'Morning').hover();
  await page.getByRole('button', { name: 'Reply', exact: true }).click();
  const tip = (text: string) => page.locator('[data-open]', { hasText: text });
  await page.getByRole('button', { name: 'Do not reply' }).hover();
  await tip('Do not replyEscape').last().waitFor();
  await page.getByRole('button', { name: 'Make a poll' }).hover();
  await tip('Make a poll').last().waitFor();
  await tip('Do not reply').waitFor({ state: 'detached' });
  await composer(page).hover();
  await tip('Make a poll').waitFor({ state: 'detached' });
});
