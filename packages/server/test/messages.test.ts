import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { api, type EventOf, type Message, messagePage } from '@carpenter/protocol';
import { createInOrder } from '../src/chat/in-order.ts';
import { house } from './house.ts';
import { account, direct, group, type Line, type Person } from './people.ts';
import { sent } from './sent.ts';

const draft = (conversationId: string, text: string, clientId: string = randomUUID()) =>
  ({ type: 'message.send', conversationId, clientId, text }) as const;

async function acked(line: Line, conversationId: string, text: string, clientId?: string): Promise<EventOf<'ack'>> {
  const answer = await line.ask(draft(conversationId, text, clientId));
  assert.equal(answer.type, 'ack', JSON.stringify(answer));
  return answer.type === 'ack' ? answer : assert.fail();
}

async function history(person: Person, conversationId: string, query = ''): Promise<Message[]> {
  const { status, body } = await person.http('GET', `/conversations/${conversationId}/messages${query}`);
  assert.equal(status, 200, JSON.stringify(body));
  return messagePage.parse(body).messages;
}

test('promise 1: an acknowledged message is in PostgreSQL, as it came, for everybody', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const [a, b] = [await ana.connect(t), await ben.connect(t)];
  const text = '  two  spaces, a tab\t, “quotes”, back\\slash, 👩‍👩‍👧, é é, \u202eobverse, {"json":1}\n';
  const { message } = await acked(a, room, text);
  assert.equal(message.text, text);
  assert.deepEqual((await b.next('message.created')).message, message);
  assert.deepEqual(await history(ben, room), [message]);
});

test('promise 2: a message sent twice is stored and shown once, by whichever door it comes again', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const [a, b] = [await ana.connect(t), await ben.connect(t)];
  const clientId = randomUUID();
  const first = await acked(a, room, 'hello', clientId);
  const again = await acked(a, room, 'other words', clientId);
  assert.deepEqual([again.message, again.duplicate, first.duplicate], [first.message, true, undefined]);
  const byHttp = await ana.http('POST', `/conversations/${room}/messages`, { clientId, text: 'a third time' });
  assert.deepEqual([byHttp.status, byHttp.body], [200, { message: first.message, duplicate: true }]);
  await acked(a, room, 'the next one'); // what came before it has been told by then
  await b.next('message.created', e => e.message.text === 'the next one');
  assert.deepEqual(
    b.heard.filter(e => e.type === 'message.created').map(e => e.message.seq),
    [1, 2],
  );
});

test('promise 2: the same message many times at the same moment is stored once, and its neighbours are not lost', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const lines = await Promise.all([1, 2, 3].map(() => ana.connect(t)));
  const clientId = randomUUID();
  const answers = await Promise.all(
    lines.flatMap((line, i) => [acked(line, room, 'once', clientId), acked(line, room, `neighbour ${i}`)]),
  );
  const same = answers.filter(ack => ack.message.clientId === clientId);
  assert.equal(new Set(same.map(ack => ack.message.seq)).size, 1);
  assert.equal(same.filter(ack => !ack.duplicate).length, 1);
  const texts = (await history(ana, room)).map(message => message.text).sort();
  assert.deepEqual(texts, ['neighbour 0', 'neighbour 1', 'neighbour 2', 'once']);
});

test('promise 2: a client id of somebody else is not theirs: both messages are stored', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const [a, b] = [await ana.connect(t), await ben.connect(t)];
  const clientId = randomUUID();
  const [one, other] = [await acked(a, room, 'mine', clientId), await acked(b, room, 'mine too', clientId)];
  assert.deepEqual([one.duplicate, other.duplicate], [undefined, undefined]);
  assert.deepEqual(
    (await history(ana, room)).map(m => m.text),
    ['mine', 'mine too'],
  );
});

