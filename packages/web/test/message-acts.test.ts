import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '@carpenter/protocol';
import type { Locator, Page } from 'playwright-core';
import { clean } from './axe.ts';
import { account, composer, direct, group, message, messages, openHouse, row, until, visit, write } from './browser.ts';

const pill = (where: Locator, emoji: string) => where.getByRole('button', { name: new RegExp(`^${emoji} `) });
const act = async (page: Page, text: string, name: string) => {
  await message(page, text).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name }).click();
};

test('reactions: from the six, from the picker and by a press on a pill; everybody sees whose they are', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await visit(t, home, 'Ben', { blank: true });
  const id = await group(ana, 'Kitchen', ben);
  await ana.say(id, 'The oak came in');
  await ana.page.goto(`/c/${id}`);
  await ben.page.goto(`/c/${id}`);
  const [mine, theirs] = [message(ana.page, 'The oak'), message(ben.page, 'The oak')];
  await act(ben.page, 'The oak', 'React with 👍');
  await pill(mine, '👍').waitFor();
  assert.equal(await pill(mine, '👍').getAttribute('aria-pressed'), 'false');
  assert.equal(await pill(theirs, '👍').getAttribute('aria-pressed'), 'true');
  await pill(mine, '👍').click();
  await theirs.getByRole('button', { name: '👍 2, You and Ana' }).waitFor();

  await mine.focus();
  await ana.page.keyboard.press('+');
  await ana.page.getByRole('searchbox', { name: 'Search emoji' }).fill('wood');
  await ana.page.getByRole('region', { name: 'Found' }).getByRole('button', { name: 'wood', exact: true }).waitFor();
  await ana.page.keyboard.press('Enter');
  await pill(theirs, '🪵').waitFor();
  await clean(ben.page);
  await act(ben.page, 'The oak', 'Who reacted');
  const dialog = ben.page.getByRole('dialog', { name: 'Who reacted' });
  await dialog.getByRole('listitem').filter({ hasText: 'Ana' }).waitFor();
  await clean(ben.page);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await pill(theirs, '👍').click();
  await mine.getByRole('button', { name: '👍 1, You' }).waitFor();
});

test('a reply shows what it answers, leads there and back, and says when that is gone', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await visit(t, home, 'Ben', { blank: true });
  const id = await group(ana, 'Kitchen', ben);
  await ana.say(id, 'Which side is the hinge?');
  for (let n = 1; n <= 70; n++) await ana.say(id, `line ${n}`);
  await ben.page.goto(`/c/${id}/m/2`);
  const question = message(ben.page, 'Which side');
  await question.waitFor();
  await until(
    () => question.evaluate(each => each.matches(':focus')),
    yes => yes,
    'an address of a message leads to it',
  );
  await ben.page.keyboard.press('r');
  await ben.page.getByText('Replying to Ana:').waitFor();
  await write(ben.page, 'Left');
  await ana.page.goto(`/c/${id}`);
  const quote = message(ana.page, 'Left').getByRole('button', { name: 'Answers Ana: Which side is the hinge?' });
  await quote.click();
  // by what it is called: the answer, which quotes it, may still be in the page
  const original = ana.page.getByRole('article', { name: /Which side is the hinge/ });
  await original.waitFor();
  await until(
    () => original.evaluate(each => each.matches(':focus')),
    yes => yes,
    'the original has the focus',
  );
  await ana.page.getByRole('button', { name: 'Back to where you were' }).click();
  await message(ana.page, 'Left').waitFor();
  await ana.call('DELETE', `/conversations/${id}/messages/2`);
  await message(ana.page, 'Left').getByRole('button', { name: 'Answers: This message was deleted.' }).waitFor();
});

test('pins: for everybody, in the header and in the details, with a line that tells of it', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await visit(t, home, 'Ben', { blank: true });
  const id = await group(ana, 'Kitchen', ben);
  await ana.say(id, 'Key is with the neighbour');
  await ana.page.goto(`/c/${id}`);
  await ben.page.goto(`/c/${id}`);
  await message(ana.page, 'Key is').focus();
  await ana.page.keyboard.press('p');
  await ben.page.getByRole('feed').getByRole('link', { name: 'Ana pinned a message' }).click();
  await until(
    () => message(ben.page, 'Key is').evaluate(row => row.matches(':focus')),
    is => is,
    'the line leads to what was pinned',
  );
  await ben.page.getByRole('button', { name: 'Pinned: Key is with the neighbour' }).click();
  const pinned = ben.page.getByRole('region', { name: 'Pinned' });
  await pinned.getByText('Key is with the neighbour').waitFor();
  await clean(ben.page);
  await message(ana.page, 'Key is').focus();
  await ana.page.keyboard.press('p');
  await pinned.waitFor({ state: 'detached' });
});

