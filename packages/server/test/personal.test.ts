import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { api, type EventOf } from '@carpenter/protocol';
import fc from 'fast-check';
import { house } from './house.ts';
import { account, direct, group, type Person, password, personOf } from './people.ts';

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const send = (person: Person, room: string, text: string) =>
  person.http('POST', `/conversations/${room}/messages`, { clientId: randomUUID(), text });
const codeOf = ({ status, body }: { status: number; body: Record<string, unknown> }) => [status, body.code];

test('what I prefer is on all my devices at once; keys of programs stay, wrong values and too many are refused', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  const [desk, phone] = [await ana.connect(t), await ana.connect(t)];
  const set = await ana.http('PATCH', '/users/me', {
    preferences: { theme: 'dark', textSize: 18, 'bot.x': { a: null } },
  });
  assert.equal(set.status, 200, JSON.stringify(set.body));
  for (const line of [desk, phone]) {
    const { user } = await line.next('me.updated');
    assert.deepEqual(user.preferences, { theme: 'dark', textSize: 18, 'bot.x': { a: null } });
  }
  await ana.http('PATCH', '/users/me', { preferences: { theme: null, density: 'compact' } });
  const { user } = await phone.next('me.updated');
  assert.deepEqual(user.preferences, { textSize: 18, density: 'compact', 'bot.x': { a: null } }, 'null takes away');

  for (const wrong of [
    { theme: 'pink' },
    { textSize: 12 },
    { keywords: [''] },
    { doNotDisturbHours: { days: [1], from: '25:00', to: '07:00', timeZone: 'Europe/Oslo' } },
    { doNotDisturbHours: { days: [1], from: '22:00', to: '07:00', timeZone: 'Middle/Earth' } },
    { doNotDisturbUntil: 'tomorrow' },
    { 'bot.x': 'x'.repeat(4_096) },
  ]) {
    const refused = await ana.http('PATCH', '/users/me', { preferences: wrong });
    assert.deepEqual(codeOf(refused), [400, 'input.invalid'], JSON.stringify(wrong));
  }
  await ana.http('PATCH', '/users/me', { preferences: { one: 'x'.repeat(3_000) } });
  const tooMany = await ana.http('PATCH', '/users/me', { preferences: { two: 'x'.repeat(3_000) } });
  assert.deepEqual(codeOf(tooMany), [400, 'input.invalid']);
  assert.match(String(tooMany.body.detail), /At most 4 KiB together/);
});

test('a profile is seen by others, and an empty text takes a part of it away', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  await direct(ana, ben);
  const b = await ben.connect(t);
  await ana.http('PATCH', '/users/me', { pronouns: ' she/her ', timeZone: 'Asia/Tokyo', about: 'Windows and doors' });
  const seen = (await b.next('user.updated')).user;
  assert.deepEqual([seen.pronouns, seen.timeZone, seen.about], ['she/her', 'Asia/Tokyo', 'Windows and doors']);
  await ana.http('PATCH', '/users/me', { timeZone: '', about: '' });
  const { body } = await ben.http('GET', `/users/${ana.id}`);
  assert.deepEqual([body.pronouns, body.timeZone, body.about], ['she/her', undefined, undefined]);
  for (const wrong of [{ timeZone: 'Nowhere' }, { about: 'x'.repeat(201) }, { pronouns: 'a\u202Eb' }])
    assert.deepEqual(
      codeOf(await ana.http('PATCH', '/users/me', wrong)),
      [400, 'input.invalid'],
      JSON.stringify(wrong),
    );
});

