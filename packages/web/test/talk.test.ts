import assert from 'node:assert/strict';
import { test } from 'node:test';
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
  texts,
  until,
  visit,
  write,
} from './browser.ts';

test('two people create accounts, find each other, and see each other write, arrive and read', async t => {
  const home = await openHouse(t);
  const { page: ana } = await openBrowser(t, home);
  const { page: ben } = await openBrowser(t, home);

  await ana.goto('/');
  await ana.getByRole('heading', { name: 'The workshop is empty' }).waitFor();
  await ana.getByText('Server reachable · Carpenter').waitFor();
  await ana.getByLabel('Your name').fill('Ana');
  await ana.getByLabel('Username').fill('Ana');
  await ana.getByText('ana is free').waitFor();
  await ana.getByLabel('Password', { exact: true }).fill(password);
  await ana.getByRole('button', { name: 'Create account' }).click();
  await ana.getByRole('heading', { name: 'No conversations yet.' }).waitFor();

  await ben.goto('/');
  await ben.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await ben.getByRole('button', { name: 'Create an account' }).click();
  await ben.getByLabel('Your name').fill('Ben');
  await ben.getByLabel('Username').fill('ana');
  await ben.getByText('This username is taken.').waitFor();
  await ben.getByLabel('Username').fill('ben');
  await ben.getByText('ben is free').waitFor();
  await ben.getByLabel('Password', { exact: true }).fill(password);
  await ben.getByRole('button', { name: 'Create account' }).click();
  await ben.getByRole('heading', { name: 'No conversations yet.' }).waitFor();

  await ana.getByRole('button', { name: 'Search or jump to' }).click();
  await ana.getByRole('combobox', { name: 'Search or jump to' }).fill('be');
  await ana.getByRole('option', { name: /^Ben @ben/ }).click();
  await ana.getByRole('main').getByText('Online').waitFor();
  await write(ana, 'Is the lift working again?');

  await badge(ben, 'Ana', '1').waitFor();
  assert.equal(await ben.title(), '(1) Carpenter');
  await row(ben, 'Ana').click();
  await ben.getByText('New since').waitFor();
  await message(ben, 'Is the lift working again?').waitFor();
  await message(ana, 'lift').getByRole('img', { name: 'Read' }).waitFor();
  await until(
    () => ben.title(),
    title => title === 'Ana · Carpenter',
    'nothing unread is left in the title',
  );

  await composer(ben).pressSequentially('It is');
  await ana.getByText('Ben is typing').waitFor();
  await row(ana, 'Ben').getByText('is typing…').waitFor();
  await composer(ben).press('Enter');
  await message(ana, 'It is').waitFor();
  await ana.getByText('Ben is typing').waitFor({ state: 'detached' });
  assert.deepEqual(await texts(ana), ['Is the lift working again?', 'It is']);
  assert.deepEqual(await texts(ben), ['Is the lift working again?', 'It is']);
});

test('a wrong password and an unknown name get the same sentence, and the focus', async t => {
  const home = await openHouse(t);
  await visit(t, home, 'Ana');
  const { page } = await openBrowser(t, home);
  await page.goto('/');
  for (const username of ['ana', 'nobody']) {
    await page.getByLabel('Username').fill(username);
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('Username and password do not match.').waitFor();
    assert.ok(await page.getByLabel('Password', { exact: true }).evaluate(field => field.matches(':focus')));
  }
  await page.getByLabel('Username').fill('');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByText('Enter your username.').waitFor();
  assert.ok(await page.getByLabel('Username').evaluate(field => field.matches(':focus')));
});

test('an own message is changed in its place, and deleted with a way back', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await visit(t, home, 'Ben', { blank: true });
  const id = await direct(ana, ben);
  await ana.page.goto(`/c/${id}`);
  await ben.page.goto(`/c/${id}`);
  await write(ana.page, 'On site unitl three');
  await message(ben.page, 'On site').waitFor();

  await composer(ana.page).press('ArrowUp');
  const edit = ana.page.getByRole('textbox', { name: 'Change the message' });
  await edit.fill('On site until three');
  await edit.press('Enter');
  await message(ben.page, 'On site until three').getByText('(edited)').waitFor();
  assert.ok(await composer(ana.page).evaluate(field => field.matches(':focus')));
  // The same keys and looks as where one writes.
  await ana.call('PATCH', '/users/me', { preferences: { sendKey: 'ctrl-enter' } });
  await composer(ana.page).press('ArrowUp');
  await ana.page.getByText('Esc to cancel, Ctrl Enter to save').waitFor();
  await edit.press('End');
  await edit.press('Enter');
  await edit.pressSequentially('sharp');
  await edit.press('Shift+ArrowLeft');
  await ana.page.getByRole('toolbar').waitFor();
  await edit.press('Control+b');
  assert.equal(await ana.page.locator('article [data-ink]').textContent(), 'On site until three\nshar**p**\u200b');
  await edit.press('Control+Enter');
  await message(ben.page, 'On site until three').locator('strong', { hasText: 'p' }).waitFor();
  await ana.call('PATCH', '/users/me', { preferences: { sendKey: 'enter' } });

  await message(ana.page, 'On site').hover();
  await ana.page.getByRole('button', { name: 'Delete message' }).click();
  await ana.page.getByText('This message was deleted.').first().waitFor();
  await ana.page.getByRole('button', { name: 'Undo' }).click();
  await message(ana.page, 'On site until three').waitFor();

  await message(ana.page, 'On site').hover();
  await ana.page.getByRole('button', { name: 'Delete message' }).click();
  await write(ana.page, 'Never mind');
  await message(ben.page, 'Never mind').waitFor();
  assert.ok(await message(ben.page, 'On site').isVisible(), 'it is still there while it can be had back');
  await ana.page.goto('/settings');
  await message(ben.page, 'This message was deleted.').waitFor();

  // What one was about to answer is still there after something else was changed.
  await ana.page.goto(`/c/${id}`);
  await message(ana.page, 'Never mind').hover();
  await ana.page.getByRole('button', { name: 'Reply', exact: true }).click();
  await composer(ana.page).press('ArrowUp');
  await edit.press('Escape');
  await ana.page.reload();
  await ana.page.getByRole('button', { name: 'Do not reply' }).waitFor();
});