test('an edited message shows what it said before, with what went and what came', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await visit(t, home, 'Ben', { blank: true });
  const id = await direct(ana, ben);
  await ana.page.goto(`/c/${id}`);
  await write(ana.page, 'On site until two');
  await message(ana.page, 'On site')
    .getByRole('img', { name: /Delivered|Read/ })
    .waitFor();
  await ana.call('PATCH', `/conversations/${id}/messages/1`, { text: 'On site until three' });
  await ben.page.goto(`/c/${id}`);
  await message(ben.page, 'until three').waitFor();
  await act(ben.page, 'On site', 'See earlier versions');
  const dialog = ben.page.getByRole('dialog', { name: 'What it said before' });
  await dialog.locator('ins').waitFor();
  assert.deepEqual(
    [await dialog.locator('ins').textContent(), await dialog.locator('del').textContent()],
    ['three', 'two'],
  );
  const { createdAt, editedAt } = await ana.call<Message>('GET', `/conversations/${id}/messages/1`);
  const times = await dialog.locator('time').evaluateAll(all => all.map(time => time.getAttribute('datetime')));
  assert.deepEqual(times, [editedAt, createdAt], 'since when it said so');
  await clean(ben.page);
});

test('a poll is made, answered, changed and closed', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await visit(t, home, 'Ben', { blank: true });
  const id = await group(ana, 'Kitchen', ben);
  await ana.page.goto(`/c/${id}`);
  await ben.page.goto(`/c/${id}`);
  await composer(ana.page).waitFor();
  await ana.page.getByRole('button', { name: 'Make a poll' }).click();
  const dialog = ana.page.getByRole('dialog', { name: 'Make a poll' });
  await dialog.getByLabel('Question').fill('Oak or ash?');
  await dialog.getByLabel('Answer 1').fill('Oak');
  await dialog.getByRole('button', { name: 'Ask' }).click();
  await dialog.getByText('A poll needs at least two answers.').waitFor();
  await dialog.getByLabel('Answer 2').fill('Ash');
  await clean(ana.page);
  await dialog.getByRole('button', { name: 'Ask' }).click();

  const [mine, theirs] = [message(ana.page, 'Oak or ash?'), message(ben.page, 'Oak or ash?')];
  await theirs.getByRole('radio', { name: /^Ash/ }).click();
  await mine.getByText('1 vote in all').waitFor();
  await mine.getByRole('radio', { name: /^Oak/ }).click();
  await theirs.getByText('2 votes in all').waitFor();
  await theirs.getByRole('radio', { name: /^Oak/ }).click();
  await mine.locator('label').filter({ hasText: 'Oak' }).getByText('2 votes').waitFor();
  await clean(ben.page);
  await theirs.getByRole('button', { name: 'Who voted' }).click();
  await ben.page.getByRole('dialog', { name: 'Who voted' }).getByRole('listitem').filter({ hasText: 'Ana' }).waitFor();
  await ben.page.keyboard.press('Escape');
  assert.equal(await theirs.getByRole('button', { name: 'Close poll' }).count(), 0);
  await mine.getByRole('button', { name: 'Close poll' }).click();
  await theirs.getByText('Closed').waitFor();
  assert.ok(await theirs.getByRole('radio', { name: /^Oak/ }).isDisabled());
});

test('a message is forwarded, with whose words they are', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await account(home, 'Ben');
  const eva = await visit(t, home, 'Eva', { blank: true });
  const pair = await direct(ana, ben);
  const kitchen = await group(ana, 'Kitchen', eva);
  await ben.say(pair, 'The *lift* works');
  await ana.page.goto(`/c/${pair}`);
  await message(ana.page, 'works').focus();
  await ana.page.keyboard.press('f');
  const dialog = ana.page.getByRole('dialog', { name: 'Forward to' });
  await clean(ana.page);
  await dialog.getByRole('searchbox').fill('kit');
  await dialog.getByRole('button', { name: 'Kitchen' }).click();
  await ana.page.getByText('Forwarded to Kitchen').waitFor();
  await eva.page.goto(`/c/${kitchen}`);
  await message(eva.page, 'The lift works').getByText('Forwarded, by Ben').waitFor();
});

test('the link of a message works for members, and says "no such message" to all others', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await visit(t, home, 'Ben', { blank: true });
  const eva = await visit(t, home, 'Eva', { blank: true });
  const id = await direct(ana, ben);
  await ana.say(id, 'Here');
  await ana.page.goto(`/c/${id}`);
  await message(ana.page, 'Here').focus();
  await ana.page.keyboard.press('l');
  await ana.page.getByText('Link copied').waitFor();
  const link = await ana.page.evaluate(() => navigator.clipboard.readText());
  assert.equal(link, `${home.url}/c/${id}/m/1`);
  await ben.page.goto(link);
  await message(ben.page, 'Here').waitFor();
  await eva.page.goto(link);
  await eva.page.getByRole('heading', { name: 'No such message' }).waitFor();
  await clean(eva.page);
  await ben.page.goto(`${home.url}/c/${id}/m/99`);
  await ben.page.getByRole('heading', { name: 'No such message' }).waitFor();
  await ben.page.getByRole('button', { name: 'Open the conversation' }).click();
  await message(ben.page, 'Here').waitFor();
});