test('a status is seen by those who share a conversation, and ends by itself', async t => {
  const { url } = await house(t);
  const [ana, ben, eve] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'eve')];
  const room = await direct(ana, ben);
  const [a, b, e] = [await ana.connect(t), await ben.connect(t), await eve.connect(t)];
  // not just without one: so is the word that she came online
  const withoutStatus = (p: EventOf<'presence'>) =>
    p.userId === ana.id && p.event === 'changed' && p.custom === undefined;
  const until = inMs(1_500);
  const set = await ana.http('PUT', '/users/me/status', { text: 'On site', emoji: '🪚', until });
  assert.equal(set.status, 200, JSON.stringify(set.body));
  assert.deepEqual((await a.next('me.updated')).user.status, { text: 'On site', emoji: '🪚', until });
  const told = await b.next('presence', p => p.userId === ana.id && p.custom !== undefined);
  assert.deepEqual(
    [told.custom, told.status, told.username],
    [{ text: 'On site', emoji: '🪚', until }, 'online', 'ana'],
  );
  const { body } = await ben.http('GET', `/conversations/${room}`);
  assert.match(JSON.stringify(body.presence), /On site/);
  await b.next('presence', withoutStatus);
  assert.equal((await a.next('me.updated')).user.status, undefined);
  assert.ok(Date.now() >= Date.parse(until));
  assert.equal(e.heard.filter(x => x.type === 'presence').length, 0, 'not told to strangers');

  await ana.http('PUT', '/users/me/status', { emoji: '🌴' });
  assert.equal((await b.next('presence', p => p.custom?.emoji === '🌴')).custom?.text, '');
  await ana.http('DELETE', '/users/me/status');
  await b.next('presence', withoutStatus);

  assert.deepEqual(codeOf(await ana.http('PUT', '/users/me/status', { text: 'x', until: inMs(-1) })), [
    422,
    'time.past',
  ]);
  for (const wrong of [{ text: '' }, { text: 'x', emoji: 'saw' }, { text: 'x'.repeat(101) }])
    assert.deepEqual(codeOf(await ana.http('PUT', '/users/me/status', wrong)), [400, 'input.invalid']);
});

test('somebody is there while one of their devices is: another that rests or goes does not change it', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  await direct(ana, ben);
  const a = await ana.connect(t);
  const answer = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'ben', password, refresh: 'body' }),
  });
  const phone = personOf(url, api.login.answers[200].parse(await answer.json()));
  const [desk, hand] = [await ben.connect(t), await phone.connect(t)];
  await a.next('presence', p => p.status === 'online');
  desk.say({ type: 'presence.set', status: 'away' });
  await desk.ask({ type: 'ping' });
  hand.say({ type: 'presence.set', status: 'dnd' });
  assert.equal((await a.next('presence')).status, 'dnd', 'away on the desk alone was not told');
  hand.say({ type: 'presence.set', status: 'away' });
  assert.equal((await a.next('presence')).status, 'away');
  hand.say({ type: 'presence.set', status: 'online' });
  assert.equal((await a.next('presence')).status, 'online');
  hand.close();
  assert.equal((await a.next('presence')).status, 'away', 'the desk is left');
});

test('who keeps to themselves how far they read is not told of by any door, and is not told of others', async t => {
  const { url } = await house(t);
  const [ana, ben, cleo] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'cleo')];
  const room = await group(ana, [ben, cleo]);
  const pair = await direct(ana, ben);
  await ben.http('PATCH', '/users/me', { preferences: { readReceipts: false } });
  const [a, b, c] = [await ana.connect(t), await ben.connect(t), await cleo.connect(t)];
  for (const place of [room, pair]) await send(ana, place, 'read me');
  const seqIn = async (place: string) => Number((await ana.http('GET', `/conversations/${place}`)).body.lastSeq);
  const [inRoom, inPair] = [await seqIn(room), await seqIn(pair)];
  await ben.http('PUT', `/conversations/${room}/read`, { seq: inRoom });
  await ben.http('PUT', `/conversations/${pair}/read`, { seq: inPair });
  await cleo.http('PUT', `/conversations/${room}/read`, { seq: inRoom });

  const ofBen = await a.next('receipt', r => r.userId === ben.id && r.conversationId === room);
  assert.deepEqual([ofBen.readSeq, ofBen.deliveredSeq], [0, inRoom], 'on a device, but no word of reading');
  const own = await b.next('receipt', r => r.userId === ben.id && r.conversationId === room && r.readSeq > 0);
  assert.equal(own.readSeq, inRoom, 'my own devices know');
  assert.equal((await a.next('receipt', r => r.userId === cleo.id && r.deliveredSeq === inRoom)).readSeq, inRoom);
  assert.equal((await b.next('receipt', r => r.userId === cleo.id && r.deliveredSeq === inRoom)).readSeq, 0);
  assert.equal((await c.next('receipt', r => r.userId === ben.id && r.deliveredSeq === inRoom)).readSeq, 0);

  const marks = async (person: Person, path: string) => JSON.stringify((await person.http('GET', path)).body);
  const readsOf = (text: string, id: string) =>
    [...text.matchAll(/\{[^{}]*"userId":"([^"]+)"[^{}]*\}/g)]
      .filter(([, who]) => who === id)
      .flatMap(([found]) => /"readSeq":(\d+)/.exec(found)?.[1] ?? []);
  for (const path of [
    `/conversations/${room}`,
    `/conversations/${room}/members`,
    `/conversations/${room}/changes?since=0`,
  ]) {
    assert.deepEqual(new Set(readsOf(await marks(ana, path), ben.id)), new Set(['0']), path);
    assert.deepEqual(new Set(readsOf(await marks(ana, path), cleo.id)), new Set([String(inRoom)]), path);
    assert.deepEqual(new Set(readsOf(await marks(ben, path), cleo.id)), new Set(['0']), path);
    assert.deepEqual(new Set(readsOf(await marks(ben, path), ben.id)), new Set([String(inRoom)]), path);
  }
  for (const path of ['/conversations', `/conversations/${pair}`]) {
    assert.ok(
      readsOf(await marks(ana, path), ben.id).every(seq => seq === '0'),
      path,
    );
    assert.ok(
      readsOf(await marks(ben, path), ana.id).every(seq => seq === '0'),
      path,
    );
  }
  const again = await ana.connect(t);
  assert.ok(
    readsOf(JSON.stringify(again.heard[0]), ben.id).every(seq => seq === '0'),
    'ready',
  );
  assert.equal((await ana.http('PATCH', `/conversations/${room}`, { name: 'other' })).status, 200);
  const updated = await a.next('conversation.updated');
  assert.ok(
    updated.members?.every(member => member.readSeq === 0),
    'what goes to all tells nothing of reading',
  );
});

