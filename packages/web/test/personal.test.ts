import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { api, apiPrefix } from '@carpenter/protocol';
import type { Page } from 'playwright-core';
import { picture } from '../../server/test/files.ts';
import type { House } from '../../server/test/house.ts';
import { clean } from './axe.ts';
import {
  account,
  composer,
  direct,
  group,
  message,
  openBrowser,
  openHouse,
  type Person,
  password,
  row,
  until,
  visit,
  write,
} from './browser.ts';

/** Another browser of somebody who has an account. */
async function device(t: TestContext, home: House, { name }: Person, size: 'desk' | 'phone' = 'phone'): Promise<Page> {
  const { page } = await openBrowser(t, home, { size });
  const answer = await page.request.post(apiPrefix + api.login.path, {
    headers: { origin: home.url },
    data: { username: name.toLowerCase(), password },
  });
  assert.equal(answer.status(), 200, await answer.text());
  await page.goto('/');
  return page;
}
const shot = async (page: Page, name: string) => {
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${name}.png` });
};
const dataset = (page: Page, name: string) => page.evaluate(key => document.documentElement.dataset[key], name);

test('what I choose applies at once, says "Saved", and holds on my other devices and from the first paint on', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana');
  const phone = await device(t, home, ana);
  await phone.getByRole('navigation', { name: 'Conversations' }).waitFor();
  await ana.page.goto('/settings/look');
  await ana.page.getByRole('radio', { name: 'Dark' }).check();
  assert.equal(await dataset(ana.page, 'theme'), 'dark', 'at once');
  await ana.page.getByRole('status').filter({ hasText: 'Saved' }).waitFor();
  await ana.page.getByRole('combobox', { name: 'Size of messages' }).selectOption('18');
  await until(
    () => dataset(phone, 'theme'),
    theme => theme === 'dark',
    'dark on the phone',
  );
  await until(
    () => dataset(phone, 'textSize'),
    size => size === '18',
    'large on the phone',
  );
  await clean(ana.page, 'look');

  await phone.route('**/assets/**', route => route.abort()); // only what stands before the program
  await phone.reload({ waitUntil: 'commit' });
  await until(
    () => dataset(phone, 'theme').catch(() => undefined),
    theme => theme === 'dark',
    'the first paint',
  );
  await phone.unroute('**/assets/**');
  await phone.goto('/settings');
  await phone.getByRole('link', { name: 'Reading and writing' }).click();
  await phone.getByRole('radio', { name: 'Ctrl Enter' }).check();
  await clean(phone, 'writing on the phone');
  await ana.page.getByRole('link', { name: 'Reading and writing' }).click();
  await until(() => ana.page.getByRole('radio', { name: 'Ctrl Enter' }).isChecked(), Boolean, 'on the desk');

  const room = await group(ana, 'Kitchen');
  await ana.page.goto(`/c/${room}`);
  await composer(ana.page).fill('one');
  await composer(ana.page).press('Enter');
  assert.equal(await composer(ana.page).inputValue(), 'one\n', 'Enter breaks the line');
  await composer(ana.page).press('Control+Enter');
  await message(ana.page, 'one').waitFor();

  for (const part of ['profile', 'notifications', 'privacy', 'devices']) {
    await ana.page.goto(`/settings/${part}`);
    await ana.page.getByRole('heading', { level: 2 }).first().waitFor();
    await clean(ana.page, part);
  }
});

test('what I send rings once I asked for it, and only where there are sounds at all', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana');
  const room = await group(ana, 'Kitchen');
  const { page } = ana;
  await page.addInitScript(() => {
    let tones = 0;
    const make = AudioContext.prototype.createOscillator;
    AudioContext.prototype.createOscillator = function () {
      document.documentElement.dataset.tones = String(++tones);
      return make.call(this);
    };
  });
  const sent = async (text: string) => {
    await write(page, text);
    await message(page, text)
      .getByText(/Delivered/)
      .or(message(page, text).getByRole('img', { name: /Delivered/ }))
      .first()
      .waitFor();
  };
  await page.goto(`/c/${room}`);
  await sent('one');
  assert.equal(await dataset(page, 'tones'), undefined, 'not asked for');
  await page.goto('/settings/notifications');
  await page.getByRole('switch', { name: 'A sound for what you send' }).check();
  await clean(page, 'sounds');
  await row(page, 'Kitchen').click();
  let n = 0;
  const tones = async () => {
    await sent(`two ${++n}`); // a busy browser takes its time before it lets itself be heard
    return dataset(page, 'tones');
  };
  await until(tones, heard => heard !== undefined, 'it rang');
});

test('chosen while offline, it holds here, says so, and goes out later', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  await ana.page.goto('/settings/look');
  await ana.page.getByRole('radio', { name: 'Compact' }).waitFor();
  await ana.context.setOffline(true);
  await ana.page.getByRole('radio', { name: 'Compact' }).check();
  await ana.page.getByText('Saved here. It goes to your other devices when you are back online.').waitFor();
  assert.equal(await dataset(ana.page, 'density'), 'compact');
  await ana.context.setOffline(false);
  const kept = async () => (await ana.call<{ preferences: object }>('GET', '/users/me')).preferences;
  await until(kept, preferences => JSON.stringify(preferences).includes('compact'), 'on the server');
});

test('what I write here stands there, too: a draft goes on on the phone, and is gone everywhere once it is sent', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana');
  const room = await group(ana, 'Kitchen');
  const phone = await device(t, home, ana);
  await ana.page.goto(`/c/${room}`);
  await composer(ana.page).fill('Shall we take oak');
  await row(phone, 'Kitchen').getByText('Draft:').waitFor();
  await row(phone, 'Kitchen').click();
  await until(
    () => composer(phone).inputValue(),
    text => text === 'Shall we take oak',
    'the draft',
  );
  await composer(phone).fill('Shall we take oak or ash?');
  await until(
    () => composer(ana.page).inputValue(),
    text => text.endsWith('or ash?'),
    'back on the desk',
  );
  await ana.page.goto('/later');
  await ana.page.getByRole('link', { name: 'Kitchen Shall we take oak or ash?' }).waitFor();
  await clean(ana.page, 'drafts');
  await phone.getByRole('button', { name: 'Send', exact: true }).click();
  await message(phone, 'or ash?').waitFor();
  await ana.page.getByText('Nothing is half written.').waitFor();
  await ana.page.goto(`/c/${room}`);
  await message(ana.page, 'or ash?').waitFor();
  assert.equal(await composer(ana.page).inputValue(), '');
});

test('a draft goes along whole, with what it answers and its files, and from a thread that nobody has answered yet', async t => {
  const home = await openHouse(t);
  const [ana, ben] = [await visit(t, home, 'Ana'), await account(home, 'Ben')];
  const room = await group(ana, 'Kitchen', ben);
  await ben.say(room, 'Which wood?');
  const phone = await device(t, home, ana);
  const desk = ana.page;
  await desk.goto(`/c/${room}`);
  await message(desk, 'Which wood?').focus();
  await desk.keyboard.press('r');
  await composer(desk).fill('Oak, as here');
  const tiles = (page: Page) => page.getByRole('list', { name: 'Files to send' }).getByRole('listitem');
  const add = async (name: string) => {
    const buffer = await picture(900, 600).jpeg().toBuffer();
    await desk.locator('input[type="file"]').first().setInputFiles({ name, mimeType: 'image/jpeg', buffer });
    await tiles(desk).filter({ hasText: name }).filter({ hasText: 'kB' }).waitFor();
  };
  await add('oak.jpg');
  await row(phone, 'Kitchen').getByText('Draft:').waitFor();
  await row(phone, 'Kitchen').click();
  await phone.getByText('Replying to Ben:').waitFor();
  await tiles(phone).filter({ hasText: 'oak.jpg' }).waitFor();
  assert.equal(await composer(phone).inputValue(), 'Oak, as here');
  await until(
    () =>
      tiles(phone)
        .locator('img')
        .evaluateAll(([img]) => img instanceof HTMLImageElement && img.naturalWidth > 0),
    Boolean,
    'the picture on the phone',
  );
  await shot(phone, 'draft-phone');
  await clean(phone, 'a draft with a file');
  await add('ash.jpg');
  await tiles(phone).nth(1).waitFor();
  await phone.getByRole('button', { name: 'Remove oak.jpg' }).click();
  await until(
    () => tiles(desk).allTextContents(),
    all => all.length === 1 && all.join().includes('ash.jpg'),
    'taken out on the desk',
  );

  await desk.goto('/later');
  await desk.getByRole('link', { name: 'Kitchen Oak, as here 1 file' }).waitFor();
  await shot(desk, 'drafts-later');
  await desk.getByRole('button', { name: 'Throw away' }).click();
  await until(
    async () => [await tiles(phone).count(), await composer(phone).inputValue()].join(),
    state => state === '0,',
    'thrown away on the phone',
  );
  await desk.getByRole('button', { name: 'Undo' }).click();
  await tiles(phone).filter({ hasText: 'ash.jpg' }).waitFor();
  await phone.getByText('Replying to Ben:').waitFor();
  await phone.getByRole('button', { name: 'Send', exact: true }).click();
  await message(phone, 'as here').getByRole('button', { name: 'Open ash.jpg' }).waitFor();
  await desk.getByText('Nothing is half written.').waitFor();
  await desk.goto(`/c/${room}`);
  await message(desk, 'as here').getByRole('button', { name: 'Answers Ben: Which wood?' }).waitFor();
  assert.deepEqual([await tiles(desk).count(), await composer(desk).inputValue()], [0, '']);

  await message(desk, 'Which wood?').first().focus();
  await desk.keyboard.press('t');
  await desk.getByRole('textbox', { name: /^Reply in the thread/ }).fill('Ash would do');
  await phone.goto('/later');
  await phone.getByRole('link', { name: 'a thread in Kitchen Ash would do' }).click();
  const field = phone.getByRole('textbox', { name: /^Reply in the thread/ });
  await until(
    () => field.inputValue(),
    text => text === 'Ash would do',
    'in the thread on the phone',
  );
  assert.equal(new URL(phone.url()).pathname.split('/').slice(-2).join('/'), 't/2');
});

test('what was written without a connection goes out after a reload, and what was emptied elsewhere meanwhile does not come back', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana');
  const [, ash] = [await group(ana, 'Oak'), await group(ana, 'Ash')];
  const { page } = ana;
  const keep = (room: string, text: string) =>
    ana.call('PUT', `/conversations/${room}/draft`, { text, writtenAt: new Date().toISOString() });
  await keep(ash, 'to be sent elsewhere');
  await row(page, 'Ash').getByText('Draft:').waitFor();
  await row(page, 'Oak').click();
  await composer(page).waitFor();
  await page.route('**/draft', route => route.abort());
  await composer(page).fill('written in the tunnel');
  await page.getByText('Draft saved').waitFor();
  await page.goto('about:blank');
  await keep(ash, '');
  await page.unroute('**/draft');
  await page.goto('/');
  const texts = async () => {
    const { drafts } = await ana.call<{ drafts: { text: string }[] }>('GET', '/drafts');
    return drafts.map(({ text }) => text);
  };
  await until(texts, all => all.join() === 'written in the tunnel', 'on the server');
  await row(page, 'Oak').getByText('Draft:').waitFor();
  await row(page, 'Ash').getByText('Draft:').waitFor({ state: 'detached' });
});

test('a message for later: chosen from presets or a time of one’s own, changed, taken back, sent at its time', async t => {
  const home = await openHouse(t);
  const [ana, ben] = [await visit(t, home, 'Ana', { blank: true }), await visit(t, home, 'Ben')];
  const pair = await direct(ana, ben);
  const { page } = ana;
  await ben.say(pair, 'Are you there?');
  await page.goto(`/c/${pair}`);
  await composer(page).fill('Good morning');
  await page.getByRole('button', { name: 'Send later' }).click();
  await page.getByRole('menuitem', { name: /Tomorrow morning/ }).waitFor();
  await clean(page, 'presets');
  await page.getByRole('menuitem', { name: /Tomorrow morning/ }).click();
  await page.getByText(/Goes out tomorrow at 09:00/).waitFor();
  assert.equal(await composer(page).inputValue(), '');

  await composer(page).fill('In the past');
  await page.getByRole('button', { name: 'Send later' }).click();
  await page.getByRole('menuitem', { name: 'Another time…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Send later' });
  await dialog.getByLabel('Day').fill('2020-01-01');
  await dialog.getByRole('button', { name: 'Send then' }).click();
  await dialog.getByRole('alert').filter({ hasText: 'This time is in the past.' }).waitFor();
  await clean(page, 'own time');
  await page.keyboard.press('Escape');

  await page.getByRole('link', { name: 'Drafts and later' }).click();
  const waiting = page.getByRole('listitem').filter({ hasText: 'Good morning' });
  await waiting.getByRole('button', { name: 'Change' }).click();
  const change = page.getByRole('dialog', { name: 'Change what goes out' });
  await change.getByLabel('Text').fill('Good morning, Ben');
  await change.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('listitem').filter({ hasText: 'Good morning, Ben' }).waitFor();
  await clean(page, 'waiting');
  await page.getByRole('button', { name: 'Withdraw' }).click();
  await page.getByText('Nothing waits.').waitFor();

  // time enough for a busy page to show it among those that wait; later it stands in the list of conversations, too
  const sendAt = new Date(Date.now() + 9_000).toISOString();
  await ana.call('POST', `/conversations/${pair}/scheduled`, { text: 'On time', sendAt });
  await page.getByRole('listitem').filter({ hasText: 'On time' }).first().waitFor();
  await row(ben.page, 'Ana').getByText('On time').waitFor();
  await page.getByText('Nothing waits.').waitFor();

  await ana.call('POST', `/conversations/${pair}/scheduled`, {
    text: 'Sooner',
    sendAt: new Date(Date.now() + 3_600_000).toISOString(),
  });
  await page.getByRole('button', { name: 'Send now' }).click();
  await row(ben.page, 'Ana').getByText('Sooner').waitFor();
});

test('what could not be sent at its time stands in the list with its reason', async t => {
  const home = await openHouse(t);
  const [ana, ben] = [await account(home, 'Ana'), await visit(t, home, 'Ben')];
  const room = await group(ana, 'Kitchen', ben);
  const sendAt = new Date(Date.now() + 5_000).toISOString(); // he is sent away before it
  await ben.call('POST', `/conversations/${room}/scheduled`, { text: 'Too late', sendAt });
  await ana.call('DELETE', `/conversations/${room}/members/${ben.id}`);
  await ben.page.getByRole('link', { name: '1 message could not be sent at the time set' }).click();
  await ben.page.getByText('Not sent: you are no longer in this conversation.').waitFor();
  await clean(ben.page, 'failed');
});

test('my status is seen beside my name by others, ends when I say, and is the same on my devices', async t => {
  const home = await openHouse(t);
  const [ana, ben] = [await visit(t, home, 'Ana'), await visit(t, home, 'Ben', { blank: true })];
  const pair = await direct(ana, ben);
  await ben.page.goto(`/c/${pair}`);
  const { page } = ana;
  await page.goto('/settings/profile');
  await page.getByRole('button', { name: 'Set a status' }).click();
  await page.getByRole('button', { name: /On site/ }).click();
  await clean(page, 'status');
  await page.getByRole('button', { name: 'Set status' }).click();
  await page.getByText('🪚 On site').first().waitFor();
  await ben.page.getByText('🪚 On site').first().waitFor();
  const phone = await device(t, home, ana);
  await phone.goto('/settings/profile');
  await phone.getByRole('button', { name: 'Change your status' }).click();
  await phone.getByRole('button', { name: 'End it now' }).click();
  await until(
    () => ben.page.getByText('🪚 On site').count(),
    count => count === 0,
    'gone for Ben',
  );
  await page.getByRole('button', { name: 'Set a status' }).waitFor();
});

test('bookmarks: a message becomes a thing to do, gets a note, is done, and leads back to where it stands', async t => {
  const home = await openHouse(t);
  const [ana, ben] = [await visit(t, home, 'Ana', { blank: true }), await account(home, 'Ben')];
  const pair = await direct(ana, ben);
  const { page } = ana;
  await ben.say(pair, 'Please order the hinges');
  await page.goto(`/c/${pair}`);
  await message(page, 'hinges').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Bookmark' }).click();
  await page.getByRole('link', { name: 'Bookmarks' }).click();
  await page.getByText('Please order the hinges').first().waitFor();
  await page.getByRole('button', { name: 'Add a note' }).click();
  await page.getByRole('textbox', { name: 'Note' }).fill('40 pieces, brass');
  await page.keyboard.press('Enter');
  await page.getByText('40 pieces, brass').waitFor();
  await clean(page, 'bookmarks');
  await page.getByRole('checkbox', { name: /^Done: Please order/ }).click();
  await page.getByRole('heading', { name: 'Nothing to do.' }).waitFor();
  await page.getByRole('radio', { name: 'Done' }).check();
  await page.getByText('40 pieces, brass').waitFor();
  await page
    .getByRole('main')
    .getByRole('link', { name: /Please order the hinges/ })
    .click();
  await message(page, 'hinges').waitFor();
  await write(page, 'Done');
});
