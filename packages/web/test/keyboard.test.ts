import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { clean } from './axe.ts';
import {
  account,
  badge,
  composer,
  direct,
  group,
  message,
  messages,
  openBrowser,
  openHouse,
  password,
  row,
  shot,
  until,
  visit,
} from './browser.ts';

const focused = (page: Page) =>
  page.evaluate(
    () =>
      document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.querySelector('bdi')?.textContent,
  );

test('from sign-in to an answer without a pointer', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana');
  const { page } = await openBrowser(t, home);
  await page.goto('/');
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await page.getByRole('button', { name: 'Create an account' }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Your name').focus();
  for (const text of ['Ben', 'ben', password]) {
    await page.keyboard.type(text);
    await page.keyboard.press('Tab');
  }
  await page.getByText('ben is free').waitFor();
  await page.getByLabel('Password', { exact: true }).press('Enter');
  await page.getByRole('heading', { name: 'No conversations yet.' }).waitFor();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('ana');
  await page.getByRole('option', { name: /^Ana/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Ana', level: 1 }).waitFor();
  assert.match(String(await focused(page)), /^Write to Ana/);
  await page.keyboard.type('first');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('second line');
  await page.keyboard.press('Enter');
  await page.keyboard.type('another');
  await page.keyboard.press('Enter');
  await row(ana.page, 'Ben').press('Enter');
  await message(ana.page, 'second line').waitFor();

  // Over the button for files into the messages, up one, its actions, and back to it.
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await until(
    () => focused(page),
    label => /^You, .*another/.test(label ?? ''),
    'the newest message has the focus',
  );
  await page.keyboard.press('ArrowUp');
  await until(
    () => focused(page),
    label => /^You, .*first/.test(label ?? ''),
    'the one before',
  );
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Edit message' }).waitFor();
  await page.keyboard.press('Escape');
  await until(
    () => focused(page),
    label => /^You, .*first/.test(label ?? ''),
    'focus is back',
  );
  await page.keyboard.press('e');
  await page.getByRole('textbox', { name: 'Change the message' }).fill('only line');
  await page.keyboard.press('Enter');
  await message(ana.page, 'only line').waitFor();

  await page.keyboard.press('Control+/');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+.');
  await page.getByRole('complementary', { name: 'Details' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('complementary', { name: 'Details' }).waitFor({ state: 'detached' });
});

test('Alt and arrows go through the conversations, F6 through the page; keys alone act until they are turned off', async t => {
  const home = await openHouse(t);
  const ana = await account(home, 'Ana');
  const ben = await visit(t, home, 'Ben');
  for (const name of ['Three', 'Two', 'One']) await ana.say(await group(ana, name, ben), `in ${name}`);
  const { page } = ben;
  await badge(page, 'Three', '1').waitFor();
  const title = (name: string) => page.getByRole('heading', { name, level: 1, exact: true }).waitFor();
  await page.keyboard.press('Alt+ArrowDown');
  await title('One');
  await badge(page, 'One', '1').waitFor({ state: 'detached' });
  await page.keyboard.press('Alt+ArrowDown');
  await title('Two');
  await badge(page, 'Two', '1').waitFor({ state: 'detached' });
  await page.keyboard.press('Alt+ArrowUp');
  await title('One');
  await page.keyboard.press('Alt+Shift+ArrowDown');
  await title('Three');

  await row(page, 'One').focus();
  await page.keyboard.press('m');
  await badge(page, 'One', '1').waitFor();
  await page.keyboard.press('m');
  await badge(page, 'One', '1').waitFor({ state: 'detached' });
  const overview = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await page.keyboard.press('?');
  await overview.getByText('Mark as read or unread').waitFor();
  await clean(page);
  await page.keyboard.press('Escape');
  await overview.waitFor({ state: 'detached' });
  await row(page, 'One').focus();
  const now = async (label: RegExp) =>
    until(
      () => focused(page),
      found => label.test(found ?? ''),
      'the focus',
    );
  await page.keyboard.press('F6');
  await now(/^Ana, .*in Three/);
  await page.keyboard.press('F6');
  await now(/^Write to Three/);
  await page.keyboard.press('?');
  assert.equal(await composer(page).inputValue(), '?');
  await composer(page).fill('');
  await page.keyboard.press('Shift+F6');
  await now(/^Ana, .*in Three/);

  await page.goto('/settings/writing');
  await page.getByRole('switch', { name: /Single keys/ }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.getByRole('switch', { name: /Single keys/ }).blur();
  await page.keyboard.press('?');
  await row(page, 'One').press('m');
  await page.keyboard.press('Control+/');
  await overview.getByText('Single keys are turned off').waitFor();
  assert.equal(await overview.getByText('Mark as read or unread').count(), 0);
  assert.equal(await badge(page, 'One', '1').count(), 0);
});

test('the messages are one stop of the keyboard, past links and "Read by": Tab and the way past the list lead to the newest', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await account(home, 'Ben');
  const id = await group(ana, 'Kitchen', ben);
  await ben.say(id, 'Here: https://example.com/');
  await ana.say(id, 'Seen it');
  await ben.call('PUT', `/conversations/${id}/read`, { seq: 3 });
  await ben.say(id, 'And?');
  const { page } = ana;
  await page.goto(`/c/${id}`);
  await page.getByRole('button', { name: 'Read by Ben' }).waitFor();
  await message(page, 'And?').waitFor();
  const onNewest = () =>
    until(
      () => focused(page),
      label => /^Ben, .*And\?/.test(label ?? ''),
      'the newest message has the focus',
    );
  await page.getByRole('button', { name: 'Skip to messages' }).press('Enter');
  await onNewest();
  await page.getByRole('button', { name: 'Details' }).focus();
  await page.keyboard.press('Tab');
  await onNewest();
  // Within its message, "Read by" is reached.
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByText('Read by Ben').waitFor();
});

test('the list is one stop of the keyboard; letters and arrows find a row', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana');
  const ben = await account(home, 'Ben');
  for (const name of ['Cellar', 'Attic', 'Barn']) await group(ana, name, ben);
  const { page } = ana;
  await row(page, 'Barn').focus();
  await page.keyboard.press('ArrowDown');
  await until(
    () => focused(page),
    label => /^Attic/.test(label ?? ''),
    'down',
  );
  await page.keyboard.press('c');
  await until(
    () => focused(page),
    label => /^Cellar/.test(label ?? ''),
    'a letter',
  );
  await page.keyboard.press('Home');
  await until(
    () => focused(page),
    label => /^Barn/.test(label ?? ''),
    'home',
  );
  const stops = page.getByRole('navigation', { name: 'Conversations' }).locator('a[tabindex="0"]');
  assert.equal(await stops.count(), 1);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Barn', level: 1 }).waitFor();
  assert.equal(await messages(page).count(), 0);
});

test('the list can be a rail of faces: by a key or a button, kept on this device, with everything still there for the ear', async t => {
  const home = await openHouse(t);
  const [ana, ben] = [await visit(t, home, 'Ana'), await account(home, 'Ben')];
  const { page } = ana;
  const pair = await direct(ana, ben);
  const kitchen = await group(ana, 'Kitchen', ben);
  await ana.call('PATCH', `/conversations/${kitchen}/mine`, { pinned: 1 });
  await ana.say(kitchen, 'Morning');
  await ana.call('PUT', `/conversations/${kitchen}/messages/2/bookmark`, {});
  for (let n = 0; n < 3; n++) await ben.say(pair, `news ${n}`);
  await page.setViewportSize({ width: 900, height: 700 });
  await page.goto(`/c/${kitchen}`);
  await message(page, 'Morning').waitFor();
  const width = async () => (await row(page, 'Ben').boundingBox())?.width ?? 0;
  assert.ok((await width()) > 200);
  await page.keyboard.press('Control+\\');
  await until(width, now => now < 72, 'a rail');
  assert.match((await row(page, 'Ben').getAttribute('title')) ?? '', /^Ben$/);
  await badge(page, 'Ben', '3').waitFor();
  await shot(page, 'rail');
  await clean(page, 'rail');
  await page.reload();
  await row(page, 'Ben').click();
  await message(page, 'news 2').waitFor();
  assert.ok((await width()) < 72, 'kept over a reload');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/');
  await until(width, now => now > 300, 'the whole list on a phone');
  await page.setViewportSize({ width: 1280, height: 800 });
  await shot(page, 'rail-wide');
  await page.getByRole('button', { name: 'Make the list wide' }).click();
  await until(width, now => now > 200, 'the whole list');
});