test('a group: opened, named anew, joined by a third, left again', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana');
  const ben = await visit(t, home, 'Ben');
  const eva = await visit(t, home, 'Eva');
  const { page } = ana;
  await page.getByRole('main').getByRole('button', { name: 'New conversation' }).click();
  const dialog = page.getByRole('dialog', { name: 'New conversation' });
  await dialog.getByText('A group').click();
  await dialog.getByRole('button', { name: 'Create group' }).click();
  await dialog.getByText('A group needs a name').waitFor();
  await dialog.getByLabel('Name of the group').fill('Kitchen');
  await dialog.getByRole('button', { name: 'Ben @ben' }).click();
  await dialog.getByText('You and 1 person').waitFor();
  await dialog.getByRole('button', { name: 'Create group' }).click();
  await page.getByRole('heading', { name: 'Kitchen', level: 1 }).waitFor();
  await row(ben.page, 'Kitchen').click();

  await page.getByRole('button', { name: 'Details' }).click();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByLabel('Name of the group').fill('Kitchen Birch Lane');
  await page.getByRole('button', { name: 'Save' }).click();
  await ben.page.getByRole('heading', { name: 'Kitchen Birch Lane', level: 1 }).waitFor();

  await page.getByRole('button', { name: 'Add people' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Eva @eva' }).click();
  await page.getByRole('button', { name: 'Add 1 person' }).click();
  await row(eva.page, 'Kitchen Birch Lane').click();
  await eva.page.getByRole('feed').getByText('Ana added you').waitFor();
  await write(eva.page, 'Hello both');
  await message(ben.page, 'Hello both').waitFor();
  await eva.page.getByRole('button', { name: /^Read by (Ana and Ben|Ben and Ana)$/ }).waitFor();

  await page.getByRole('button', { name: 'Change what Eva may do' }).click();
  await page.getByRole('menuitem', { name: 'Remove from the group' }).click();
  await ben.page.getByRole('feed').getByText('Ana removed Eva').waitFor();
  await row(eva.page, 'Kitchen Birch Lane').waitFor({ state: 'detached' });

  await ben.page.getByRole('button', { name: 'Details' }).click();
  await ben.page.getByRole('button', { name: 'Leave Kitchen Birch Lane' }).click();
  await ben.page.getByRole('dialog').getByRole('button', { name: 'Leave Kitchen Birch Lane' }).click();
  await ben.page.getByRole('heading', { name: 'No conversations yet.' }).waitFor();
});

test('a message is read only when somebody looks at it', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await visit(t, home, 'Ben', { blank: true });
  const id = await direct(ana, ben);
  await ana.page.goto(`/c/${id}`);
  await ben.page.goto(`/c/${id}`);
  await composer(ben.page).waitFor();
  // Another window is in front: the page is there, and nobody looks.
  await ben.page.evaluate(() => {
    document.hasFocus = () => false;
    window.dispatchEvent(new Event('blur'));
  });
  await write(ana.page, 'Anybody there?');
  await message(ben.page, 'Anybody there?').waitFor();
  await message(ana.page, 'Anybody').getByRole('img', { name: 'Delivered' }).waitFor();
  await badge(ben.page, 'Ana', '1').waitFor();
  await write(ana.page, 'Hello?'); // whatever the first one had caused has come before the second
  await message(ben.page, 'Hello?').waitFor();
  await badge(ben.page, 'Ana', '2').waitFor();
  await ben.page.getByText('New since').waitFor();
  await ben.page.evaluate(() => {
    document.hasFocus = () => true;
    window.dispatchEvent(new Event('focus'));
  });
  await message(ana.page, 'Hello?').getByRole('img', { name: 'Read' }).waitFor();
});

test('"Mark unread from here" holds while the conversation stays open, and counts', async t => {
  const home = await openHouse(t);
  const ana = await account(home, 'Ana');
  const ben = await visit(t, home, 'Ben', { blank: true });
  const id = await group(ana, 'Kitchen', ben);
  for (const text of ['one', 'two', 'three']) await ana.say(id, text);
  await ben.page.goto(`/c/${id}`);
  await badge(ben.page, 'Kitchen', '3').waitFor({ state: 'detached' });
  await message(ben.page, 'two').hover();
  await ben.page.getByRole('button', { name: 'Mark unread from here' }).click();
  await badge(ben.page, 'Kitchen', '2').waitFor();
  await ben.page.goto('/');
  await badge(ben.page, 'Kitchen', '2').waitFor();
  await row(ben.page, 'Kitchen').click();
  await badge(ben.page, 'Kitchen', '2').waitFor({ state: 'detached' });
});
