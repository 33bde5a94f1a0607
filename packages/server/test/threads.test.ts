import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { api, message } from '@carpenter/protocol';
import pg from 'pg';
import { house } from './house.ts';
import { account, group, type Person } from './people.ts';
import { sent } from './sent.ts';

const at = (room: string, seq: number) => `/conversations/${room}/messages/${seq}`;
const code = ({ status, body }: { status: number; body: object }) => [status, 'code' in body && body.code];

async function threadOf(person: Person, room: string, seq: number): Promise<string> {
  const { status, body } = await person.http('POST', `${at(room, seq)}/thread`);
  assert.ok(status === 200 || status === 201, JSON.stringify(body));
  return api.thread.answers[200].parse(body).conversation.id;
}
const stateOf = async (person: Person, id: string) =>
  api.conversation.answers[200].parse((await person.http('GET', `/conversations/${id}`)).body);
const threadsOf = async (person: Person) =>
  api.threads.answers[200].parse((await person.http('GET', '/threads')).body).threads;

test('a thread hangs on a message, exists once, and its root says what it has come to', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await group(ana, [ben]);
  const root = await sent(ana, room, 'the cut list');
  const b = await ben.connect(t);
  const thread = await threadOf(ben, room, root.seq);
  assert.equal(await threadOf(ana, room, root.seq), thread);
  const reply = await sent(ben, thread, 'two boards are missing');
  const told = await b.next('message.updated', event => event.change === 'thread');
  const summary = { conversationId: thread, count: 1, lastAt: reply.createdAt, first: [ben.id] };
  assert.deepEqual([told.conversationId, told.message.thread], [room, summary]);
  assert.deepEqual(message.parse((await ana.http('GET', at(room, root.seq))).body).thread, summary);
  const said = async () => message.parse((await ana.http('GET', at(room, root.seq))).body).thread;
  const more = await sent(ana, thread, 'they are in the van');
  const last = await sent(ben, thread, 'not any more');
  await ben.http('DELETE', at(thread, last.seq));
  assert.deepEqual(await said(), { ...summary, count: 2, lastAt: more.createdAt, first: [ben.id, ana.id] });
  await ben.http('DELETE', at(thread, reply.seq));
  assert.deepEqual(await said(), { ...summary, lastAt: more.createdAt, first: [ana.id] }, 'of what stands');
  await ana.http('DELETE', at(thread, more.seq));
  assert.deepEqual(await said(), { ...summary, count: 0, lastAt: more.createdAt, first: [] });
  assert.deepEqual(code(await ana.http('POST', `${at(thread, reply.seq)}/thread`)), [422, 'message.no_thread']);
});

test('a thread has the members of its conversation: whoever would change them, name it, leave or delete it hears so', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await group(ana, [ben]);
  const thread = await threadOf(ana, room, (await sent(ana, room, 'the cut list')).seq);
  await sent(ana, thread, 'who writes, follows');
  for (const [method, path, body] of [
    ['POST', '/members', { userIds: [ben.id] }],
    ['PATCH', `/members/${ben.id}`, { role: 'admin' }],
    ['DELETE', `/members/${ben.id}`],
    ['POST', '/leave'],
    ['PATCH', '', { name: 'Ours' }],
    ['DELETE', ''],
  ] as const) {
    const answer = await ana.http(method, `/conversations/${thread}${path}`, body);
    assert.deepEqual(code(answer), [409, 'conversation.is_thread'], `${method} ${path}`);
  }
  await sent(ana, thread, 'it is as it was');
});

test('whoever writes, began it or is mentioned follows; unread counts for them until they stop following', async t => {
  const { url } = await house(t);
  const people = ['ana', 'ben', 'cleo', 'dora'].map(name => account(url, name));
  const [ana, ben, cleo, dora] = await Promise.all(people);
  assert.ok(ana && ben && cleo && dora);
  const room = await group(ana, [ben, cleo, dora]);
  const root = await sent(ana, room, 'paint or oil?');
  const [a, d] = [await ana.connect(t), await dora.connect(t)];
  const thread = await threadOf(ben, room, root.seq);
  await sent(ben, thread, 'oil, says @cleo');
  const added = await a.next('conversation.added');
  assert.deepEqual([added.conversationId, added.state.mine.following], [thread, true]);
  assert.equal((await a.next('message.created', e => e.conversationId === thread)).message.seq, 1);
  const marks = async (person: Person) => {
    const { mine } = await stateOf(person, thread);
    return [mine.following, mine.unread, mine.mentions];
  };
  assert.deepEqual(await marks(ana), [true, 1, 0]);
  assert.deepEqual(await marks(cleo), [true, 1, 1]);
  assert.deepEqual(await marks(dora), [false, 0, 0]); // reads without following
  assert.deepEqual(
    (await threadsOf(ana)).map(({ root, state }) => [root.seq, state.mine.unread]),
    [[root.seq, 1]],
  );
  assert.deepEqual(await threadsOf(dora), []);
  await ana.http('DELETE', `/conversations/${thread}/follow`);
  await sent(ben, thread, 'oil it is');
  assert.deepEqual([await marks(ana), (await threadsOf(ana)).length], [[false, 0, 0], 0]);
  await dora.http('PUT', `/conversations/${thread}/follow`);
  assert.equal((await d.next('conversation.added', e => e.conversationId === thread)).state.mine.following, true);
  await sent(ben, thread, 'two coats');
  assert.deepEqual(await marks(dora), [true, 1, 0]);
});

