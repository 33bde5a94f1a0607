import assert from 'node:assert/strict';
import test from 'node:test';
import { house } from '../../../server/test/house.ts';
import { clientOf, newcomer, online, open, password, until } from '../world.ts';

const rowOf = (client: Parameters<typeof online>[0], id: string) =>
  client.conversations.get()?.find(row => row.id === id);

test('how one keeps a conversation shows at once, is the same on all devices, and comes back to one that was away', async t => {
  const { url } = await house(t);
  const ana = await newcomer(t, url, 'ana');
  const room = await ana.client.beginGroup('Kitchen', []);
  const second = clientOf(t, { url });
  await second.login({ username: 'ana', password });
  await online(second);
  await until(second.conversations, rows => rows?.some(row => row.id === room) ?? false, 'the group');

  const done = ana.client.updateMine(room, { pinned: 1, folder: 'Work', mutedUntil: '2030-01-01T00:00:00.000Z' });
  assert.deepEqual(rowOf(ana.client, room)?.mine.folder, 'Work', 'before the server has answered');
  await done;
  const there = await until(second.conversations, rows => rows?.[0]?.mine.folder === 'Work', 'the folder');
  assert.equal(there?.[0]?.mine.pinned, 1);

  await second.close();
  await ana.client.updateMine(room, { folder: null, keywords: ['oak'], archived: true });
  const third = clientOf(t, { url });
  await third.login({ username: 'ana', password });
  const rows = await until(third.conversations, all => all?.[0]?.mine.archived === true, 'archived');
  assert.deepEqual([rows?.[0]?.mine.keywords, rows?.[0]?.mine.folder], [['oak'], undefined]);
});

test('a setting that is refused is undone, and one for a conversation that is not mine says so', async t => {
  const { url } = await house(t);
  const ana = await newcomer(t, url, 'ana');
  const room = await ana.client.beginGroup('Kitchen', []);
  await ana.client.updateMine(room, { folder: 'Work' });
  await assert.rejects(ana.client.updateMine(room, { folder: '\u202e' }), { code: 'input.invalid' });
  assert.equal(rowOf(ana.client, room)?.mine.folder, 'Work');
});

test('what is changed and at once changed back ends as it was wanted last', async t => {
  const { url } = await house(t);
  const ana = await newcomer(t, url, 'ana');
  const room = await ana.client.beginGroup('Kitchen', []);
  const archive = (archived: boolean) => ana.client.updateMine(room, { archived });
  for (let n = 0; n < 40; n++) {
    await Promise.all([archive(true), archive(false)]);
    assert.equal(rowOf(ana.client, room)?.mine.archived, undefined);
  }
  const ben = await newcomer(t, url, 'ben');
  for (let n = 0; n < 20; n++) {
    await Promise.all([ana.client.block(ben.id), ana.client.unblock(ben.id)]);
    await until(ana.client.blocked, ids => ids.size === 0, 'nobody blocked');
  }
});

test('a public channel is found and joined, a private one is opened by a link, and my role is what it is now', async t => {
  const { url } = await house(t);
  const ana = await newcomer(t, url, 'ana');
  const ben = await newcomer(t, url, 'ben');
  const open1 = await ana.client.beginChannel({ name: 'wood', topic: 'All about oak', visibility: 'public' });
  const shut = await ana.client.beginChannel({ name: 'money', visibility: 'private' });
  const found = await ben.client.channels('oak');
  assert.deepEqual(
    found.channels.map(({ conversation, joined }) => [conversation.name, joined]),
    [['wood', false]],
  );
  await ben.client.join(open1);
  assert.equal(rowOf(ben.client, open1)?.mine.role, 'member');
  await assert.rejects(ben.client.join(shut), { code: 'conversation.unknown' });

  const link = await ana.client.createInvite({ conversationIds: [shut], role: 'moderator', maxUses: 1 });
  assert.deepEqual(await ben.client.acceptInvite(link.code), [shut]);
  const rows = await until(ben.client.conversations, all => all?.some(row => row.id === shut) ?? false, 'the channel');
  assert.equal(rows?.find(row => row.id === shut)?.mine.role, 'moderator');
  await ana.client.setMemberRole(shut, ben.id, 'admin');
  await until(
    ben.client.conversations,
    all => all?.find(row => row.id === shut)?.mine.role === 'admin',
    'the new role',
  );
});

