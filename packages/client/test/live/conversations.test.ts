import assert from 'node:assert/strict';
import test from 'node:test';
import { house } from '../../../server/test/house.ts';
import type { ConversationHandle } from '../../src/index.ts';
import { proxyTo } from '../proxy.ts';
import { clientOf, newcomer, online, open, password, reads, textsOf, until } from '../world.ts';

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
async function sendAll(room: ConversationHandle, texts: readonly string[]): Promise<void> {
  await Promise.all(texts.map(text => room.stored(room.send(text))));
}

test('history opens at its end, goes back page by page, jumps, and comes back', async t => {
  const { url } = await house(t);
  const ana = await newcomer(t, url, 'ana');
  const id = await ana.client.beginGroup('Long', []);
  await sendAll(ana.client.conversation(id), numbers(1, 150));

  const again = clientOf(t, { url });
  await again.login({ username: 'ana', password });
  await online(again);
  const room = open(t, again, id);
  const first = await until(room.timeline, v => v.phase === 'ready', 'the newest page');
  const { lastSeq } = first; // a system message says that the group began
  assert.deepEqual(textsOf(first), numbers(101, 150));
  assert.deepEqual([first.hasOlder, first.hasNewer], [true, false]);

  await Promise.all([room.loadOlder(), room.loadOlder()]); // two at once are one
  assert.deepEqual(textsOf(room.timeline.get()), numbers(51, 150));

  await room.loadAround(10);
  const jumped = room.timeline.get();
  assert.ok(textsOf(jumped).includes('9') && jumped.hasNewer);
  await room.loadNewest();
  assert.deepEqual([textsOf(room.timeline.get()).at(-1), room.timeline.get().hasNewer], ['150', false]);
  assert.equal(room.timeline.get().lastSeq, lastSeq);

  while (room.timeline.get().hasOlder) await room.loadOlder();
  assert.deepEqual(textsOf(room.timeline.get()), numbers(1, 150));
  const before = room.timeline.get().messages;
  room.markRead(lastSeq);
  assert.equal(room.timeline.get().messages, before, 'what did not change is the same object');
});

test('unread is counted by person, the line stands where it began, and "unread from here" brings it back', async t => {
  const { url } = await house(t);
  const ana = await newcomer(t, url, 'ana');
  const ben = await newcomer(t, url, 'ben');
  const id = await ana.client.beginDirect(ben.id);
  await sendAll(ana.client.conversation(id), numbers(1, 70));
  await until(ben.client.conversations, rows => rows?.[0]?.unread === 70, '70 unread');

  const bens = open(t, ben.client, id);
  const view = await until(bens.timeline, v => v.phase === 'ready', 'the messages');
  assert.equal(view.unreadAt, 1);
  assert.ok(textsOf(view).length >= 70, 'all that is unread was loaded');
  bens.markRead(30);
  await until(ben.client.conversations, rows => rows?.[0]?.unread === 40, '40 unread');
  assert.equal(bens.timeline.get().unreadAt, 1);
  bens.markRead(70);
  await until(ana.client.conversations, rows => rows?.[0]?.lastStatus?.is === 'read', 'read');
  await bens.markUnread(61);
  assert.equal(ben.client.conversations.get()?.[0]?.unread, 10);

  const phone = clientOf(t, { url });
  await phone.login({ username: 'ben', password });
  await until(phone.conversations, rows => rows?.[0]?.unread === 10, 'the same elsewhere');
});

test('what was read while "unread from here" got no answer stays read', async t => {
  const { url } = await house(t);
  const proxy = await proxyTo(t, url);
  const ana = await newcomer(t, url, 'ana');
  const ben = await newcomer(t, proxy.url, 'ben');
  const id = await ana.client.beginDirect(ben.id);
  await sendAll(ana.client.conversation(id), numbers(1, 3));
  const bens = open(t, ben.client, id);
  await until(bens.timeline, v => v.phase === 'ready' && v.lastSeq === 3, 'the messages');
  const unread = () => ben.client.conversations.get()?.[0]?.unread;
  bens.markRead(1);
  proxy.cut();
  const failed = bens.markUnread(1);
  assert.equal(unread(), 3);
  bens.markRead(3);
  await assert.rejects(failed, { code: 'network.unreachable' });
  assert.equal(unread(), 0);
  const again = bens.markUnread(2);
  assert.equal(unread(), 2);
  await assert.rejects(again, { code: 'network.unreachable' });
  assert.equal(unread(), 0, 'and what nobody read meanwhile is as before');
});