test('promise 3: many people talk at once: one order without gaps, the same on every connection, a sender in their own order', async t => {
  const { url } = await house(t);
  const people = await Promise.all(['ana', 'ben', 'cem', 'dia'].map(name => account(url, name)));
  const [owner, ...others] = people;
  assert.ok(owner);
  const room = await group(owner, others);
  const lines = await Promise.all(people.map(person => person.connect(t)));
  const each = 50;
  const sent = lines.map((line, i) =>
    Promise.all(Array.from({ length: each }, (_, n) => acked(line, room, `${i}:${n}`))),
  );
  await Promise.all(sent);
  const stored = await history(owner, room, '?limit=200&after=1');
  assert.deepEqual(
    stored.map(m => m.seq),
    Array.from({ length: each * 4 }, (_, i) => i + 2),
  ); // 1: the group was made
  for (const line of lines) {
    await line.next('message.created', e => e.message.seq >= stored.length - each);
    const heard = line.heard.flatMap(e => (e.type === 'message.created' || e.type === 'ack' ? [e.message] : []));
    const shown = heard.filter(m => m.type === 'text');
    assert.deepEqual(
      shown.map(m => m.seq),
      shown.map((_, i) => i + 2),
      'in order of seq, ack and event alike',
    );
    assert.deepEqual(
      shown.map(m => m.rev),
      shown.map((_, i) => i + 3),
      'each rev is the last one plus one',
    );
  }
  for (const i of lines.keys()) {
    const own = stored.map(m => m.text.split(':')).filter(([who]) => who === String(i));
    assert.deepEqual(
      own.map(([, n]) => Number(n)),
      Array.from({ length: each }, (_, n) => n),
    );
  }
});

test('promise 3: what one changes quickly, one after the other, ends as it was said last, whoever is named in between', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const a = await ana.connect(t);
  const { message } = await acked(a, room, 'a table');
  const edit = (text: string) => ({ type: 'message.edit', conversationId: room, seq: message.seq, text }) as const;
  const texts = ['for @ben', 'a chair', 'for @ana', 'a bench'];
  await Promise.all(texts.map(text => a.ask(edit(text))));
  assert.equal((await history(ana, room)).at(-1)?.text, 'a bench');
  const { body } = await ben.http('GET', `/conversations/${room}/messages/${message.seq}/history`);
  const { versions } = api.editHistory.answers[200].parse(body);
  assert.deepEqual(
    versions.map(version => version.text),
    ['a table', ...texts.slice(0, -1)],
  );
});

test('promise 3: nothing overtakes what was looked up, in whichever moment it comes', async () => {
  for (let moments = 0; moments < 20; moments++) {
    const { run } = createInOrder();
    const taken: string[] = [];
    const first = run('ana', Promise.resolve('first'), async name => taken.push(name));
    for (let i = 0; i < moments; i++) await undefined;
    await Promise.all([first, run('ana', 'second', async name => taken.push(name))]);
    assert.deepEqual(taken, ['first', 'second'], `after ${moments} moments`);
  }
});

test('text that may not be stored is refused in words, the limit itself is not', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const a = await ana.connect(t);
  const wrong: [string, string][] = [
    ['', 'message.empty'],
    [' \n\t\u00a0', 'message.empty'],
    ['a\0b', 'message.unstorable'],
    ['half \ud83d', 'message.unstorable'],
    ['x'.repeat(8_001), 'message.too_long'],
    ['👩'.repeat(8_001), 'message.too_long'],
  ];
  for (const [text, code] of wrong) {
    const answer = await a.ask(draft(room, text));
    assert.deepEqual([answer.type, answer.type === 'error' && answer.code], ['error', code]);
    const byHttp = await ana.http('POST', `/conversations/${room}/messages`, { clientId: randomUUID(), text });
    assert.deepEqual([byHttp.status, byHttp.body.code], [422, code], 'both doors agree');
  }
  await acked(a, room, '👩'.repeat(8_000));
  assert.equal((await history(ana, room)).length, 1);
});