test('who hides when they were here last is seen to be here or not, without a time', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const a = await ana.connect(t);
  await ben.connect(t);
  assert.ok((await a.next('presence', p => p.userId === ben.id)).lastSeenAt);
  await ben.http('PATCH', '/users/me', { preferences: { lastSeen: false } });
  const told = await a.next('presence', p => p.userId === ben.id && p.lastSeenAt === undefined);
  assert.equal(told.status, 'online');
  const { body } = await ana.http('GET', `/conversations/${room}`);
  assert.equal(JSON.stringify(body.presence).split('lastSeenAt').length - 1, 1, 'mine only');
});

test('a draft is on all my devices; of two the later one counts, whatever order they come in, and a stranger has none', async t => {
  const { url } = await house(t);
  const [ana, ben, eve] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'eve')];
  const room = await direct(ana, ben);
  const [desk, phone, b] = [await ana.connect(t), await ana.connect(t), await ben.connect(t)];
  const [early, late] = [inMs(-20_000), inMs(-10_000)];
  const put = (text: string, writtenAt: string) =>
    ana.http('PUT', `/conversations/${room}/draft`, { text, replyTo: 1, writtenAt });
  assert.equal((await put('later', late)).status, 200);
  for (const line of [desk, phone]) {
    const { draft } = await line.next('draft.updated');
    assert.deepEqual(draft, { conversationId: room, text: 'later', replyTo: 1, writtenAt: late });
  }
  assert.equal((await put('earlier', early)).body.text, 'later', 'told what counts');
  const list = async () => (await ana.http('GET', '/drafts')).body.drafts;
  assert.deepEqual(await list(), [{ conversationId: room, text: 'later', replyTo: 1, writtenAt: late }]);
  assert.ok(Date.parse(String((await put('from the future', inMs(3_600_000))).body.writtenAt)) <= Date.now() + 1_000);
  await ana.http('PUT', `/conversations/${room}/draft`, { text: '', writtenAt: inMs(0) });
  assert.equal((await put('later', late)).body.text, '', 'what was sent does not come back');
  assert.deepEqual(await list(), []);
  assert.equal(b.heard.filter(x => x.type === 'draft.updated').length, 0);
  const foreign = await eve.http('PUT', `/conversations/${room}/draft`, { text: 'x', writtenAt: early });
  assert.deepEqual(codeOf(foreign), [404, 'conversation.unknown']);
  for (const wrong of [
    { text: 'a\0b', writtenAt: early },
    { text: 'x'.repeat(32_001), writtenAt: early },
    { text: 'x' },
  ])
    assert.deepEqual(codeOf(await ana.http('PUT', `/conversations/${room}/draft`, wrong)), [400, 'input.invalid']);
});

