import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { house } from '../../../server/test/house.ts';
import { newer } from '../../src/personal/drafts.ts';
import { proxyTo } from '../proxy.ts';
import { clientOf, newcomer, online, password, until } from '../world.ts';

test('of drafts the later one counts, whatever is merged with what, and in which order', () => {
  const draft = fc.record(
    {
      conversationId: fc.constant('0192a000-0000-7000-8000-000000000000'),
      text: fc.constantFrom('', 'a', 'b'),
      writtenAt: fc.constantFrom('2026-11-24T09:26:00.000Z', '2026-11-24T09:26:00.001Z'),
      replyTo: fc.integer({ min: 1, max: 2 }),
    },
    { requiredKeys: ['conversationId', 'text', 'writtenAt'], noNullPrototype: true },
  );
  fc.assert(
    fc.property(draft, draft, draft, (a, b, c) => {
      assert.deepEqual(newer(a, b), newer(b, a));
      assert.deepEqual(newer(a, newer(b, c)), newer(newer(a, b), c));
      assert.deepEqual(newer(a, a), a);
      assert.ok(newer(a, b).writtenAt >= a.writtenAt);
    }),
  );
});

test('what I prefer is here at once and then on my other devices; chosen without a connection, it goes out later, also after a restart', async t => {
  const { url } = await house(t);
  const proxy = await proxyTo(t, url);
  const desk = await newcomer(t, proxy.url, 'ana');
  const phone = clientOf(t, { url });
  await phone.login({ username: 'ana', password });
  await online(phone);
  const saved = desk.client.personal.prefer({ theme: 'dark', textSize: 18 });
  assert.equal(desk.client.personal.settings.get()?.theme, 'dark', 'at once');
  await saved;
  await until(phone.personal.settings, s => s?.theme === 'dark' && s.textSize === 18, 'on the phone');

  proxy.cut();
  await until(desk.client.connection, c => c.phase !== 'online', 'the break');
  await assert.rejects(desk.client.personal.prefer({ density: 'compact' }), { code: 'network.unreachable' });
  assert.equal(desk.client.personal.settings.get()?.density, 'compact');
  proxy.heal();
  desk.client.retryNow();
  await until(phone.personal.settings, s => s?.density === 'compact', 'later on the phone');
  await phone.personal.prefer({ theme: null });
  await until(desk.client.personal.settings, s => s?.theme === 'system', 'the default');
  await assert.rejects(phone.personal.prefer({ keywords: [' '] }), { code: 'input.invalid' });
  assert.deepEqual(phone.personal.settings.get()?.keywords, [], 'what was refused is as before');
});

test('a draft goes to my other devices, is emptied there too when it is sent, and the later one wins after a break', async t => {
  const { url } = await house(t);
  const proxy = await proxyTo(t, url);
  const desk = await newcomer(t, proxy.url, 'ana');
  const id = await desk.client.beginGroup('Workshop', []);
  const phone = clientOf(t, { url });
  await phone.login({ username: 'ana', password });
  t.after(phone.personal.drafts.subscribe(() => {}));
  t.after(desk.client.personal.drafts.subscribe(() => {}));
  await online(phone);
  const textOn = (client: typeof phone) => (text: string) =>
    until(client.personal.drafts, all => all.get(id)?.text === text, text);
  const agoMs = (ms: number) => new Date(Date.now() - ms).toISOString(); // clocks of devices are near, not equal
  desk.client.personal.keepDraft(id, { text: 'Shall we', replyTo: 1 }, agoMs(60_000));
  await textOn(phone)('Shall we');
  assert.equal(phone.personal.drafts.get().get(id)?.replyTo, 1);

  proxy.cut();
  await until(desk.client.connection, c => c.phase !== 'online', 'the break');
  assert.equal(desk.client.personal.draftStored(id), true);
  desk.client.personal.keepDraft(id, { text: 'written offline' }, agoMs(40_000));
  assert.equal(desk.client.personal.draftStored(id), false);
  desk.client.personal.flushDrafts();
  phone.personal.keepDraft(id, { text: 'written later on the phone' }, agoMs(20_000));
  phone.personal.flushDrafts();
  proxy.heal();
  desk.client.retryNow();
  await textOn(desk.client)('written later on the phone');
  await textOn(phone)('written later on the phone');

  proxy.cut();
  await until(desk.client.connection, c => c.phase !== 'online', 'the second break');
  phone.personal.keepDraft(id, { text: '' });
  phone.personal.flushDrafts();
  const third = clientOf(t, { url });
  await third.login({ username: 'ana', password });
  t.after(third.personal.drafts.subscribe(() => {}));
  await until(third.personal.drafts, all => (all.get(id)?.text ?? '') === '', 'emptied');
  await until(phone.personal.drafts, all => all.get(id)?.text === '', 'emptied');
  proxy.heal();
  desk.client.retryNow();
  await textOn(desk.client)('');
});

