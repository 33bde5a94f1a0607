import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account, composer, direct, message, openHouse, texts, until, visit, write } from './browser.ts';

declare global {
  /** Of the page: all that it has opened. */
  var sockets: WebSocket[];
}

test('a page that is older than its server says what it cannot load any more, with a way to reload, and is never blank', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await account(home, 'Ben');
  const room = await direct(ana, ben);
  await ben.say(room, 'On site until two');
  await ben.call('PATCH', `/conversations/${room}/messages/1`, { text: 'On site until three' });
  const { page } = ana;
  // As after a deployment: the files that this page names are gone, those of the new one have other names.
  const gone = '**/assets/*.js';
  await page.goto(`/c/${room}`);
  await message(page, 'until three').waitFor();
  await page.route(gone, route => route.fulfill({ status: 404 }));

  await page.getByRole('button', { name: 'Choose an emoji' }).click();
  const said = page.getByRole('alert').filter({ hasText: 'The emoji could not be loaded.' });
  await said.getByRole('button', { name: 'Reload' }).waitFor();
  await page.keyboard.press('Escape');
  await message(page, 'until three').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'See earlier versions' }).click();
  const versions = page.getByRole('dialog', { name: 'What it said before' });
  await versions.getByText('On site until two').first().waitFor();
  await versions.getByText('On site until three').waitFor();
  await page.keyboard.press('Escape');

  await composer(page).fill('half a sentence');
  await page.getByRole('button', { name: 'Choose an emoji' }).click();
  await said.getByRole('button', { name: 'Reload' }).click();
  await page.getByText('Carpenter could not be loaded.').waitFor();
  await page.unroute(gone);
  await page.getByRole('button', { name: 'Reload' }).click();
  await until(
    () => composer(page).inputValue(),
    text => text === 'half a sentence',
    'the draft',
  );
});

test('promise 4: a page that the browser kept for the way back goes on where it was: with all that was said meanwhile, over one connection', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { browser: 'keeping', blank: true });
  const ben = await account(home, 'Ben');
  const room = await direct(ana, ben);
  const { page } = ana;
  await ana.context.addInitScript(() => {
    globalThis.sockets = [];
    globalThis.WebSocket = new Proxy(WebSocket, {
      construct(target, given) {
        const socket = Reflect.construct(target, given);
        sockets.push(socket);
        return socket;
      },
    });
  });
  await page.goto(`/c/${room}`);
  await write(page, 'before');
  await message(page, 'before')
    .getByRole('img', { name: /Sent|Delivered/ })
    .waitFor();
  await page.evaluate(() =>
    addEventListener('pageshow', ({ persisted }) => {
      document.documentElement.dataset.kept = String(persisted);
    }),
  );
  await page.goto('/favicon.svg');
  await ben.say(room, 'while you were elsewhere');
  await page.evaluate(() => void setTimeout(() => history.back()));
  await page.locator('html[data-kept="true"]').waitFor();
  await message(page, 'while you were elsewhere').waitFor();
  await ben.say(room, 'back');
  await message(page, 'back').waitFor();
  await write(page, 'and on');
  await message(page, 'and on')
    .getByRole('img', { name: /Sent|Delivered/ })
    .waitFor();
  assert.deepEqual(await texts(page), ['before', 'while you were elsewhere', 'back', 'and on']);
  assert.deepEqual(await page.evaluate(() => sockets.map(socket => socket.readyState)), [
    WebSocket.CLOSED,
    WebSocket.OPEN,
  ]);
});