test('drafts of many devices end in the same one in every order of arrival', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const base = Date.now() - 1_000_000;
  const one = fc.record({ text: fc.constantFrom('', 'a', 'b', 'ä', '😀'), at: fc.integer({ min: 0, max: 3 }) });
  const property = fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 5 }), async writes => {
    const ends = await Promise.all(
      [writes, writes.toReversed(), [...writes, ...writes]].map(async order => {
        const room = await group(ana, [ben]);
        let end = {};
        for (const { text, at } of order) {
          const writtenAt = new Date(base + at).toISOString();
          ({ body: end } = await ana.http('PUT', `/conversations/${room}/draft`, { text, writtenAt }));
        }
        return { ...end, conversationId: undefined };
      }),
    );
    for (const end of ends) assert.deepEqual(end, ends[0]);
    const latest = Math.max(...writes.map(({ at }) => at));
    assert.ok(JSON.stringify(ends[0]).includes(new Date(base + latest).toISOString()));
  });
  await fc.assert(property, { numRuns: 20 });
});

test('bookmarks are a list of things to do, with notes, on all my devices, and only of what I may read', async t => {
  const { url } = await house(t);
  const [ana, ben, eve] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'eve')];
  const room = await group(ana, [ben]);
  const [desk, phone] = [await ben.connect(t), await ben.connect(t)];
  for (let i = 1; i <= 5; i++) await send(ana, room, `step ${i}`);
  const { body: page } = await ana.http('GET', `/conversations/${room}/messages`);
  assert.ok(Array.isArray(page.messages));
  const seqs: number[] = page.messages.filter(m => m.type === 'text').map(m => m.seq);
  const place = (seq: number) => `/conversations/${room}/messages/${seq}/bookmark`;
  for (const seq of seqs) assert.equal((await ben.http('PUT', place(seq), { note: `do ${seq}` })).status, 200);
  for (const line of [desk, phone]) assert.equal((await line.next('bookmark.updated')).bookmark.note, `do ${seqs[0]}`);

  const seen: unknown[] = [];
  let cursor = '';
  do {
    const { body } = await ben.http('GET', `/bookmarks?limit=2${cursor}`);
    assert.ok(Array.isArray(body.bookmarks));
    seen.push(...body.bookmarks.map(b => b.seq));
    cursor = typeof body.next === 'string' ? `&cursor=${body.next}` : '';
  } while (cursor);
  assert.deepEqual(seen.toSorted(), seqs, 'each once, over all pages');

  await ben.http('PUT', place(seqs[0] ?? 0), { done: true });
  const done = await phone.next('bookmark.updated', ({ bookmark }) => bookmark.doneAt !== undefined);
  assert.deepEqual([done.bookmark.note, done.bookmark.message.text], [`do ${seqs[0]}`, 'step 1'], 'the note stays');
  const texts = async (query: string) => JSON.stringify((await ben.http('GET', `/bookmarks${query}`)).body.bookmarks);
  assert.ok((await texts('?done=true')).includes('step 1') && !(await texts('')).includes('step 1'));
  await ben.http('DELETE', place(seqs[1] ?? 0));
  assert.equal((await phone.next('bookmark.removed')).seq, seqs[1]);
  assert.equal((await ben.http('DELETE', place(seqs[1] ?? 0))).status, 204, 'gone already');

  assert.deepEqual(codeOf(await ben.http('PUT', place(999), {})), [404, 'message.unknown']);
  assert.deepEqual(codeOf(await eve.http('PUT', place(seqs[0] ?? 0), {})), [404, 'conversation.unknown']);
  assert.deepEqual(codeOf(await ben.http('PUT', place(seqs[0] ?? 0), { note: 'x'.repeat(501) })), [
    400,
    'input.invalid',
  ]);
  assert.deepEqual((await ana.http('GET', '/bookmarks')).body.bookmarks, [], 'mine are mine');
  await ana.http('DELETE', `/conversations/${room}/members/${ben.id}`);
  assert.equal(await texts(''), '[]', 'nothing of a conversation that I am out of');
});