test('messages for later are listed in order on all devices, changed, withdrawn and sent', async t => {
  const { url } = await house(t);
  const ana = await newcomer(t, url, 'ana');
  const ben = await newcomer(t, url, 'ben');
  const id = await ana.client.beginDirect(ben.id);
  const phone = clientOf(t, { url });
  await phone.login({ username: 'ana', password });
  t.after(phone.personal.scheduled.subscribe(() => {}));
  await until(phone.personal.scheduled, list => list?.length === 0, 'an empty list');
  const inMs = (ms: number) => new Date(Date.now() + ms);
  const last = await ana.client.personal.schedule(id, 'last', inMs(7_200_000));
  const first = await ana.client.personal.schedule(id, 'first', inMs(3_600_000));
  const texts = (expected: string[]) =>
    until(phone.personal.scheduled, list => list?.map(s => s.text).join() === expected.join(), expected.join());
  await texts(['first', 'last']);
  await ana.client.personal.reschedule(first.id, { text: 'now the last', sendAt: inMs(9_000_000) });
  await texts(['last', 'now the last']);
  await phone.personal.withdraw(first.id);
  await texts(['last']);
  await ana.client.personal.reschedule(last.id, { sendAt: inMs(300) });
  await until(ben.client.conversations, rows => rows?.[0]?.lastMessage?.text === 'last', 'it went out');
  await texts([]);
  await assert.rejects(phone.personal.withdraw(last.id), { code: 'scheduled.unknown' });
  await assert.rejects(ana.client.personal.schedule(id, 'x', inMs(-1)), { code: 'time.past' });
});

test('bookmarks are read page by page, follow other devices, and go from to do to done', async t => {
  const { url } = await house(t);
  const ana = await newcomer(t, url, 'ana');
  const id = await ana.client.beginGroup('Workshop', []);
  const room = ana.client.conversation(id);
  const phone = clientOf(t, { url });
  await phone.login({ username: 'ana', password });
  const seqs: number[] = [];
  for (let i = 0; i < 60; i++) seqs.push((await room.stored(room.send(`step ${i}`))).seq);
  for (const seq of seqs) await ana.client.personal.bookmark(id, seq);
  const { toDo, done } = phone.personal;
  t.after(toDo.subscribe(() => {}));
  t.after(done.subscribe(() => {}));
  await until(toDo, list => list?.items.length === 50 && list.more, 'the first page');
  await phone.personal.moreBookmarks('toDo');
  await until(toDo, list => list?.items.length === 60 && !list.more, 'all of them');
  assert.equal(new Set(toDo.get()?.items.map(b => b.seq)).size, 60);
  const [first = 0, second = 0] = seqs;
  await ana.client.personal.bookmark(id, first, { note: 'saw', done: true });
  await until(done, list => list?.items.length === 1 && list.items[0]?.note === 'saw', 'done');
  await until(toDo, list => list?.items.length === 59, 'not to do');
  await phone.personal.bookmark(id, first, { done: false });
  await until(toDo, list => list?.items.length === 60, 'to do again');
  await ana.client.personal.removeBookmark(id, second);
  await until(toDo, list => list?.items.every(b => b.seq !== second) === true, 'gone');
});

test('a status and a profile are seen by the other one, and my own devices have them too', async t => {
  const { url } = await house(t);
  const ana = await newcomer(t, url, 'ana');
  const ben = await newcomer(t, url, 'ben');
  await ana.client.beginDirect(ben.id);
  await until(ben.client.conversations, rows => rows?.length === 1, 'the conversation');
  const phone = clientOf(t, { url });
  await phone.login({ username: 'ana', password });
  await ana.client.personal.setStatus({ text: 'On site', emoji: '🪚' });
  await until(ben.client.presence, all => all.get(ana.id)?.custom?.text === 'On site', 'the status');
  await until(phone.session, s => s.phase === 'signedIn' && s.me.status?.emoji === '🪚', 'mine');
  await phone.personal.clearStatus();
  await until(ben.client.presence, all => all.get(ana.id)?.custom === undefined, 'no status');
  await until(ana.client.session, s => s.phase === 'signedIn' && s.me.status === undefined, 'none of mine');
  await ana.client.updateMe({ pronouns: 'she/her', about: 'Doors' });
  await until(ben.client.users, all => all.get(ana.id)?.about === 'Doors', 'the profile');
  await until(phone.session, s => s.phase === 'signedIn' && s.me.pronouns === 'she/her', 'on the phone');
  await ana.client.updateMe({ about: '' });
  await until(ben.client.users, all => all.get(ana.id)?.about === undefined, 'taken away');
});