test('a thread is not in the list of conversations, and its replies are not in its conversation unless sent there too', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await group(ana, [ben]);
  const root = await sent(ana, room, 'glue');
  const thread = await threadOf(ana, room, root.seq);
  await sent(ben, thread, 'only here');
  const reply = await sent(ben, thread, 'for all', { alsoInParent: true });
  const list = api.conversations.answers[200].parse((await ben.http('GET', '/conversations')).body);
  assert.deepEqual(
    list.conversations.map(c => c.conversation.id),
    [room],
  );
  const last = list.conversations[0]?.lastMessage;
  assert.deepEqual([last?.text, last?.fromThread], ['for all', { conversationId: thread, seq: reply.seq }]);
  assert.ok(last);
  await ben.http('PATCH', at(thread, reply.seq), { text: 'for all of us' });
  assert.equal(message.parse((await ana.http('GET', at(room, last.seq))).body).text, 'for all of us');
  assert.deepEqual(code(await ben.http('DELETE', at(room, last.seq))), [409, 'message.in_thread']);
  await ben.http('DELETE', at(thread, reply.seq));
  assert.ok(message.parse((await ana.http('GET', at(room, last.seq))).body).deletedAt);
});

test('promise 5: whoever goes out of a conversation hears and reads nothing of its threads any more', async t => {
  const { url } = await house(t);
  const [ana, ben, cleo] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'cleo')];
  const room = await group(ana, [ben, cleo]);
  const root = await sent(ana, room, 'wages');
  const thread = await threadOf(ana, room, root.seq);
  await sent(ben, thread, 'mine');
  const [b, c] = [await ben.connect(t), await cleo.connect(t)];
  c.say({ type: 'watch', conversationIds: [thread] });
  const { rev, lastSeq } = await c.next('activity', e => e.conversationId === thread);
  assert.deepEqual([rev, lastSeq], [(await stateOf(ana, thread)).rev, 1], 'from where on it is told');
  await sent(ana, thread, 'all hear this');
  await b.next('message.created', e => e.message.text === 'all hear this');
  await c.next('message.created', e => e.message.text === 'all hear this'); // looks without following
  for (const person of [ben, cleo]) await ana.http('DELETE', `/conversations/${room}/members/${person.id}`);
  await sent(ana, thread, 'nobody hears this');
  for (const [person, line] of [
    [ben, b],
    [cleo, c],
  ] as const) {
    await line.next('conversation.removed');
    await line.ask({ type: 'ping' });
    assert.equal(line.heard.filter(e => JSON.stringify(e).includes('nobody hears this')).length, 0);
    assert.deepEqual(code(await person.http('GET', `/conversations/${thread}/messages`)), [
      404,
      'conversation.unknown',
    ]);
    const answer = await line.ask({ type: 'sync', conversationId: thread, since: 0 });
    assert.equal(answer.type === 'error' && answer.code, 'conversation.unknown');
    line.say({ type: 'watch', conversationIds: [thread] });
    await line.ask({ type: 'ping' });
  }
  await sent(ana, thread, 'nor this');
  await b.ask({ type: 'ping' });
  assert.equal(b.heard.concat(c.heard).filter(e => JSON.stringify(e).includes('nor this')).length, 0);
});

