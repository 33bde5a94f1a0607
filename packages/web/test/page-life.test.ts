import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, apiPrefix, type Unsent } from '@carpenter/protocol';
import {
  account,
  composer,
  direct,
  group,
  message,
  openHouse,
  password,
  row,
  texts,
  until,
  visit,
  write,
} from './browser.ts';

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

test('promise 5: a device that is logged out from elsewhere keeps nothing of what was said; what was not sent goes out after the next login, and the draft is back', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await account(home, 'Ben');
  const room = await direct(ana, ben);
  const kitchen = await group(ana, 'Kitchen');
  await ben.say(room, 'The key hangs behind the oak');
  const { page } = ana;
  await page.goto(`/c/${kitchen}`);
  await composer(page).fill('Shall we move the key');
  const file = { name: 'hook.txt', mimeType: 'text/plain', buffer: Buffer.from('by the door') };
  await page.locator('input[type="file"]').first().setInputFiles(file);
  await until(
    () => ana.call<{ drafts: Unsent[] }>('GET', '/drafts?limit=10'),
    ({ drafts: [draft] }) => draft?.text === 'Shall we move the key' && draft.attachments?.length === 1,
    'the draft on the server',
  );
  await row(page, 'Ben').click();
  await message(page, 'behind the oak').waitFor();
  const kept = (text: string) =>
    until(
      () => page.evaluate(whatIsKept),
      all => all.includes(text),
      `what this device keeps of "${text}"`,
    );
  await kept('behind the oak');
  await ana.context.setOffline(true);
  await write(page, 'Then I take it along');
  await kept('Then I take it along');

  const { url } = home;
  const headers = { origin: url, 'content-type': 'application/json' };
  const data = { username: 'ana', password, refresh: 'body' };
  const login = await fetch(url + apiPrefix + api.login.path, { method: 'POST', headers, body: JSON.stringify(data) });
  const { accessToken } = api.login.answers[200].parse(await login.json());
  const body = JSON.stringify({ current: password, next: `${password} more` });
  const authorization = `Bearer ${accessToken}`;
  const changed = await fetch(url + apiPrefix + api.changePassword.path, {
    method: 'POST',
    headers: { ...headers, authorization },
    body,
  });
  assert.equal(changed.status, 204);
  await ana.context.setOffline(false);
  await page.getByLabel('Username').waitFor();
  await until(
    () => page.evaluate(whatIsKept),
    all => !all.includes('behind the oak') && !all.includes('move the key'),
    'what is kept after the login was ended',
  );

  await page.getByLabel('Username').fill('ana');
  await page.getByLabel('Password', { exact: true }).fill(`${password} more`);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await message(page, 'Then I take it along')
    .getByRole('img', { name: /Sent|Delivered/ })
    .waitFor();
  await row(page, 'Kitchen').click();
  await until(
    () => composer(page).inputValue(),
    text => text === 'Shall we move the key',
    'the draft is back',
  );
  await page
    .getByRole('list', { name: 'Files to send' })
    .getByRole('listitem')
    .filter({ hasText: 'hook.txt' })
    .waitFor();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await message(page, 'Shall we move the key').getByText('hook.txt').first().waitFor();
});

/** Runs in the page: all that the browser keeps for it, as text. */
async function whatIsKept(): Promise<string> {
  const done = <T>(asked: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  const plain = (_: string, value: unknown) => (value instanceof Map ? [...value] : value);
  const found = [JSON.stringify({ ...localStorage })];
  for (const { name = '' } of await indexedDB.databases()) {
    const db = await done(indexedDB.open(name));
    for (const store of db.objectStoreNames)
      found.push(JSON.stringify(await done(db.transaction(store).objectStore(store).getAll()), plain));
    db.close();
  }
  return found.join();
}
