import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { clean } from './axe.ts';
import {
  account,
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

const list = (page: Page) => page.getByRole('navigation', { name: 'Conversations' });
const menuOf = async (page: Page, title: string) => {
  await row(page, title).focus();
  await page.keyboard.press('Shift+F10');
};
const item = (page: Page, name: string) => page.getByRole('menuitem', { name, exact: true });
/** Headings of the list with the rows below them, from top to bottom. */
const sections = (page: Page): Promise<string[]> =>
  list(page)
    .locator('section')
    .evaluateAll(all =>
      all.map(section => {
        const names = [...section.querySelectorAll('[data-row]')].map(link => link.querySelector('bdi')?.textContent);
        return `${section.querySelector('h2 bdi')?.textContent ?? ''}: ${names.join(' ')}`;
      }),
    );
const picture = async (page: Page, name: string) => {
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${name}.png` });
};

test('one pins, mutes, files away and archives from the list by keyboard, and another device shows the same at once', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana');
  const ben = await account(home, 'Ben');
  for (const name of ['Oak', 'Birch', 'Walnut', 'Pine']) await group(ana, name, ben);
  const second = await openBrowser(t, home, { size: 'phone' });
  await second.page.goto('/');
  await second.page.getByLabel('Username').fill('ana');
  await second.page.getByLabel('Password', { exact: true }).fill(password);
  await second.page.keyboard.press('Enter');
  await row(ana.page, 'Pine').waitFor();
  await ana.page.mouse.move(800, 400);

  await menuOf(ana.page, 'Oak');
  await picture(ana.page, 'list-menu');
  await clean(ana.page);
  await item(ana.page, 'Pin').click();
  await menuOf(ana.page, 'Birch');
  await item(ana.page, 'Pin').click();
  await menuOf(ana.page, 'Birch');
  await item(ana.page, 'Move up').click();
  await menuOf(ana.page, 'Walnut');
  await item(ana.page, 'Folder').press('ArrowRight');
  await item(ana.page, 'New folder…').click();
  await ana.page.getByLabel('Name of the folder').fill('Work');
  await ana.page.keyboard.press('Enter');
  const expected = ['Pinned: Birch Oak', 'Work: Walnut', 'Conversations: Pine'];
  await until(
    () => sections(ana.page),
    found => found.join() === expected.join(),
    'sections',
  );
  await until(
    () => sections(second.page),
    found => found.join() === expected.join(),
    'on the other device',
  );
  await menuOf(ana.page, 'Pine');
  await item(ana.page, 'Archive').click();
  await until(
    () => sections(ana.page),
    found => found.at(-1) === 'Archived: ',
    'folded away',
  );
  await ana.page.getByRole('button', { name: 'Archived' }).click();
  await row(ana.page, 'Pine').waitFor();
  await picture(ana.page, 'list-sections');
  await picture(second.page, 'list-sections-phone');
  await clean(ana.page);

  await menuOf(ana.page, 'Oak');
  await item(ana.page, 'Mute').press('ArrowRight');
  await item(ana.page, 'Until you turn it on').click();
  const spoken = (what: string) =>
    until(
      () => row(ana.page, 'Oak').textContent(),
      text => text?.includes(what) ?? false,
      what,
    );
  await spoken('group, mutedYou');
  const oak = await row(ana.page, 'Oak').getAttribute('data-row');
  await ben.say(oak ?? '', 'quiet words');
  await spoken('group, muted, 1 unread');
  await until(
    () => ana.page.title(),
    title => !title.startsWith('('),
    'the title counts what notifies',
  );
});

test('somebody begins a channel, somebody else finds and joins it, and both write in it', async t => {
  const home = await openHouse(t);
  const [ana, ben] = [await visit(t, home, 'Ana'), await visit(t, home, 'Ben', { size: 'phone', blank: true })];
  await ana.page.getByRole('button', { name: 'New conversation' }).first().click();
  await ana.page.getByText('A channel', { exact: true }).click();
  await ana.page.getByLabel('Name of the channel').fill('tools');
  await ana.page.getByLabel('Topic').fill('Planes, saws and who has them');
  await picture(ana.page, 'channel-begin');
  await clean(ana.page);
  await ana.page.getByRole('button', { name: 'Create channel' }).click();
  await write(ana.page, 'Who has the big plane?');
  await message(ana.page, 'Who has the big plane?').waitFor();

  await ben.page.goto('/channels');
  await ben.page.getByText('Planes, saws and who has them').waitFor();
  await picture(ben.page, 'channels-phone');
  await clean(ben.page);
  await ben.page.getByRole('button', { name: 'Join tools' }).click();
  await message(ben.page, 'Who has the big plane?').waitFor();
  await composer(ben.page).fill('I do.');
  await ben.page.getByRole('button', { name: 'Send', exact: true }).click();
  await message(ana.page, 'I do.').waitFor();
  await ana.page.goto('/channels');
  await ana.page.getByRole('button', { name: 'Open tools' }).waitFor();
  await picture(ana.page, 'channels');
});

test('the first account lands in #general and can write at once; who comes later is there with them', async t => {
  const home = await openHouse(t, { generalChannel: 'general' });
  const ana = await visit(t, home, 'Ana');
  await ana.page.getByRole('heading', { name: 'general' }).waitFor();
  await write(ana.page, 'Anybody here?');
  await picture(ana.page, 'first-minute');
  await clean(ana.page);
  const ben = await visit(t, home, 'Ben', { theme: 'dark' });
  await message(ben.page, 'Anybody here?').waitFor();
  await ana.page.getByText('Ben joined').first().waitFor();
  await ben.page.goto('/channels');
  await ben.page.getByRole('button', { name: 'Open general' }).waitFor();
  await picture(ben.page, 'channels-dark');
  await clean(ben.page);
});

test('a link with its QR code brings somebody new in, and three ends of a link have three sentences', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const room = await group(ana, 'Kitchen Birch Lane');
  await ana.page.goto(`/c/${room}/details`);
  await ana.page.getByRole('button', { name: 'Invite link' }).click();
  await picture(ana.page, 'invite-form');
  await clean(ana.page);
  await ana.page.getByLabel('Can be used').selectOption('Once');
  await ana.page.getByRole('button', { name: 'Make link' }).click();
  await ana.page.getByRole('img', { name: 'The link as a QR code' }).waitFor();
  const address = await ana.page.getByLabel('Invite link', { exact: true }).inputValue();
  assert.match(address, /\/join\/[\w-]{22}$/);
  await ana.page.getByRole('button', { name: 'Copy link' }).first().click();
  assert.equal(await ana.page.evaluate(() => navigator.clipboard.readText()), address);
  await picture(ana.page, 'invite-made');
  await clean(ana.page);

  const { page } = await openBrowser(t, home);
  await page.goto(address);
  await page.getByRole('heading', { name: /^Join / }).waitFor();
  await picture(page, 'join');
  await clean(page);
  await page.getByLabel('Your name').fill('Cem');
  await page.getByLabel('Username').fill('cem');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { name: 'Kitchen Birch Lane' }).waitFor();
  await message(ana.page, 'Cem joined').or(ana.page.getByText('Cem joined')).first().waitFor();

  const late = await openBrowser(t, home, { size: 'phone' });
  await late.page.goto(address);
  await late.page.getByText('This invite has been used up. Ask for a new one.').waitFor();
  await picture(late.page, 'join-used-up-phone');
  await clean(late.page);
  await late.page.goto(`/join/${'A'.repeat(22)}`);
  await late.page.getByText('There is no such invite.').waitFor();
});

test('who runs a conversation changes its topic and who writes, gives roles, archives and deletes it', async t => {
  const home = await openHouse(t);
  const [ana, ben] = [await visit(t, home, 'Ana', { blank: true }), await visit(t, home, 'Ben', { blank: true })];
  const room = await group(ana, 'Kitchen', ben);
  await ben.say(room, 'hello');
  await ben.page.goto(`/c/${room}`);
  await ana.page.goto(`/c/${room}/details`);
  const pane = ana.page.getByRole('complementary', { name: 'Details' });
  await pane.getByRole('button', { name: 'Add a topic' }).click();
  await pane.getByLabel('Topic').fill('Fitted by May');
  await ana.page.keyboard.press('Enter');
  await ben.page.getByText('Ana set the topic: Fitted by May').first().waitFor();
  await pane.getByRole('button', { name: 'Change what Ben may do' }).click();
  await picture(ana.page, 'details-roles');
  await item(ana.page, 'Make guest').click();
  await pane.getByText('Guest', { exact: true }).waitFor();
  await pane.getByText('Moderators', { exact: true }).click();
  await ben.page.getByText('Only owners, admins and moderators write here.').waitFor();
  assert.equal(await composer(ben.page).count(), 0);
  await picture(ben.page, 'restricted');
  await pane.getByText('Everybody', { exact: true }).click();
  await composer(ben.page).waitFor();
  await pane.getByRole('button', { name: 'Archive for everybody' }).click();
  await ben.page.getByText('This conversation is archived.').waitFor();
  await clean(ana.page);
  await picture(ana.page, 'details-archived');
  await pane.getByRole('button', { name: 'Delete for everybody' }).click();
  const destroy = ana.page.getByRole('button', { name: 'Delete it for ever' });
  assert.ok(await destroy.isDisabled());
  await ana.page.getByLabel(/^Type its name/).fill('Kitchen');
  await clean(ana.page);
  await destroy.click();
  await ben.page.getByText(/no longer in this conversation|This conversation is not here/).waitFor();
  await until(
    () => row(ben.page, 'Kitchen').count(),
    count => count === 0,
    'gone from the list',
  );
});

test('a message is reported, a moderator sees it with what stood around it, and deletes it', async t => {
  const home = await openHouse(t);
  const [ana, ben, cem] = [
    await visit(t, home, 'Ana'),
    await visit(t, home, 'Ben', { blank: true }),
    await account(home, 'Cem'),
  ];
  const room = await group(ana, 'Kitchen', ben, cem);
  await ben.say(room, 'Good morning');
  await cem.say(room, 'Buy my cheap watches');
  await ben.page.goto(`/c/${room}`);
  const bad = message(ben.page, 'Buy my cheap watches');
  await bad.focus();
  await ben.page.keyboard.press('Shift+F10');
  await item(ben.page, 'Report message').click();
  await ben.page.getByText('Spam or advertising').click();
  await ben.page.getByLabel('What they should know').fill('The third time today');
  await picture(ben.page, 'report');
  await clean(ben.page);
  await ben.page.getByRole('button', { name: 'Report', exact: true }).click();
  await ben.page.getByText('Reported. Thank you.').waitFor();

  await ana.page.getByRole('link', { name: '1 report to look at' }).click();
  const card = ana.page.getByRole('article', { name: 'Message of Cem' });
  await card.getByText('The third time today').waitFor();
  await card.getByText('Good morning').waitFor();
  await picture(ana.page, 'reports');
  await clean(ana.page);
  await card.getByRole('button', { name: 'Delete message' }).click();
  await ana.page.getByText('Nothing to look at.').waitFor();
  await ben.page.getByText('This message was deleted.').first().waitFor();
  await ana.page.getByText('Settled', { exact: true }).click();
  await ana.page.getByText(/^Settled by Ana/).waitFor();
});

test('what somebody blocked writes is hidden behind a line, and their direct messages do not show', async t => {
  const home = await openHouse(t);
  const [ana, ben] = [await visit(t, home, 'Ana', { blank: true }), await account(home, 'Ben')];
  const [room, two] = [await group(ana, 'Kitchen', ben), await direct(ana, ben)];
  await ben.say(room, 'loud words');
  await ana.call('POST', `/conversations/${room}/messages`, { clientId: randomUUID(), text: 'quiet ones', replyTo: 2 });
  const thread = await ana.call<{ conversation: { id: string } }>('POST', `/conversations/${room}/messages/2/thread`);
  await ana.say(thread.conversation.id, 'what?');
  await ben.say(thread.conversation.id, 'louder words, @ana');
  const file = await ben.call<{ id: string }>('POST', '/media?name=loud.pdf', Buffer.from('%PDF-1.7'));
  await ben.call('POST', `/conversations/${room}/messages`, {
    clientId: randomUUID(),
    text: '',
    attachments: [file.id],
  });
  await ana.page.goto(`/c/${two}/details`);
  await ana.page.getByRole('button', { name: 'Block Ben' }).click();
  await ana.page.getByRole('button', { name: 'Unblock Ben' }).waitFor();
  await picture(ana.page, 'blocked-person');
  await until(
    () => row(ana.page, 'Ben').count(),
    count => count === 0,
    'not in the list',
  );
  await row(ana.page, 'Kitchen').click();
  await ana.page.getByText('A message of somebody you have blocked').first().waitFor();
  assert.equal(await messages(ana.page).getByText('loud words').count(), 0);
  await clean(ana.page);
  await picture(ana.page, 'blocked-message');
  await ana.page.getByRole('button', { name: 'Show it' }).first().click();
  await messages(ana.page).getByText('loud words').waitFor();
  await message(ana.page, 'quiet ones')
    .getByRole('button', { name: /^Answers Ben: A message of somebody/ })
    .waitFor();
  for (const place of ['/threads', '/mentions', '/search?q=loud', `/c/${room}/t/2`]) {
    await ana.page.goto(place);
    await ana.page.getByText('A message of somebody you have blocked').last().waitFor();
    assert.equal(await ana.page.getByText(/loud words|louder words/).count(), 0, place);
  }
  await ana.page.goto('/search?find=files');
  await ana.page.getByText('Files that are sent where you are will be found here.').waitFor();
  await ana.page.goto('/settings/privacy');
  await ana.page.getByRole('button', { name: 'Unblock Ben' }).click();
  await row(ana.page, 'Ben').waitFor();
});

test('a new password is set with the old one, and signs the other devices out', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const other = await openBrowser(t, home);
  await other.page.goto('/');
  await other.page.getByLabel('Username').fill('ana');
  await other.page.getByLabel('Password', { exact: true }).fill(password);
  await other.page.keyboard.press('Enter');
  await other.page.getByRole('button', { name: 'Settings' }).waitFor();
  await ana.page.goto('/settings/devices');
  await ana.page.getByLabel('Present password').fill('not the right one');
  await ana.page.getByLabel('New password').fill('another good password');
  await ana.page.getByRole('button', { name: 'Change password' }).click();
  await ana.page.getByText('This is not your present password.').waitFor();
  await ana.page.getByLabel('Present password').fill(password);
  await ana.page.getByRole('button', { name: 'Change password' }).click();
  await ana.page.getByText('Changed. All your other devices are signed out.').waitFor();
  await other.page.getByText('This device was signed out from another one.').first().waitFor();
  await other.page.getByLabel('Username').fill('ana');
  await other.page.getByLabel('Password', { exact: true }).fill('another good password');
  await other.page.keyboard.press('Enter');
  await other.page.getByRole('button', { name: 'Settings' }).waitFor();
});

test('whoever has just come finds their first steps where everybody is, checks them off, and puts them away for good', async t => {
  const home = await openHouse(t, { generalChannel: 'general' });
  const ana = await visit(t, home, 'Ana');
  const { page } = ana;
  await page.getByRole('heading', { name: 'The workshop is open.' }).waitFor();
  await page.getByText('You are the owner of this server').waitFor();
  await page.getByRole('button', { name: 'Copy invite link' }).click();
  await page.getByText('Invite link copied').waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(link, /\/join\/[\w-]+/);
  await page.getByText(link).waitFor();
  await clean(page);
  await shot(page, 'first-steps');

  const ben = await visit(t, home, 'Ben', { size: 'phone', theme: 'dark' });
  await row(ben.page, 'general').click();
  await ben.page.getByRole('heading', { name: 'Good to have you here.' }).waitFor();
  await ben.page.getByRole('button', { name: 'Browse channels' }).waitFor();
  await clean(ben.page);
  await shot(ben.page, 'first-steps-phone');
  await page
    .getByRole('listitem')
    .filter({ hasText: 'Bring somebody in' })
    .getByRole('img', { name: 'Done' })
    .waitFor();

  await page.getByRole('button', { name: 'Put this away' }).click();
  await page.getByText('This is the beginning of general.').waitFor();
  await page.reload();
  await page.getByText('This is the beginning of general.').waitFor();
  await page.goto('/settings/look');
  await page.getByRole('switch', { name: /^First steps/ }).check();
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.goto('/');
  await page.getByRole('heading', { name: 'The workshop is open.' }).waitFor();

  // Once so much is said that the beginning is out of sight, a line over the field leads there.
  const { id } = (await ana.call<{ conversations: { conversation: { id: string } }[] }>('GET', '/conversations'))
    .conversations[0]?.conversation ?? { id: '' };
  for (let i = 0; i < 20; i++) await ana.say(id, `talk ${i}`);
  await ben.page.getByText('New here? 3 first steps to go.').waitFor();
  await shot(ben.page, 'first-steps-line');
  await ben.page.getByRole('button', { name: 'Show', exact: true }).click();
  await ben.page.getByRole('dialog', { name: 'First steps' }).getByText('You are @ben').waitFor();
  await shot(ben.page, 'first-steps-dialog');
});