test('what is sent to the conversation too is the same there: whose words it forwards, no preview where none is wanted, no poll', async t => {
  const { url, databaseUrl } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await group(ana, [ben]);
  const root = await sent(ana, room, 'glue');
  const thread = await threadOf(ana, room, root.seq);
  const words = await sent(ana, room, 'hide glue, at sixty degrees');
  const before = (await stateOf(ben, room)).mine;
  const source = { conversationId: room, seq: words.seq };
  const clientId = randomUUID();
  await sent(ben, thread, '', { clientId, forward: source, alsoInParent: true });
  const page = async (id: string) =>
    api.messages.answers[200].parse((await ana.http('GET', `/conversations/${id}/messages`)).body).messages;
  const [reply, copy] = [(await page(thread)).at(-1), (await page(room)).at(-1)];
  assert.equal(copy?.fromThread?.seq, reply?.seq);
  assert.equal(copy?.text, words.text);
  assert.deepEqual([reply?.forwarded?.sender, copy?.forwarded], [ana.id, reply?.forwarded]);
  const { readSeq, unread } = (await stateOf(ben, room)).mine;
  assert.deepEqual([readSeq, unread], [before.readSeq, before.unread], 'who writes in a thread has not read the room');

  await sent(ben, thread, 'see https://example.org/', { preview: false, alsoInParent: true });
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query(`SELECT preview FROM messages WHERE text LIKE 'see %'`);
  await client.end();
  assert.deepEqual(rows, [{ preview: false }, { preview: false }]);

  const send = (more: object) =>
    ben.http('POST', `/conversations/${thread}/messages`, { clientId: randomUUID(), text: 'which?', ...more });
  const poll = { options: ['oak', 'ash'] };
  assert.deepEqual(code(await send({ poll, alsoInParent: true })), [422, 'poll.in_thread_only']);
  assert.deepEqual(code(await send({ poll, text: '', forward: source })), [422, 'poll.forwarded']);
});

test('a reply and its line in the conversation stay together, whatever its client id was used for elsewhere', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await group(ana, [ben]);
  const roots = [await sent(ana, room, 'glue'), await sent(ana, room, 'nails')];
  const threads = await Promise.all(roots.map(root => threadOf(ana, room, root.seq)));
  const [glue = '', nails = ''] = threads;
  const clientId = randomUUID();
  await sent(ben, room, 'of its own', { clientId });
  await sent(ben, glue, 'about glue', { clientId, alsoInParent: true });
  await sent(ben, nails, 'about nails', { clientId, alsoInParent: true });
  const texts = async () => {
    const { body } = await ana.http('GET', `/conversations/${room}/messages?after=3`);
    return api.messages.answers[200].parse(body).messages.map(m => [m.text, m.fromThread?.conversationId]);
  };
  assert.deepEqual(await texts(), [
    ['of its own', undefined],
    ['about glue', glue],
    ['about nails', nails],
  ]);
  await ben.http('PATCH', at(nails, 1), { text: 'about screws' });
  await ben.http('DELETE', at(glue, 1));
  assert.deepEqual(await texts(), [
    ['of its own', undefined],
    ['', glue],
    ['about screws', nails],
  ]);
});

test('every command in a thread is answered, also to whoever neither follows nor watches it', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await group(ana, [ben]);
  const root = await sent(ana, room, 'glue');
  const thread = await threadOf(ana, room, root.seq);
  const mine = await sent(ben, thread, 'hide glue');
  const poll = await sent(ana, thread, 'which?', { poll: { options: ['hide', 'bone'] } });
  await ben.http('DELETE', `/conversations/${thread}/follow`);
  const b = await ben.connect(t);
  const of = (seq: number) => ({ conversationId: thread, seq });
  const asked = [
    await b.ask({ type: 'reaction.add', ...of(mine.seq), emoji: '👍' }),
    await b.ask({ type: 'reaction.remove', ...of(mine.seq), emoji: '👍' }),
    await b.ask({ type: 'poll.vote', ...of(poll.seq), votes: [1] }),
    await b.ask({ type: 'message.edit', ...of(mine.seq), text: 'bone glue' }),
    await b.ask({ type: 'message.delete', ...of(mine.seq) }),
  ];
  assert.deepEqual(
    asked.map(answer => (answer.type === 'ack' ? answer.message.seq : answer)),
    [mine.seq, mine.seq, poll.seq, mine.seq, mine.seq],
  );
  assert.deepEqual(
    b.heard.filter(event => event.type !== 'ack' && 'conversationId' in event && event.conversationId === thread),
    [],
    'and hears nothing else of it',
  );
});

test('a mention in a reply that is sent to the conversation too counts once, in the thread; a call to all counts in both', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await group(ana, [ben]);
  const root = await sent(ana, room, 'paint or oil?');
  const thread = await threadOf(ana, room, root.seq);
  const counts = async () => [(await stateOf(ben, room)).mine.mentions, (await stateOf(ben, thread)).mine.mentions];
  const texts = async () =>
    api.mentions.answers[200].parse((await ben.http('GET', '/mentions')).body).messages.map(m => m.conversationId);
  await sent(ana, thread, 'oil, @ben?', { alsoInParent: true });
  assert.deepEqual([await counts(), await texts()], [[0, 1], [thread]]);
  await sent(ana, thread, 'oil, @all', { alsoInParent: true });
  assert.deepEqual([await counts(), (await texts()).toSorted()], [[1, 2], [thread, thread, room].toSorted()]);
});
