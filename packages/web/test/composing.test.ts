import assert from 'node:assert/strict';
import { test } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { composer, direct, group, message, openHouse, until, visit } from './browser.ts';

const text = (page: Page) => composer(page).inputValue();
const clean = async (page: Page) => {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    violations.map(each => [each.id, each.nodes.map(node => node.html.slice(0, 160))]),
    [],
  );
};

test('people are proposed behind @, chosen by keyboard or pointer, and an input method is left alone', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana');
  const ben = await visit(t, home, 'Ben');
  const bea = await visit(t, home, 'Bea');
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
});

test('emoji: by their names while one writes, and from a picker with search, recent ones and tones of skin', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana');
  const ben = await visit(t, home, 'Ben');
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

test('Ctrl B, I, E and Ctrl Shift X put marks around what is selected, and take them away again', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana');
  const ben = await visit(t, home, 'Ben');
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
});