test('a thread: opened beside the conversation, answered, sent along, followed, found under Threads', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await visit(t, home, 'Ben', { blank: true });
  const id = await group(ana, 'Kitchen', ben);
  await ana.say(id, 'The outbox survives a reload');
  await ana.page.goto(`/c/${id}`);
  await ben.page.goto(`/c/${id}`);
  await message(ben.page, 'The outbox').focus();
  await ben.page.keyboard.press('t');
  const pane = ben.page.getByRole('complementary', { name: 'Thread' });
  await pane.getByText('The outbox survives a reload').waitFor();
  const field = pane.getByRole('textbox', { name: 'Reply in the thread in Kitchen' });
  await field.fill('And with two tabs open?');
  await field.press('Enter');
  await pane.getByRole('article').filter({ hasText: 'two tabs' }).waitFor();
  await clean(ben.page);
  await pane.getByRole('button', { name: 'Do not follow this thread' }).waitFor();

  // The conversation shows a chip, and not the reply.
  const chip = message(ana.page, 'The outbox').getByRole('button', { name: /^Thread: 1 reply/ });
  await chip.waitFor();
  assert.equal(await messages(ana.page).filter({ hasText: 'two tabs' }).count(), 0);
  await chip.click();
  const hers = ana.page.getByRole('complementary', { name: 'Thread' });
  await hers.getByRole('article').filter({ hasText: 'two tabs' }).waitFor();
  await hers.getByRole('checkbox', { name: 'Also send to Kitchen' }).check();
  const answer = hers.getByRole('textbox', { name: /^Reply in the thread/ });
  await answer.fill('One tab holds the lock');
  await answer.press('Enter');
  await pane.getByRole('article').filter({ hasText: 'holds the lock' }).waitFor();
  await ben.page.getByRole('main').getByText('in a thread: One tab holds the lock').waitFor();
  await hers.getByRole('button', { name: 'Read by Ben' }).waitFor(); // closed before, it would count as unread
  await ben.page.keyboard.press('Escape');
  await pane.waitFor({ state: 'detached' });
  await ben.page.goto('/');

  await answer.fill('Shown by the other');
  await answer.press('Enter');
  const threads = ben.page.getByRole('navigation', { name: 'Conversations' }).getByRole('link', { name: /^Threads/ });
  await threads.getByRole('img', { name: '1 unread' }).waitFor();
  await threads.click();
  const found = ben.page.getByRole('main').getByRole('link', { name: /The outbox survives a reload/ });
  await found.getByText('Shown by the other').waitFor();
  await clean(ben.page);
  await found.click();
  await pane.getByRole('article').filter({ hasText: 'Shown by the other' }).waitFor();
  await threads.getByRole('img').waitFor({ state: 'detached' });
  await pane.getByRole('button', { name: 'Do not follow this thread' }).click();
  await pane.getByRole('button', { name: 'Follow this thread', exact: true }).waitFor();
});

test('mentions of me are gathered, and each leads to its message', async t => {
  const home = await openHouse(t);
  const ana = await account(home, 'Ana');
  const ben = await visit(t, home, 'Ben');
  const id = await group(ana, 'Kitchen', ben);
  await ana.say(id, 'Can you check the hinge, @ben?');
  const link = ben.page.getByRole('navigation', { name: 'Conversations' }).getByRole('link', { name: /^Mentions/ });
  await link.getByRole('img', { name: '1 unread' }).waitFor();
  await link.click();
  await ben.page
    .getByRole('main')
    .getByRole('link', { name: /Can you check the hinge/ })
    .click();
  await message(ben.page, 'check the hinge').waitFor();
  await link.getByRole('img').waitFor({ state: 'detached' });
  await row(ben.page, 'Kitchen').waitFor();
});

test('mentions and threads that could not be read are named, not while the bar says why, and come with the connection', async t => {
  const home = await openHouse(t);
  const ana = await account(home, 'Ana');
  const ben = await visit(t, home, 'Ben');
  const id = await group(ana, 'Kitchen', ben);
  await ana.say(id, 'Can you check the hinge, @ben?');
  const { page } = ben;
  await row(page, 'Kitchen').getByText('check the hinge').waitFor();
  await page.route(/\/api\/v1\/(mentions|threads)/, route => route.abort());
  const lists = page.getByRole('navigation', { name: 'Conversations' });
  await lists.getByRole('link', { name: /^Threads/ }).click();
  await page.getByRole('alert').getByText('The threads could not be loaded.').waitFor();
  await lists.getByRole('link', { name: /^Mentions/ }).click();
  const alert = page.getByRole('alert').getByText('The mentions could not be loaded.');
  await alert.waitFor();
  await ben.context.setOffline(true);
  await page.getByText('You are offline.').first().waitFor();
  await alert.waitFor({ state: 'detached' });
  await page.unrouteAll();
  await ben.context.setOffline(false);
  await page
    .getByRole('main')
    .getByRole('link', { name: /check the hinge/ })
    .waitFor();
});
