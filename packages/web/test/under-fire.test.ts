import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { databaseOf, onCluster } from '../../server/test/cluster.ts';
import {
  account,
  dayMs,
  direct,
  group,
  message,
  messages,
  openHouse,
  row,
  setClock,
  shot,
  texts,
  until,
  visit,
  write,
} from './browser.ts';

/** Nothing of it is drawn where its neighbour above stands. */
async function keepsToItself(page: Page, one: Locator): Promise<void> {
  const drawn = (opacity: string) =>
    one.evaluate((element: HTMLElement, opacity) => {
      element.style.opacity = opacity;
    }, opacity);
  await one.waitFor();
  await until(
    async () => {
      const box = await one.boundingBox();
      assert.ok(box);
      const above = { ...box, y: box.y - 30, height: 30 };
      const withIt = await page.screenshot({ clip: above });
      await drawn('0');
      const without = await page.screenshot({ clip: above });
      await drawn('');
      return withIt.equals(without);
    },
    same => same,
    'the same with and without it',
  );
}

test('promise 6: with clocks a day wrong, no room in the browser, a frozen tab and a database that is gone: each is said kindly, and what was written arrives once', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await visit(t, home, 'Ben', { size: 'phone', theme: 'dark', blank: true });
  await setClock(ana, dayMs);
  await setClock(ben, -dayMs);
  const { page } = ana;
  const room = await direct(ana, ben);
  await ana.say(room, 'before');
  await page.goto(`/c/${room}`);
  await ben.page.goto(`/c/${room}`);
  await message(page, 'before').waitFor();
  await message(ben.page, 'before').waitFor();
  for (const one of [page, ben.page]) await one.getByText('Today', { exact: true }).first().waitFor();

  // The database: whoever writes sees their words stand, and reads why they wait.
  const name = /\/(\w+)(\?|$)/.exec(home.databaseUrl)?.[1];
  const away = databaseOf(home.databaseUrl, 'postgres');
  await onCluster(
    away,
    `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
  );
  await write(page, 'without a database');
  await message(page, 'without a database').waitFor();
  await page.getByText('The database does not answer. Nothing is lost').first().waitFor();
  await shot(page, 'fire-database');
  await shot(ben.page, 'fire-database-phone');
  await onCluster(away, `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
  await message(ben.page, 'without a database').waitFor();

  // A frozen tab hears nothing, and has it all when it wakes.
  const bens = await ben.context.newCDPSession(ben.page);
  await bens.send('Page.setWebLifecycleState', { state: 'frozen' });
  await write(page, 'while you slept');
  await message(page, 'while you slept')
    .getByRole('img', { name: /Sent|Delivered|Read/ })
    .waitFor();
  await bens.send('Page.setWebLifecycleState', { state: 'active' });
  await message(ben.page, 'while you slept').waitFor();

  // A browser without room: said before anything is lost.
  await page.evaluate(() => {
    // As a full one answers. The limits that a test can set do not count in windows without a memory, as these are.
    const full = () => {
      throw new DOMException('There is no room.', 'QuotaExceededError');
    };
    IDBObjectStore.prototype.put = full;
    Storage.prototype.setItem = full;
  });
  await ana.context.setOffline(true);
  await write(page, `without room ${'x'.repeat(4_000)}`);
  await message(page, 'without room').waitFor();
  await page.getByText('This browser keeps nothing for this page').waitFor();
  await shot(page, 'fire-quota');
  await ana.context.setOffline(false);
  await message(ben.page, 'without room').waitFor();

  const ends = (all: string[]) => all.map(text => text.slice(0, 18));
  const all = ['before', 'without a database', 'while you slept', 'without room xxxxx'];
  await until(
    async () => ends(await texts(page)),
    shown => shown.length === 4,
    'all four',
  );
  assert.deepEqual(ends(await texts(page)), all);
  assert.deepEqual(ends(await texts(ben.page)), all);
  assert.equal(await messages(page).getByText('Not sent').count(), 0);

  // Who heaps marks on letters covers nothing of what others wrote, and no other name.
  const heap = `Z${'\u030d\u0316\u0334'.repeat(10)}`.normalize('NFC');
  const zoe = await account(home, 'Zoe');
  await zoe.call('PATCH', '/users/me', { displayName: `${heap}oe` });
  await zoe.say(await direct(zoe, ana), 'a name');
  await ben.say(room, heap.repeat(5));
  const others = await group(ana, 'Kitchen', ben, zoe);
  await ben.say(others, 'plain');
  await zoe.say(others, heap.repeat(5));
  await keepsToItself(page, message(page, heap));
  await keepsToItself(page, row(page, `${heap}oe`));
  await row(page, 'Kitchen').click();
  await message(page, 'plain').waitFor();
  await shot(page, 'fire-heap');
  await keepsToItself(page, message(page, heap));
});
