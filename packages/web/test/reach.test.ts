import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { clean, cleanInBoth } from './axe.ts';
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
  write,
} from './browser.ts';

const focused = (page: Page) =>
  page.evaluate(
    () =>
      document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.querySelector('bdi')?.textContent,
  );

test('axe finds nothing on any screen, in light and in dark', async t => {
  const home = await openHouse(t);
  const stranger = await openBrowser(t, home);
  await stranger.page.goto('/');
  await stranger.page.getByText('Server reachable').waitFor();
  await cleanInBoth(stranger.page, 'first account');
  const ana = await visit(t, home, 'Ana');
  const ben = await account(home, 'Ben');
  const { page } = ana;
  await page.getByRole('heading', { name: 'No conversations yet.' }).waitFor();
  await cleanInBoth(page, 'first minute');
  await stranger.page.reload();
  await stranger.page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await stranger.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await cleanInBoth(stranger.page, 'sign in with faults');

  const pair = await direct(ana, ben);
  const kitchen = await group(ana, 'Kitchen', ben);
  await ana.say(pair, 'Here: https://example.com/');
  await ben.say(pair, 'Seen');
  await ben.say(kitchen, 'Morning');
  await page.goto(`/c/${pair}`);
  await message(page, 'Seen').waitFor();
  await message(page, 'example').hover();
  await cleanInBoth(page, 'direct conversation');
  await ana.context.setOffline(true);
  await write(page, 'later');
  await page.getByText('You are offline. 1 message').first().waitFor();
  await cleanInBoth(page, 'offline');
  await ana.context.setOffline(false);
  await page.getByText('Back online.').waitFor();
  await cleanInBoth(page, 'toast');

  await page.goto(`/c/${kitchen}/details`);
  await message(page, 'Morning').waitFor();
  await page.getByRole('heading', { name: 'Members' }).waitFor();
  await cleanInBoth(page, 'group and details');
  await page.getByRole('button', { name: 'Add people' }).click();
  await page.getByRole('dialog').waitFor();
  await cleanInBoth(page, 'add people');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Change what Ben may do' }).click();
  await page.getByRole('menu').waitFor();
  await cleanInBoth(page, 'menu of a member');
  await page.keyboard.press('Escape');
  await message(page, 'Morning').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor();
  await cleanInBoth(page, 'menu of a message');
  await page.goto('/settings/devices');
  await page.getByText('This device', { exact: true }).waitFor();
  await cleanInBoth(page, 'settings');
  await page.goto('/settings/look');
  await page.getByText('Compact', { exact: true }).click();
  await page.goto(`/c/${kitchen}`);
  await message(page, 'Morning').waitFor();
  await cleanInBoth(page, 'compact');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('e');
  await page.getByRole('option').first().waitFor();
  await cleanInBoth(page, 'palette');
});

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

test('what others write is spoken once, my own words and old ones are not', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await account(home, 'Ben');
  const id = await direct(ana, ben);
  await ben.say(id, 'old');
  await ana.page.goto(`/c/${id}`);
  await message(ana.page, 'old').waitFor();
  await write(ana.page, 'mine');
  await ben.say(id, 'new');
  const log = ana.page.getByRole('log');
  await log.getByText('Ben: new').waitFor();
  assert.equal((await log.textContent())?.trim(), 'Ben: new');
});

