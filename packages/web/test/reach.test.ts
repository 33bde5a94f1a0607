import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanInBoth } from './axe.ts';
import {
  account,
  badge,
  composer,
  direct,
  group,
  message,
  openBrowser,
  openHouse,
  password,
  row,
  until,
  visit,
  write,
} from './browser.ts';

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
