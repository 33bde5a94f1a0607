import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { clean } from './axe.ts';
import { account, composer, direct, group, message, openHouse, until, visit, write } from './browser.ts';

const text = (page: Page) => composer(page).inputValue();

test('people are proposed behind @, chosen by keyboard or pointer; an input method is left alone, and many are called only when one is sure', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await visit(t, home, 'Ben', { blank: true });
  const bea = await account(home, 'Bea');
  const id = await group(ana, 'Kitchen', ben, bea);
  const { page } = ana;
  await page.goto(`/c/${id}`);
  await ana.say(id, 'Morning');
  await message(page, 'Morning').waitFor();
  await composer(page).pressSequentially('Hi @be');
  const list = page.getByRole('listbox', { name: 'Suggestions' });
  await list.waitFor();
  assert.deepEqual(await list.getByRole('option').allTextContents(), ['BBea@bea', 'BBen@ben']);
  await clean(page);
  await composer(page).press('ArrowDown');
  assert.equal(await list.getByRole('option', { selected: true }).locator('bdi').textContent(), 'Ben');
  // An input method has the key: nothing is taken, nothing is sent.
  await composer(page).dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true });
  assert.equal(await text(page), 'Hi @be');
  await composer(page).press('Tab');
  assert.equal(await text(page), 'Hi @ben ');
  await composer(page).pressSequentially('and @he');
  await list.getByRole('option', { name: '@here' }).click();
  assert.equal(await text(page), 'Hi @ben and @here ');
  await composer(page).pressSequentially('@b');
  await list.waitFor();
  await composer(page).press('Escape');
  await list.waitFor({ state: 'detached' });
  await composer(page).press('Enter');
  await message(page, 'Hi @Ben').waitFor();

  await ben.page.goto(`/c/${id}`);
  const mine = message(ben.page, 'Hi @Ben');
  assert.equal(await mine.locator('bdi[data-me]').textContent(), '@Ben');

  // Above 20 others it is asked before everybody is called.
  const crowd = await Promise.all(Array.from({ length: 19 }, (_, at) => account(home, `person${at}`)));
  await ana.call('POST', `/conversations/${id}/members`, { userIds: crowd.map(person => person.id) });
  await page.getByText('22 members', { exact: false }).first().waitFor();
  await write(page, '@all Lunch');
  const ask = page.getByRole('dialog', { name: 'Notify 21 people?' });
  await ask.getByText('Nothing is sent until you say so.', { exact: false }).waitFor();
  await clean(page);
  await page.keyboard.press('Escape');
  await ask.waitFor({ state: 'detached' });
  assert.equal(await text(page), '@all Lunch');
  await until(
    () => composer(page).evaluate(field => field.matches(':focus')),
    is => is,
    'the focus is back in the field',
  );
  await page.keyboard.press('Enter');
  await ask.getByRole('button', { name: 'Send and notify' }).click();
  await message(page, '@all Lunch').waitFor();
  assert.equal(await message(page, '@all Lunch').count(), 1);
});

test('emoji: by their names while one writes, and from a picker with search, recent ones and tones of skin', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await account(home, 'Ben');
  const id = await direct(ana, ben);
  const { page } = ana;
  await page.goto(`/c/${id}`);
  await composer(page).pressSequentially(':tad');
  const list = page.getByRole('listbox', { name: 'Suggestions' });
  await list.getByRole('option', { name: ':tada:' }).waitFor();
  await composer(page).press('Enter');
  assert.equal(await text(page), '🎉 ');
  await composer(page).pressSequentially(':+1:');
  await until(
    () => text(page),
    now => now === '🎉 👍',
    'the closed name became its emoji',
  );

  const open = () => page.getByRole('button', { name: 'Choose an emoji' }).click();
  await open();
  const picker = page.getByRole('dialog', { name: 'Choose an emoji' });
  await picker.getByRole('heading', { name: 'Animals and nature' }).waitFor();
  await clean(page);
  await picker.getByRole('radio', { name: 'Medium', exact: true }).check();
  const search = picker.getByRole('searchbox', { name: 'Search emoji' });
  await search.fill('wave');
  await search.press('ArrowDown');
  await page.keyboard.press('Enter');
  await picker.waitFor({ state: 'detached' });
  assert.equal(await text(page), '🎉 👍👋🏽');
  assert.ok(await composer(page).evaluate(field => field.matches(':focus')));
  await page.reload();
  await open();
  await picker.getByRole('region', { name: 'Recently used' }).getByRole('button', { name: 'waving hand' }).waitFor();
  assert.ok(await picker.getByRole('radio', { name: 'Medium', exact: true }).isChecked());
  await page.keyboard.press('Escape');
  await picker.waitFor({ state: 'detached' });
});

