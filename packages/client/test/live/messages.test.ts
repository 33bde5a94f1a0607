import assert from 'node:assert/strict';
import test from 'node:test';
import { house } from '../../../server/test/house.ts';
import type { StoredMessage, Timeline } from '../../src/index.ts';
import { proxyTo } from '../proxy.ts';
import { clientOf, newcomer, online, open, password, reads, until } from '../world.ts';

const storedIn = (view: Timeline, seq: number): StoredMessage | undefined =>
  view.messages.find((m): m is StoredMessage => m.kind === 'stored' && m.message.seq === seq);

test('reactions and votes are seen by both, and mine are mine on all my devices, live and after a start', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await newcomer(t, url, 'ana'), await newcomer(t, url, 'ben')];
  const id = await ana.client.beginDirect(ben.id);
  const anas = open(t, ana.client, id);
  const phone = clientOf(t, { url });
  await phone.login({ username: 'ana', password });
  await online(phone);
  const onPhone = open(t, phone, id);
  const { seq } = await anas.stored(anas.send('Oak or ash?', { poll: { options: ['oak', 'ash'], multiple: false } }));
  await until(onPhone.timeline, v => storedIn(v, seq) !== undefined, 'the poll on the phone');
  await anas.react(seq, '🪵', true);
  await anas.vote(seq, [1]);
  const mine = { emoji: ['🪵'], votes: [1] };
  const same = (view: Timeline) => JSON.stringify(storedIn(view, seq)?.own) === JSON.stringify(mine);
  await until(anas.timeline, same, 'what is mine where I did it');
  await until(onPhone.timeline, same, 'what is mine on the phone');
  const bens = open(t, ben.client, id);
  const seen = await until(bens.timeline, v => storedIn(v, seq) !== undefined, 'the poll at ben');
  assert.deepEqual(storedIn(seen, seq)?.message.reactions, [{ emoji: '🪵', count: 1, first: [ana.id] }]);
  assert.equal(storedIn(seen, seq)?.own, undefined);
  assert.deepEqual(
    (await bens.votedBy(seq, 1)).people.map(p => p.userId),
    [ana.id],
  );
  await anas.react(seq, '🪵', false);
  await until(onPhone.timeline, v => storedIn(v, seq)?.own?.emoji?.length === 0, 'taken back on the phone');
  const later = clientOf(t, { url });
  await later.login({ username: 'ana', password });
  await online(later);
  const again = open(t, later, id);
  await until(again.timeline, v => v.phase === 'ready' && storedIn(v, seq)?.own?.votes?.[0] === 1, 'after a start');
});

test('a thread is followed by who writes in it and who began it, counts apart, and can be read without being followed', async t => {
  const { url } = await house(t);
  const ana = await newcomer(t, url, 'ana');
  const [ben, cleo] = [await newcomer(t, url, 'ben'), await newcomer(t, url, 'cleo')];
  const id = await ana.client.beginGroup('Kitchen', [ben.id, cleo.id]);
  const anas = open(t, ana.client, id);
  const root = await anas.stored(anas.send('The cut list'));
  await until(ben.client.conversations, rows => rows?.length === 1, 'the group at ben');
  const thread = await ben.client.conversation(id).thread(root.seq);
  const bens = open(t, ben.client, thread);
  await bens.stored(bens.send('Two boards are missing'));
  const [row] = await until(ana.client.followed, rows => rows[0]?.unread === 1, 'the thread at ana, unread');
  assert.deepEqual([row?.id, row?.root.seq, row?.lastMessage?.text], [thread, root.seq, 'Two boards are missing']);
  assert.equal(ana.client.conversations.get()?.length, 1, 'a thread is no row of the list');
  const seen = await until(anas.timeline, v => storedIn(v, root.seq)?.message.thread?.count === 1, 'the chip');
  assert.equal(storedIn(seen, root.seq)?.message.thread?.conversationId, thread);

  await until(cleo.client.conversations, rows => rows?.length === 1, 'the group at cleo');
  const watching = open(t, cleo.client, await cleo.client.conversation(id).thread(root.seq));
  await reads(watching, ['Two boards are missing']);
  bens.send('and one is split');
  await reads(watching, ['Two boards are missing', 'and one is split']); // live, without following
  assert.equal(watching.timeline.get().mine?.following, false);
  assert.deepEqual(cleo.client.followed.get(), []);
  await watching.follow(true);
  await until(cleo.client.followed, rows => rows.length === 1, 'followed');
  await watching.follow(false);
  await until(watching.timeline, v => v.mine?.following === false, 'still open, not followed');
  bens.send('never mind', { alsoInParent: true });
  await reads(watching, ['Two boards are missing', 'and one is split', 'never mind']);
  await reads(anas, ['The cut list', 'never mind']);

  const again = clientOf(t, { url });
  await again.login({ username: 'ana', password });
  await online(again);
  await until(again.followed, rows => rows[0]?.unread === 3, 'unread threads are known after a start');
  assert.equal(await again.moreThreads(), false);
});