test('an edit shows to everybody once, keeps its place, and twice the same changes nothing', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const [a, b, tablet] = [await ana.connect(t), await ben.connect(t), await ana.connect(t)];
  const { message } = await acked(a, room, 'teh');
  const edit = { type: 'message.edit', conversationId: room, seq: message.seq, text: 'the' } as const;
  const answer = await a.ask(edit);
  assert.ok(answer.type === 'ack');
  const edited = await b.next('message.updated');
  assert.deepEqual(edited.message, answer.message);
  assert.deepEqual((await tablet.next('message.updated')).message, answer.message);
  assert.equal(edited.rev, message.rev + 1);
  assert.equal(edited.message.seq, message.seq);
  assert.ok(edited.message.editedAt);
  const again = await a.ask(edit);
  assert.ok(again.type === 'ack' && again.message.rev === edited.rev);
});

test('a deleted message keeps its place and loses its content; it cannot be edited any more', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const [a, b] = [await ana.connect(t), await ben.connect(t)];
  const { message } = await acked(a, room, 'too much');
  await acked(a, room, 'after it');
  const address = `/conversations/${room}/messages/${message.seq}`;
  assert.deepEqual((await ben.http('DELETE', address)).body.code, 'message.not_yours');
  assert.equal((await ana.http('DELETE', address)).status, 200);
  const gone = await b.next('message.deleted');
  assert.deepEqual([gone.message.text, gone.message.seq], ['', message.seq]);
  assert.equal((await ana.http('PATCH', address, { text: 'back' })).body.code, 'message.deleted');
  assert.deepEqual(
    (await history(ben, room)).map(m => m.text),
    ['', 'after it'],
  );
  assert.equal((await ana.http('DELETE', address)).status, 200, 'deleting twice is deleting once');
  assert.equal(b.heard.filter(e => e.type === 'message.deleted').length, 1);
});

test('history: pages before, after and around join without a gap or a repeat', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const a = await ana.connect(t);
  await Promise.all(Array.from({ length: 25 }, (_, i) => acked(a, room, `m${i + 1}`)));
  const seqs = async (query: string) => (await history(ben, room, query)).map(m => m.seq);
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  assert.deepEqual(await seqs('?limit=10'), range(16, 25));
  assert.deepEqual(await seqs('?limit=10&before=16'), range(6, 15));
  assert.deepEqual(await seqs('?limit=10&before=6'), range(1, 5));
  assert.deepEqual(await seqs('?limit=10&after=5'), range(6, 15));
  assert.deepEqual(await seqs('?limit=10&after=25'), []);
  assert.deepEqual(await seqs('?limit=5&around=12'), range(10, 14));
  assert.deepEqual(await seqs('?limit=5&around=1'), range(1, 3));
  const { body } = await ben.http('GET', `/conversations/${room}/messages?before=3&after=1`);
  assert.equal(body.code, 'cursor.conflict');
  const page = messagePage.parse((await ben.http('GET', `/conversations/${room}/messages?limit=25`)).body);
  assert.deepEqual([page.hasBefore, page.hasAfter], [false, false]);
});