test('what is selected is formatted by key and from a bar, and Undo takes it back', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await account(home, 'Ben');
  const { page } = ana;
  await page.goto(`/c/${await direct(ana, ben)}`);
  await composer(page).fill('oak');
  await composer(page).selectText();
  await composer(page).press('Control+b');
  assert.equal(await text(page), '**oak**');
  await composer(page).press('Control+b');
  assert.equal(await text(page), 'oak');
  await composer(page).press('Control+Shift+x');
  await composer(page).press('Control+e');
  assert.equal(await text(page), '~~`oak`~~');
  await composer(page).press('Control+z');
  assert.equal(await text(page), '~~oak~~');

  // What is written looks as it will, letter over letter, also where it scrolls.
  const ink = page.locator('[data-ink]');
  assert.equal(await ink.locator('span').nth(1).textContent(), 'oak');
  const long = '**Oak** is _not_ `ash`, AV To see https://oak.example\n> so @ben said\n'.repeat(12);
  await composer(page).fill(long);
  const measured = (element: Element) => [element.scrollHeight, element.clientHeight, element.scrollTop];
  for (const width of [1280, 1031, 900, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await composer(page).evaluate(field => field.scrollTo(0, 60));
    await until(
      async () => [await composer(page).evaluate(measured), await ink.evaluate(measured)],
      ([field, over]) => String(field) === String(over),
      `both are alike at ${width}`,
    );
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  assert.equal((await ink.textContent())?.replace('\u200b', ''), long);
  await clean(page);

  const bar = page.getByRole('toolbar', { name: 'Format what is selected' });
  await composer(page).fill('oak door');
  assert.deepEqual([await bar.count(), await ink.count()], [0, 0]);
  await composer(page).selectText();
  await bar.waitFor();
  await clean(page);
  await composer(page).press('Shift+Tab');
  await page.keyboard.press('ArrowRight');
  assert.ok(await bar.getByRole('button', { name: 'Italic' }).evaluate(button => button.matches(':focus')));
  await page.keyboard.press('Enter');
  assert.equal(await text(page), '_oak door_');
  await bar.getByRole('button', { name: 'Italic', pressed: true }).waitFor();
  await bar.getByRole('button', { name: 'Bold' }).click();
  await bar.getByRole('button', { name: 'List', exact: true }).click();
  assert.equal(await text(page), '- _**oak door**_');
  assert.ok(await composer(page).evaluate(field => field.matches(':focus')));
  for (let undo = 0; undo < 3; undo++) await page.keyboard.press('Control+z');
  assert.equal(await text(page), 'oak door');
  await composer(page).selectText();
  await bar.waitFor();
  await page.keyboard.press('Escape');
  await bar.waitFor({ state: 'detached' });
});

test('a slash begins a command: proposed with help, done by Enter, and said in a sentence where it cannot be done', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await visit(t, home, 'Ben', { blank: true });
  const bea = await account(home, 'Bea');
  const id = await group(ana, 'Kitchen', ben);
  await bea.call('POST', '/conversations', { type: 'channel', name: 'Hand tools', visibility: 'public' });
  const { page } = ana;
  await page.goto(`/c/${id}`);
  const list = page.getByRole('listbox', { name: 'Suggestions' });
  const said = (words: string) => page.getByText(words, { exact: true }).first().waitFor();
  await composer(page).fill('/');
  await list.getByRole('option', { name: '/leave Leave this conversation' }).waitFor();
  assert.equal(await list.getByRole('option').count(), 7);
  await clean(page);
  await composer(page).pressSequentially('to');
  await composer(page).press('Tab');
  assert.equal(await text(page), '/topic ');
  await composer(page).press('Enter');
  await said('Not done. Write it like this: /topic words');
  await composer(page).pressSequentially('Oak, not ash');
  await composer(page).press('Enter');
  await said('You set the topic: Oak, not ash');
  assert.equal(await text(page), '');

  // Those who are in it already are not proposed.
  await composer(page).pressSequentially('/invite @be');
  await list.getByRole('option').waitFor();
  assert.deepEqual(await list.getByRole('option').allTextContents(), ['BBea@bea']);
  // What fits no more is not proposed either, also before the server has answered.
  await page.route('**/api/v1/users?*', () => {});
  await composer(page).pressSequentially('n');
  await list.waitFor({ state: 'detached' });
  await page.unroute('**/api/v1/users?*');
  await composer(page).press('Backspace');
  await list.getByRole('option', { name: 'Bea' }).waitFor();
  await composer(page).press('Tab');
  await composer(page).press('Enter');
  await said('You added Bea');

  await write(page, '/mute 2h');
  await page.getByText(/^Muted until today|^Muted until tomorrow/).waitFor();
  await write(page, '/dance now');
  await said('There is no command /dance. To send it as a text, begin with two slashes.');
  assert.equal(await text(page), '/dance now');
  await write(page, '//dance now');
  await message(page, '/dance now').waitFor();
  await write(page, '/me saws');
  await message(page, 'saws').locator('em').waitFor();
  await write(page, '/leave');
  await page.getByRole('dialog', { name: 'Leave Kitchen?' }).getByRole('button', { name: 'Cancel' }).click();
  await write(page, '/join #no-such');
  await said('No channel is called “no-such”.');
  await composer(page).fill('');
  await composer(page).pressSequentially('/join #han');
  await list.getByRole('option', { name: 'Hand tools' }).click();
  await composer(page).press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Hand tools' }).waitFor();

  await ben.page.goto(`/c/${id}`);
  await write(ben.page, '/topic Ash');
  await ben.page.getByText('/topic is for owners, admins, and moderators here.').waitFor();
});
