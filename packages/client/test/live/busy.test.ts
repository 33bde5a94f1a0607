import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holding } from '../../../server/test/holding.ts';
import { house } from '../../../server/test/house.ts';
import { clientOf, newcomer, online, open, password, textsOf, until } from '../world.ts';

test('promise 4: a conversation that is opened while the server is too busy to read it is there once it is not, over the same connection', async t => {
  const { url, databaseUrl } = await house(t);
  const ana = await newcomer(t, url, 'ana');
  const id = await ana.client.beginGroup('Kitchen', []);
  const anas = open(t, ana.client, id);
  await anas.stored(anas.send('good morning'));
  const phone = clientOf(t, { url });
  await phone.login({ username: 'ana', password });
  await online(phone);
  let broke = false;
  t.after(
    phone.connection.subscribe(() => {
      broke ||= phone.connection.get().phase !== 'online';
    }),
  );
  const letGo = await holding(t, databaseUrl, 'LOCK TABLE messages IN ACCESS EXCLUSIVE MODE');
  const opened = open(t, phone, id);
  await assert.rejects(opened.loadAround(1), { worthRetrying: true }); // as what it asked for itself before
  await letGo();
  const timeline = await until(opened.timeline, ({ phase }) => phase === 'ready', 'the conversation');
  assert.deepEqual(textsOf(timeline), ['good morning']);
  assert.equal(broke, false);
});

test('what I choose, and begin to write, while the server is too busy to keep it is on my phone once it is not, over the same connection', async t => {
  const { url, databaseUrl } = await house(t);
  const desk = await newcomer(t, url, 'ana');
  const id = await desk.client.beginGroup('Kitchen', []);
  const phone = clientOf(t, { url });
  await phone.login({ username: 'ana', password });
  await online(phone);
  let broke = false;
  t.after(
    desk.client.connection.subscribe(() => {
      broke ||= desk.client.connection.get().phase !== 'online';
    }),
  );
  const letGo = await holding(t, databaseUrl, 'LOCK TABLE users, drafts IN SHARE MODE');
  desk.client.personal.keepDraft(id, { text: 'good mor' });
  desk.client.personal.flushDrafts();
  await assert.rejects(desk.client.personal.prefer({ theme: 'dark' }), { worthRetrying: true }); // the draft before it, too
  await letGo();
  await until(phone.personal.settings, settings => settings?.theme === 'dark', 'what was chosen');
  await until(phone.personal.drafts, drafts => drafts.get(id)?.text === 'good mor', 'the draft');
  assert.equal(broke, false);
});