test('on a phone: the list, a conversation, its details, and Back all the way', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { size: 'phone' });
  const ben = await visit(t, home, 'Ben');
  const id = await group(ana, 'Kitchen', ben);
  await ben.say(id, 'Morning');
  const { page } = ana;
  await page.getByRole('heading', { name: 'Carpenter', level: 1 }).waitFor();
  await badge(page, 'Kitchen', '1').waitFor();
  await row(page, 'Kitchen').tap();
  await message(page, 'Morning').waitFor();
  assert.ok(await page.getByRole('navigation', { name: 'Conversations' }).isHidden());
  const box = await composer(page).boundingBox();
  assert.ok(box && box.y + box.height <= 844 && box.width < 390);

  await page.getByRole('button', { name: 'Details' }).tap();
  await page.getByRole('complementary', { name: 'Details' }).waitFor();
  await page.goBack();
  await page.getByRole('complementary', { name: 'Details' }).waitFor({ state: 'detached' });
  await composer(page).fill('From the van');
  await page.getByRole('button', { name: 'Send', exact: true }).tap();
  await message(ben.page, 'From the van').or(row(ben.page, 'Kitchen')).first().waitFor();

  await message(page, 'From the van').dispatchEvent('pointerdown', { pointerType: 'touch', isPrimary: true });
  await page.getByRole('menuitem', { name: 'Delete message' }).waitFor();
  await page.getByRole('menuitem', { name: 'Copy text' }).tap();
  // What is told in passing covers no sheet.
  const toast = page.getByText('Text copied');
  await toast.dispatchEvent('pointerover'); // it stays
  await page.getByRole('menu').waitFor({ state: 'detached' });
  await message(page, 'From the van').dispatchEvent('pointerdown', { pointerType: 'touch', isPrimary: true });
  await page.getByRole('menuitem', { name: 'Delete message' }).waitFor();
  const [above, sheet] = [await toast.boundingBox(), await page.getByRole('menu').boundingBox()];
  assert.ok(above && sheet && above.y + above.height <= sheet.y && above.y >= 52, 'between the head and the sheet');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Back to the list' }).tap();
  await row(page, 'Kitchen').waitFor();
  await page.getByRole('button', { name: 'You' }).tap();
  await page.getByRole('link', { name: 'Devices' }).waitFor();
  await page.getByRole('button', { name: 'Chats' }).tap();
  await row(page, 'Kitchen').waitFor();

  // An address opened from outside has its parent behind it.
  await page.goto('about:blank');
  const fresh = await ana.context.newPage();
  await fresh.goto(`/c/${id}`);
  await message(fresh, 'Morning').waitFor();
  await fresh.goBack();
  await row(fresh, 'Kitchen').waitFor();
  for (const width of [320, 390]) {
    await fresh.setViewportSize({ width, height: 700 });
    for (const path of ['/', `/c/${id}`, `/c/${id}/details`, '/settings']) {
      await fresh.goto(path);
      await fresh.locator('main:visible, nav:visible').first().waitFor();
      const over = await fresh.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      assert.equal(over, 0, `nothing sticks out of ${width} at ${path}`);
    }
  }
});

test('theme and density apply at once, survive a reload, and stand before the first paint', async t => {
  const home = await openHouse(t);
  const { page } = await visit(t, home, 'Ana');
  await page.goto('/settings/look');
  await page.getByText('Dark', { exact: true }).click();
  await page.getByText('Compact', { exact: true }).click();
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await until(ground, colour => /0\.2\d* /.test(colour), 'dark at once');
  // Without our scripts only what stands in the head has run.
  await page.route('**/assets/*.js', route => route.abort());
  await page.reload();
  assert.equal(await ground(), dark);
  await page.getByRole('button', { name: 'Reload' }).waitFor();
  await page.unrouteAll();
  await page.reload();
  await page.getByRole('radio', { name: 'Dark' }).waitFor();
  assert.ok(await page.getByRole('radio', { name: 'Dark' }).isChecked());
  assert.ok(await page.getByRole('radio', { name: 'Compact' }).isChecked());
});

test('devices: another one is signed out from here, and learns why', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const other = await openBrowser(t, home);
  await other.page.goto('/');
  await other.page.getByLabel('Username').fill('ana');
  await other.page.getByLabel('Password', { exact: true }).fill(password);
  await other.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await other.page.getByRole('heading', { name: 'No conversations yet.' }).waitFor();
  await ana.page.goto('/settings/devices');
  await ana.page.getByRole('button', { name: /^Sign out Chrome/ }).click();
  await other.page.getByText('This device was signed out from another one.').first().waitFor();
  await other.page.getByRole('button', { name: 'Sign in' }).click();
  await other.page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await ana.page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await ana.page.getByRole('heading', { name: 'Welcome back' }).waitFor();
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
