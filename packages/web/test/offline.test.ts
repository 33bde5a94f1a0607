import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  account,
  badge,
  composer,
  direct,
  group,
  message,
  openHouse,
  row,
  texts,
  until,
  visit,
  write,
} from './browser.ts';

test('offline: three messages wait in sight, and arrive once and in order when one is back', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await visit(t, home, 'Ben', { blank: true });
  const id = await direct(ana, ben);
  await ana.page.goto(`/c/${id}`);
  await ben.page.goto(`/c/${id}`);
  await write(ana.page, 'zero');
  await message(ben.page, 'zero').waitFor();

  await ana.context.setOffline(true);
  for (const text of ['one', 'two', 'three']) await write(ana.page, text);
  await ana.page.getByText('You are offline. 3 messages will be sent when you are back.').first().waitFor();
  await ana.page.getByText('Waiting for the connection').waitFor();
  assert.equal(
    await ana.page.getByRole('img', { name: 'Waiting for the connection' }).count(),
    4,
    'three, and the list',
  );
  await write(ben.page, 'while you were away');

  await ana.context.setOffline(false);
  await ana.page.getByText('Back online. 3 messages sent.').waitFor();
  await message(ben.page, 'three').waitFor();
  const all = ['zero', 'while you were away', 'one', 'two', 'three'];
  await until(
    () => texts(ana.page),
    found => found.join() === all.join(),
    'Ana sees each once',
  );
  await until(
    () => texts(ben.page),
    found => found.join() === all.join(),
    'Ben sees each once',
  );
});

test('a blink without a connection says nothing; a server that is away is named, with a countdown', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana');
  await ana.page.getByRole('heading', { name: 'No conversations yet.' }).waitFor();
  // Whoever was not here before is not back, however long the first connection took.
  const another = await ana.context.newPage();
  const { promise: patience, resolve: connect } = Promise.withResolvers<void>();
  await another.routeWebSocket(/./, async socket => {
    await patience;
    socket.connectToServer();
  });
  await another.goto('/');
  const bar = another.getByRole('region', { name: 'Connecting' });
  await bar.waitFor();
  connect();
  await bar.waitFor({ state: 'detached' });
  assert.equal(await another.getByText('Back online.').count(), 0);
  await another.close();

  await home.drain();
  await ana.page
    .getByText(/The server is restarting\.|Connection lost\./)
    .first()
    .waitFor();
  await ana.page.getByText(/(Back in about|Trying again in) \d+ s\./).waitFor();
});

test('a reload keeps the draft, what waits, and the place', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await visit(t, home, 'Ben');
  const id = await direct(ana, ben);
  const other = await group(ana, 'Kitchen', ben);
  await ana.page.goto(`/c/${id}`);
  await composer(ana.page).fill('half a sentence');
  await row(ana.page, 'Kitchen').click();
  await until(
    () => composer(ana.page).inputValue(),
    text => text === '',
    'a draft stays where it was written',
  );
  await row(ana.page, 'Ben').getByText('Draft:').waitFor();
  // The page is there, the way to the server is not.
  await ana.page.routeWebSocket(/./, socket => socket.close());
  await ana.page.route('**/api/**', route => route.abort());
  await ana.page.reload();
  await ana.page.unrouteAll();
  await ana.page.goto(`/c/${other}`);
  await row(ana.page, 'Ben').click();
  await until(
    () => composer(ana.page).inputValue(),
    text => text === 'half a sentence',
    'the draft is back',
  );
  await ana.context.setOffline(true);
  await composer(ana.page).press('Enter');
  await message(ana.page, 'half a sentence').waitFor();
  await ana.context.setOffline(false);
  await message(ben.page, 'half a sentence')
    .or(badge(ben.page, 'Ana', '1'))
    .waitFor();
});

test('what waits survives a closed tab, and the browser is asked to keep it', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await visit(t, home, 'Ben');
  const id = await direct(ana, ben);
  await ana.context.addInitScript(() => {
    StorageManager.prototype.persist = async () => {
      document.documentElement.dataset.asked = 'to keep';
      return true;
    };
  });
  await ana.page.goto(`/c/${id}`);
  await composer(ana.page).waitFor();
  await ana.page.getByRole('region', { name: 'Connecting' }).waitFor({ state: 'detached' });
  assert.equal(await ana.page.locator('html[data-asked]').count(), 0, 'nothing waits yet');
  await ana.context.setOffline(true);
  await write(ana.page, 'written in the tunnel');
  await ana.page.getByText('Waiting for the connection').waitFor();
  await ana.page.locator('html[data-asked="to keep"]').waitFor({ state: 'attached' });
  await ana.page.close();
  await ana.context.setOffline(false);
  const again = await ana.context.newPage();
  await again.goto(`/c/${id}`);
  await again.getByText('written in the tunnel').first().waitFor();
  await badge(ben.page, 'Ana', '1').waitFor();
});

test('a message that is refused says why, stays, and can be edited, tried again or given up', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana');
  const ben = await visit(t, home, 'Ben', { blank: true });
  const id = await group(ana, 'Kitchen', ben);
  await ben.page.goto(`/c/${id}`);
  await composer(ben.page).waitFor();
  await ben.context.setOffline(true);
  await write(ben.page, 'too late');
  await ana.call('DELETE', `/conversations/${id}/members/${ben.id}`);
  await ben.context.setOffline(false);
  await ben.page.getByText('Not sent: you are no longer in this conversation.').waitFor();
  await ben.page.getByText('You are no longer in this conversation. What was written stays').waitFor();
  await ana.call('POST', `/conversations/${id}/members`, { userIds: [ben.id] });
  await composer(ben.page).waitFor();
  await ben.page.getByRole('button', { name: 'Retry' }).click();
  await row(ana.page, 'Kitchen').getByText('Ben: too late').waitFor();
  await ben.page.getByText('Not sent:').waitFor({ state: 'detached' });
});

test('a long text is counted down, and cannot be sent while it is too long', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await account(home, 'Ben');
  await ana.page.goto(`/c/${await direct(ana, ben)}`);
  await composer(ana.page).fill('🪵'.repeat(7_900));
  await ana.page.getByText('100 characters left').waitFor();
  await composer(ana.page).fill('🪵'.repeat(8_001));
  await ana.page.getByText('1 character over the limit').waitFor();
  await composer(ana.page).press('Enter');
  await ana.page.getByText('Not sent: it is too long (1 character over).').waitFor();
  assert.equal((await composer(ana.page).inputValue()).length, 16_002, 'not a word is lost');
});

test('Enter in the middle of an input method chooses a word and sends nothing', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await account(home, 'Ben');
  await ana.page.goto(`/c/${await direct(ana, ben)}`);
  await composer(ana.page).fill('日本');
  // Browsers differ in how they say that the key belongs to the input method.
  await composer(ana.page).evaluate(field => {
    for (const way of [{ isComposing: true }, { keyCode: 229 }])
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...way }));
  });
  assert.equal(await composer(ana.page).inputValue(), '日本');
  await composer(ana.page).press('Enter');
  await message(ana.page, '日本').waitFor();
  assert.deepEqual(await texts(ana.page), ['日本']);
});