test('what is edited and deleted changes for everybody, and only where it may', async t => {
  const { url } = await house(t);
  const ana = await newcomer(t, url, 'ana');
  const ben = await newcomer(t, url, 'ben');
  const id = await ana.client.beginDirect(ben.id);
  const anas = open(t, ana.client, id);
  const bens = open(t, ben.client, id);
  const one = await anas.stored(anas.send('helo'));
  const two = await anas.stored(anas.send('wrong room'));
  await anas.edit(one.seq, 'hello');
  await anas.delete(two.seq);
  await reads(bens, ['hello', '']);
  await reads(anas, ['hello', '']);
  await until(ben.client.conversations, rows => rows?.[0]?.unread === 1, 'one unread, the other is gone');
  await assert.rejects(bens.edit(one.seq, 'no'), { code: 'message.not_yours' });
  assert.throws(() => anas.send('  '), { code: 'message.empty' });
  assert.throws(() => anas.send('x'.repeat(8_001)), { code: 'message.too_long' });
});

test('people come into a group and go: it appears, it is gone, and what is sent there then fails in words', async t => {
  const { url } = await house(t);
  const ana = await newcomer(t, url, 'ana');
  const ben = await newcomer(t, url, 'ben');
  const id = await ana.client.beginGroup('Workshop', []);
  const anas = open(t, ana.client, id);
  await ana.client.addMembers(id, [ben.id]);
  await until(ben.client.conversations, rows => rows?.[0]?.title === 'Workshop', 'the group');
  const bens = open(t, ben.client, id);
  await until(bens.timeline, v => v.members.length === 2 && v.membersComplete, 'both members');
  await until(anas.timeline, v => v.members.length === 2, 'both members');
  await ana.client.update(id, { name: 'Bench' });
  await until(ben.client.conversations, rows => rows?.[0]?.title === 'Bench', 'the new name');

  await ana.client.removeMember(id, ben.id);
  await until(bens.timeline, v => v.phase === 'gone', 'the end');
  assert.deepEqual(ben.client.conversations.get(), []);
  const lost = bens.send('still there?');
  await assert.rejects(bens.stored(lost), { code: 'conversation.unknown' });
  const [failed] = ben.client.outbox.get();
  assert.equal(failed?.status.is, 'failed');
  bens.discard(lost);
  await until(anas.timeline, v => v.members.length === 1, 'one member');
  for (const never of ['00000000-0000-4000-8000-000000000000', 'no-id-at-all'])
    await until(open(t, ben.client, never).timeline, v => v.phase === 'gone', `${never} never was`);
});

test('promise 4: who was away finds what is new, what was changed, and what they were taken out of', async t => {
  const { url } = await house(t);
  const proxy = await proxyTo(t, url);
  const ana = await newcomer(t, url, 'ana');
  const ben = await newcomer(t, proxy.url, 'ben');
  const direct = await ana.client.beginDirect(ben.id);
  const group = await ana.client.beginGroup('Workshop', [ben.id]);
  const anas = ana.client.conversation(direct);
  const one = await anas.stored(anas.send('one'));
  const bens = open(t, ben.client, direct);
  await reads(bens, ['one']);
  await until(ben.client.conversations, rows => rows?.length === 2, 'both');

  proxy.cut();
  await until(ben.client.connection, c => c.phase !== 'online', 'the break');
  await anas.edit(one.seq, 'one, better');
  await sendAll(anas, numbers(2, 260)); // more than one answer to `sync` holds
  await ana.client.removeMember(group, ben.id);
  const fresh = await ana.client.beginGroup('Later', [ben.id]);
  proxy.heal();
  ben.client.retryNow();

  await reads(bens, ['one, better', ...numbers(2, 260)]);
  const rows = await until(
    ben.client.conversations,
    list => list?.length === 2 && list.some(r => r.id === fresh),
    'the list',
  );
  assert.deepEqual(new Set(rows?.map(r => r.id)), new Set([direct, fresh]));
  assert.equal(rows?.find(r => r.id === direct)?.unread, 100);
});

test('typing, presence and names are seen by those who share a conversation', async t => {
  const { url } = await house(t);
  const ana = await newcomer(t, url, 'ana');
  const ben = await newcomer(t, url, 'ben');
  const id = await ana.client.beginDirect(ben.id);
  const anas = open(t, ana.client, id);
  await until(ben.client.conversations, rows => rows?.length === 1, 'the conversation');
  ben.client.conversation(id).setTyping(true);
  await until(anas.timeline, v => v.typing.includes(ben.id), 'typing');
  const bens = ben.client.conversation(id);
  await bens.stored(bens.send('done'));
  await until(anas.timeline, v => v.typing.length === 0, 'no typing');

  ben.client.setPresence('dnd');
  await until(ana.client.presence, all => all.get(ben.id)?.status === 'dnd', 'do not disturb');
  await ben.client.updateMe({ displayName: 'Ben the Elder' });
  await until(ana.client.conversations, rows => rows?.[0]?.title === 'Ben the Elder', 'the new name');
  await ben.client.logout();
  await until(ana.client.presence, all => all.get(ben.id)?.status === 'offline', 'offline');
  const found = await ana.client.findUsers('eld');
  assert.deepEqual(
    found.map(u => u.id),
    [ben.id],
  );
});