test('somebody blocked is out of the way on all my devices, and nothing tells them', async t => {
  const { url } = await house(t);
  const ana = await newcomer(t, url, 'ana');
  const ben = await newcomer(t, url, 'ben');
  const second = clientOf(t, { url });
  await second.login({ username: 'ana', password });
  await online(second);
  const two = await ben.client.beginDirect(ana.id);
  await ana.client.block(ben.id);
  await until(second.blocked, all => all.has(ben.id), 'the block');
  const bens = open(t, ben.client, two);
  await bens.stored(bens.send('hello?'));
  const rows = await until(second.conversations, all => all?.[0]?.lastMessage?.text === 'hello?', 'the message');
  assert.deepEqual([rows?.[0]?.blocked, rows?.[0]?.unread], [true, 0]);
  const room = await ana.client.beginGroup('Kitchen', [ben.id]);
  const cem = await newcomer(t, url, 'cem');
  await ana.client.addMembers(room, [cem.id]);
  await until(cem.client.conversations, all => all?.length === 1, 'the group');
  await cem.client.conversation(room).stored(cem.client.conversation(room).send('good morning'));
  await ben.client.conversation(room).stored(ben.client.conversation(room).send('@ana @all loud words'));
  const there = (all: typeof rows) => all?.find(row => row.id === room);
  const counted = await until(second.conversations, all => there(all)?.lastBlocked === true, 'the loud words');
  assert.deepEqual([there(counted)?.unread, there(counted)?.mine.mentions], [1, 0], 'only what cem said counts');
  await ana.client.unblock(ben.id);
  await until(second.conversations, all => there(all)?.unread === 2, 'counted again');
  await until(second.conversations, all => all?.find(row => row.id === two)?.unread === 1, 'no block any more');
  const third = clientOf(t, { url }); // has seen no message itself: the figures are the server's
  await third.login({ username: 'ana', password });
  await until(third.conversations, all => there(all)?.unread === 2, 'as the server counts');
  await ana.client.block(ben.id);
  await until(third.conversations, all => there(all)?.unread === 1, 'and counts again without them');

  const anas = ana.client.conversation(room);
  const { seq } = await anas.stored(anas.send('who comes on Monday?'));
  const thread = await anas.thread(seq);
  const mine = open(t, ana.client, thread);
  await mine.stored(mine.send('Anybody?'));
  const inThread = ben.client.conversation(thread);
  await inThread.stored(inThread.send('I do'));
  const threads = await until(third.followed, all => all[0]?.lastBlocked === true, 'the thread');
  assert.equal(threads[0]?.unread, 0);
});

test('whoever leaves, is removed, or loses a deleted conversation, has it no more on any device', async t => {
  const { url } = await house(t);
  const ana = await newcomer(t, url, 'ana');
  const ben = await newcomer(t, url, 'ben');
  const second = clientOf(t, { url });
  await second.login({ username: 'ben', password });
  await online(second);
  const ids = await Promise.all(['one', 'two', 'three'].map(name => ana.client.beginGroup(name, [ben.id])));
  const [one = '', two = '', three = ''] = ids;
  await until(second.conversations, rows => rows?.length === 3, 'three groups');
  await ben.client.leave(one);
  await until(second.conversations, rows => rows?.every(row => row.id !== one) ?? false, 'gone by leaving');
  await ana.client.removeMember(two, ben.id);
  await until(second.conversations, rows => rows?.every(row => row.id !== two) ?? false, 'gone by removal');
  await ana.client.deleteConversation(three);
  await until(second.conversations, rows => rows?.length === 0, 'gone by deletion');
  await until(ben.client.conversations, rows => rows?.length === 0, 'gone there, too');
  await until(ana.client.conversations, rows => rows?.length === 2, 'the owner keeps the others');
});