test('promise 2: what was stored is answered to whoever sends it again, also where it could not be sent any more', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const body = { type: 'channel', name: 'wood', memberIds: [ben.id] };
  const made = api.createConversation.answers[201].parse((await ana.http('POST', '/conversations', body)).body);
  const room = made.conversation.id;
  const other = await direct(ana, ben);
  const at = (conversation: string, seq: number) => `/conversations/${conversation}/messages/${seq}`;
  const root = await sent(ana, room, 'oak or ash?');
  const source = await sent(ana, other, 'ash');
  const opened = await ben.http('POST', `${at(room, root.seq)}/thread`);
  const thread = api.thread.answers[201].parse(opened.body).conversation.id;
  const drafts = [
    { room, draft: { clientId: randomUUID(), text: 'oak', replyTo: root.seq } },
    { room, draft: { clientId: randomUUID(), text: '', forward: { conversationId: other, seq: source.seq } } },
    { room, draft: { clientId: randomUUID(), text: 'plain' } },
    { room: thread, draft: { clientId: randomUUID(), text: 'in the thread' } },
  ];
  const firsts = new Map<string, Message>();
  for (const one of drafts) firsts.set(one.draft.clientId, await sent(ben, one.room, one.draft.text, one.draft));

  async function again(when: string, more: object = {}): Promise<void> {
    for (const one of drafts) {
      const answer = await ben.http('POST', `/conversations/${one.room}/messages`, { ...one.draft, ...more });
      assert.equal(answer.status, 200, `${when}: ${JSON.stringify(answer.body)}`);
      const { message, duplicate } = api.sendMessage.answers[200].parse(answer.body);
      assert.deepEqual([message.id, duplicate], [firsts.get(one.draft.clientId)?.id, true], when);
    }
  }
  await again('with a file that is not there', { attachments: [randomUUID()] });
  for (const [id, seq] of [
    [room, root.seq],
    [other, source.seq],
  ] as const)
    assert.equal((await ana.http('DELETE', at(id, seq))).status, 200);
  await ben.http('DELETE', `/conversations/${thread}/follow`);
  await again('after what it answers and what it forwards were deleted');
  const following = api.threads.answers[200].parse((await ben.http('GET', '/threads')).body).threads;
  assert.deepEqual(following, [], 'who sends again does not follow again');
  assert.equal((await ana.http('PATCH', `/conversations/${room}`, { writers: 'moderators' })).status, 200);
  await again('where only moderators write');
  assert.equal((await ana.http('PATCH', `/conversations/${room}`, { archived: true })).status, 200);
  await again('where it is archived');
  const fresh = await ben.http('POST', `/conversations/${room}/messages`, { clientId: randomUUID(), text: 'new' });
  assert.equal(fresh.body.code, 'conversation.archived');
});

test('promise 2: whoever was taken out before the answer came hears that it was stored, and nothing of later', async t => {
  const { url } = await house(t);
  const [ana, ben, eve] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'eve')];
  const room = await group(ana, [ben]);
  const at = (conversation: string, seq: number) => `/conversations/${conversation}/messages/${seq}`;
  const root = await sent(ana, room, 'oak or ash?');
  const opened = await ben.http('POST', `${at(room, root.seq)}/thread`);
  const thread = api.thread.answers[201].parse(opened.body).conversation.id;
  for (const conversationId of [room, thread]) {
    const mine = { clientId: randomUUID(), text: 'oak', sentAt: new Date().toISOString() };
    const first = await sent(ben, conversationId, mine.text, mine);
    await ana.http('POST', `${at(conversationId, first.seq)}/reactions`, { emoji: '🌳' });
    await ana.http('PUT', `${at(conversationId, first.seq)}/pin`);
    await sent(ana, conversationId, 'later');
    const retry = (person: Person, more: object = {}) =>
      person.http('POST', `/conversations/${conversationId}/messages`, { ...mine, ...more });
    assert.equal((await ana.http('DELETE', `/conversations/${room}/members/${ben.id}`)).status, 204);
    const { id, clientId, seq, sender, type, text, sentAt, createdAt } = first;
    const message = { id, clientId, conversationId, seq, rev: 0, sender, type, text, sentAt, createdAt };
    const again = await retry(ben);
    assert.deepEqual([again.status, again.body], [200, { message, duplicate: true }]);
    const reply = await retry(ben, { replyTo: root.seq });
    assert.deepEqual([reply.status, reply.body], [200, { message, duplicate: true }], 'what has to be looked up, too');
    assert.equal((await retry(ben, { clientId: randomUUID() })).body.code, 'conversation.unknown', 'nothing new');
    assert.equal((await retry(eve)).body.code, 'conversation.unknown', 'it is the client id of somebody else');
    assert.equal((await ana.http('POST', `/conversations/${room}/members`, { userIds: [ben.id] })).status, 200);
  }
  const last = { clientId: randomUUID(), text: 'ash' };
  await sent(ben, room, last.text, last);
  assert.equal((await ana.http('DELETE', `/conversations/${room}`)).status, 204);
  const gone = await ben.http('POST', `/conversations/${room}/messages`, last);
  assert.equal(gone.body.code, 'conversation.unknown', 'what was deleted is not there for anybody');
});