test('promise 4: a thread that is only looked at is whole again after a break, and when its reader is let in again', async t => {
  const { url } = await house(t);
  const proxy = await proxyTo(t, url);
  const [ana, ben] = [await newcomer(t, url, 'ana'), await newcomer(t, url, 'ben')];
  const cleo = await newcomer(t, proxy.url, 'cleo');
  const id = await ana.client.beginGroup('Kitchen', [ben.id, cleo.id]);
  const anas = ana.client.conversation(id);
  const root = await anas.stored(anas.send('The cut list'));
  await until(ben.client.conversations, rows => rows?.length === 1, 'the group at ben');
  const thread = await ben.client.conversation(id).thread(root.seq);
  const bens = ben.client.conversation(thread);
  const say = (text: string) => bens.stored(bens.send(text));
  const away = async (work: () => Promise<unknown>) => {
    proxy.cut();
    await until(cleo.client.connection, c => c.phase !== 'online', 'the break');
    await work();
    proxy.heal();
    cleo.client.retryNow();
  };
  await say('one');
  await until(cleo.client.conversations, rows => rows?.length === 1, 'the group at cleo');
  const cleos = open(t, cleo.client, thread);
  await reads(cleos, ['one']);
  await away(() => say('two'));
  await reads(cleos, ['one', 'two']);

  await cleos.follow(true);
  await until(cleo.client.followed, rows => rows.length === 1, 'followed');
  const phone = clientOf(t, { url });
  await phone.login({ username: 'cleo', password });
  await away(async () => {
    await phone.conversation(thread).follow(false);
    await say('three');
  });
  await reads(cleos, ['one', 'two', 'three']);
  assert.equal(cleos.timeline.get().mine?.following, false);

  await ana.client.removeMember(id, cleo.id);
  await until(cleos.timeline, v => v.phase === 'gone', 'the end');
  await say('four');
  await ana.client.addMembers(id, [cleo.id]);
  await reads(cleos, ['one', 'two', 'three', 'four']);
  await say('five');
  await reads(cleos, ['one', 'two', 'three', 'four', 'five']); // live
});

test('pins, answers, forwarding, edits and mentions are there for the other', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await newcomer(t, url, 'ana'), await newcomer(t, url, 'ben')];
  const id = await ana.client.beginDirect(ben.id);
  const anas = open(t, ana.client, id);
  const first = await anas.stored(anas.send('Who has the key?'));
  await until(ben.client.conversations, rows => rows?.length === 1, 'the conversation at ben');
  const bens = open(t, ben.client, id);
  await reads(bens, ['Who has the key?']);
  const answer = await bens.stored(bens.send('@ana has it, @nobody else', { replyTo: first.seq }));
  assert.deepEqual([answer.replyTo, answer.mentions], [first.seq, [ana.id]]);
  const noticed = await until(ben.client.noticed, n => n !== undefined, 'a notice');
  assert.deepEqual(
    noticed?.notices.map(n => n.code),
    ['mention.not_here'],
  );
  await until(ana.client.conversations, rows => rows?.[0]?.mine.mentions === 1, 'one mention');
  assert.deepEqual(
    (await ana.client.mentions()).messages.map(m => m.seq),
    [answer.seq],
  );
  await anas.pin(first.seq, true);
  await bens.react(first.seq, '🔑', true);
  assert.deepEqual(
    (await bens.pins()).map(({ message, own }) => [message.seq, own]),
    [[first.seq, { emoji: ['🔑'] }]],
  );
  await anas.edit(first.seq, 'Who has the keys?');
  assert.deepEqual(
    (await bens.editHistory(first.seq)).map(v => v.text),
    ['Who has the key?'],
  );
  const copy = await bens.stored(bens.send('', { forward: { conversationId: id, seq: first.seq } }));
  assert.deepEqual([copy.text, copy.forwarded?.sender], ['Who has the keys?', ana.id]);
});

test('what is marked unread and at once read, or read and at once marked unread, ends as it was wanted last', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await newcomer(t, url, 'ana'), await newcomer(t, url, 'ben')];
  const id = await ana.client.beginDirect(ben.id);
  const [own, other] = [open(t, ana.client, id), open(t, ben.client, id)];
  await until(own.timeline, view => view.phase === 'ready', 'the room');
  const second = clientOf(t, { url });
  await second.login({ username: 'ana', password });
  const unread = () => ana.client.conversations.get()?.[0]?.unread;
  for (let n = 1; n <= 15; n++) {
    other.send(`no. ${n}`);
    await until(own.timeline, view => view.lastSeq === n, 'the message');
    const wantsUnread = n % 2 === 0;
    const last = wantsUnread ? undefined : own.markUnread(n);
    own.markRead(n);
    await (wantsUnread ? own.markUnread(n) : last);
    const wanted = wantsUnread ? 1 : 0;
    // the other device has what the server has
    await until(
      second.conversations,
      rows => rows?.[0]?.lastMessage?.seq === n && rows[0].unread === wanted,
      `${wanted}`,
    );
    await until(ana.client.conversations, () => unread() === wanted, `${wanted}`);
  }
});
