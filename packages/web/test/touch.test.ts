import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CDPSession, Locator, Page } from 'playwright-core';
import { account, badge, composer, group, message, openHouse, row, until, visit } from './browser.ts';

interface Hand {
  down(on: Locator): Promise<void>;
  /** From where it came down, in pixels. */
  to(dx: number, dy: number): Promise<void>;
  up(): Promise<void>;
}

/** One finger on the screen. */
async function handOn(page: Page): Promise<Hand> {
  const cdp: CDPSession = await page.context().newCDPSession(page);
  let at = { x: 0, y: 0 };
  const say = async (type: 'touchStart' | 'touchMove' | 'touchEnd', points: { x: number; y: number }[]) => {
    await cdp.send('Input.dispatchTouchEvent', { type, touchPoints: points });
  };
  return {
    async down(on) {
      await on.scrollIntoViewIfNeeded();
      const box = await on.boundingBox();
      assert.ok(box);
      at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      await say('touchStart', [at]);
    },
    async to(dx, dy) {
      for (let step = 1; step <= 8; step++)
        await say('touchMove', [{ x: at.x + (dx * step) / 8, y: at.y + (dy * step) / 8 }]);
    },
    up: () => say('touchEnd', []),
  };
}
const shot = async (page: Page, name: string) => {
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${name}.png` });
};
const is = (on: Locator, pulled: 'start' | 'end' | null) =>
  until(
    () => on.getAttribute('data-pulled'),
    to => to === pulled,
    'pulled',
  );

test('on the phone a conversation of the list is pulled into the archive, and marked read and unread', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { size: 'phone', theme: 'dark' });
  const ben = await account(home, 'Ben');
  const id = await group(ana, 'Kitchen', ben);
  await ben.say(id, 'board 1');
  const { page } = ana;
  const kitchen = row(page, 'Kitchen');
  await badge(page, 'Kitchen', '1').waitFor();
  const hand = await handOn(page);
  await hand.down(kitchen);
  await hand.to(75, 0);
  await is(kitchen, 'end');
  await page.getByText('Mark as read').waitFor();
  await hand.up();
  await badge(page, 'Kitchen', '1').waitFor({ state: 'detached' });
  assert.equal(new URL(page.url()).pathname, '/', 'it was not opened');
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await hand.down(kitchen);
  await hand.to(95, 0);
  await page.getByText('Mark as unread').waitFor();
  await shot(page, 'pull-row');
  await hand.up();
  await badge(page, 'Kitchen', '1').waitFor();

  await hand.down(kitchen);
  await hand.to(-95, 3);
  await page.getByText('Archive', { exact: true }).waitFor();
  await shot(page, 'pull-row-archive');
  await hand.to(-20, 3);
  await hand.up();
  await is(kitchen, null);
  await hand.down(kitchen);
  await hand.to(-75, 3);
  await hand.up();
  await page.getByText('Kitchen is in the archive').waitFor();
  await kitchen.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click(); // a tap right behind a pull may count as the end of its movement
  await kitchen.waitFor();
  await hand.down(kitchen);
  await page.getByRole('menu', { name: 'Actions for Kitchen' }).waitFor();
  await hand.up();
  await page.getByRole('menuitem', { name: 'Pin', exact: true }).tap();
  await page.getByRole('heading', { name: 'Pinned' }).waitFor();
});

test('on the phone a message is pulled to be answered, and held for all that can be done with it', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { size: 'phone', blank: true });
  const ben = await account(home, 'Ben');
  const id = await group(ana, 'Kitchen', ben);
  for (let n = 1; n <= 8; n++) await ben.say(id, `board ${n}`);
  const { page } = ana;
  await page.goto(`/c/${id}`);
  const last = message(page, 'board 8');
  await last.waitFor();
  const hand = await handOn(page);

  await hand.down(last);
  await hand.to(40, 4);
  await is(last, 'end');
  await hand.up();
  await is(last, null);
  assert.equal(await page.getByText('Replying to Ben:').count(), 0, 'not far enough');

  await hand.down(last);
  await hand.to(6, 120);
  await is(last, null);
  await hand.to(120, 120);
  await hand.up();
  await hand.down(message(page, 'board 2'));
  await hand.to(-90, 0);
  await is(message(page, 'board 2'), null); // nothing lies on that side
  await hand.up();
  assert.equal(await page.getByText('Replying to Ben:').count(), 0);

  // so quickly that nothing was drawn in between
  await last.evaluate(row => {
    const at = { bubbles: true, pointerId: 1, pointerType: 'touch', isPrimary: true, clientY: 300 };
    const say = (type: string, clientX: number) => row.dispatchEvent(new PointerEvent(type, { ...at, clientX }));
    say('pointerdown', 100);
    for (const x of [120, 180]) say('pointermove', x);
    say('pointerup', 180);
  });
  await page.getByText('Replying to Ben:').waitFor();
  await composer(page).press('Escape');
  await page.getByText('Replying to Ben:').waitFor({ state: 'detached' });

  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await hand.down(last);
  await hand.to(75, 4);
  await shot(page, 'pull-reply');
  await hand.up();
  await page.getByText('Replying to Ben:').waitFor();
  await until(() => composer(page).evaluate(field => field === document.activeElement), Boolean, 'one can write');

  const held = message(page, 'board 7');
  await hand.down(held);
  const menu = page.getByRole('menu', { name: 'Actions for the message of Ben' });
  await menu.waitFor();
  await hand.up();
  await shot(page, 'hold');
  await menu.getByRole('menuitem', { name: 'React with 👍' }).tap();
  await held.getByRole('button', { name: /^👍 1/ }).waitFor();
  await menu.waitFor({ state: 'detached' });
});
