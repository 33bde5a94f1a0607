import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { api, fixed, type Mention } from '@carpenter/protocol';
import pg from 'pg';
import { defaults } from '../src/config.ts';
import { house } from './house.ts';
import { account, direct, group, type Person } from './people.ts';
import { sent } from './sent.ts';

// What one account makes without end stands in everybody's memory: conversations, and people who follow threads.

const code = ({ status, body }: { status: number; body: object }) => [status, 'code' in body && body.code];

async function start(t: TestContext, rates: Partial<typeof defaults.rates> = {}) {
  const { url, databaseUrl } = await house(t, { rates: { ...roomy, ...rates } });
  const db = new pg.Client({ connectionString: databaseUrl });
  db.on('error', () => {}); // the database is dropped under it
  await db.connect();
  t.after(() => db.end());
  /** As many conversations as somebody would be in. They are empty: only that they are counted matters. */
  const bring = (person: Person, count: number) =>
    db.query(
      `INSERT INTO members (conversation_id, user_id, role, read_seq, delivered_seq)
       SELECT gen_random_uuid(), $1, 'member', 0, 0 FROM generate_series((SELECT count(*) FROM members WHERE user_id = $1) + 1, $2)`,
      [person.id, count],
    );
  const [ana, ben, cleo] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'cleo')];
  return { url, bring, ana, ben, cleo };
}
const roomy = {
  ...defaults.rates,
  registrationsPerHourPerAddress: 100_000,
  requestsPerMinute: 1_000_000,
  searchesPerMinute: 100_000,
};

const begin = (person: Person, body: object) => person.http('POST', '/conversations', body);
const threadOn = async (person: Person, room: string, seq: number): Promise<string> =>
  api.thread.answers[201].parse((await person.http('POST', `/conversations/${room}/messages/${seq}/thread`)).body)
    .conversation.id;
const follows = async (person: Person, thread: string): Promise<boolean | undefined> =>
  api.conversation.answers[200].parse((await person.http('GET', `/conversations/${thread}`)).body).mine.following;

test('whoever is in as many conversations as one can be is told so, in words, at each way into one more', async t => {
  const { bring, ana, ben, cleo } = await start(t);
  const [theirs, known] = [await group(ben, []), await direct(ana, ben)];
  const channel = await begin(ben, { type: 'channel', name: 'wood' });
  const { conversation } = api.createConversation.answers[201].parse(channel.body);
  const link = await ben.http('POST', '/invites', { conversationIds: [theirs] });
  const thread = await threadOn(ben, known, (await sent(ben, known, 'glue?')).seq);
  await bring(ana, fixed.conversationsMax);

  const full = [422, 'conversation.too_many'];
  const refused = await begin(ana, { type: 'group', name: 'one more' });
  assert.deepEqual(code(refused), full);
  assert.match(String(refused.body.detail), /10000 conversations.*Leave or unfollow/);
  assert.deepEqual(code(await begin(ana, { type: 'channel', name: 'one more' })), full);
  assert.deepEqual(code(await begin(ana, { type: 'direct', userId: cleo.id })), full);
  assert.deepEqual(code(await ana.http('POST', `/conversations/${conversation.id}/join`)), full);
  assert.deepEqual(code(await ana.http('POST', `/invites/${link.body.code}/accept`)), full);
  assert.deepEqual(code(await ana.http('PUT', `/conversations/${thread}/follow`)), full);
  assert.equal(await direct(ana, ben), known, 'what is there already is found');
  const reply = { clientId: randomUUID(), text: 'hide glue' }; // whoever replies follows
  assert.deepEqual(code(await ana.http('POST', `/conversations/${thread}/messages`, reply)), full);
  await sent(ana, known, 'hide glue');
});

test('others can fill a part of it only: who was brought into so many is brought into no more, and goes on by themselves', async t => {
  const { bring, ana, ben, cleo } = await start(t);
  const room = await group(ana, [ben]);
  await bring(ben, fixed.conversationsByOthersMax);
  const full = [422, 'user.full'];
  const more = await group(ana, []);
  const refused = await ana.http('POST', `/conversations/${more}/members`, { userIds: [ben.id, cleo.id] });
  assert.deepEqual(code(refused), full);
  assert.match(String(refused.body.detail), /^Others can add ben to no more/);
  assert.deepEqual(code(await begin(ana, { type: 'group', name: 'two', memberIds: [ben.id] })), full);
  assert.equal((await cleo.http('GET', `/conversations/${more}`)).status, 404, 'nobody came in');
  assert.equal(
    (await ana.http('POST', `/conversations/${room}/members`, { userIds: [ben.id, cleo.id] })).status,
    200,
    'who is in it already stays as they are',
  );
  const thread = await threadOn(ana, room, (await sent(ana, room, 'glue?')).seq);
  await sent(ana, thread, '@ben knows');
  assert.equal(await follows(ben, thread), false);
  await group(ben, []);
  await direct(cleo, ben); // once for each of the others: that fills nothing
  assert.equal((await ben.http('PUT', `/conversations/${thread}/follow`)).status, 204);
});

test('a group or a channel costs an allowance, however empty it is; a direct conversation as much as adding somebody', async t => {
  const { ana, ben, cleo } = await start(t, { roomsPerHour: 2, addedPerHour: 1 });
  await group(ana, []);
  assert.equal((await begin(ana, { type: 'channel', name: 'wood' })).status, 201);
  const slow = [429, 'rate.exceeded'];
  assert.deepEqual(code(await begin(ana, { type: 'group', name: 'three' })), slow);
  assert.deepEqual(code(await begin(ana, { type: 'channel', name: 'glue' })), slow);
  await direct(ana, ben);
  await direct(ana, ben); // there already
  assert.deepEqual(code(await begin(ana, { type: 'direct', userId: cleo.id })), slow);
});

test('promise 5: nobody is made to follow a thread by whom they have blocked, nor after they stopped following it', async t => {
  const { ana, ben, cleo } = await start(t);
  const room = await group(ana, [ben, cleo]);
  const root = await sent(ben, room, 'glue?');
  const thread = await threadOn(ana, room, root.seq);
  await ben.http('PUT', `/users/${ana.id}/block`);
  const b = await ben.connect(t);
  const reply = await sent(ana, thread, 'hide glue, @ben, and @cleo too');
  assert.deepEqual(reply.mentions, [ben.id, cleo.id] satisfies Mention[]);
  assert.deepEqual([await follows(ben, thread), await follows(cleo, thread)], [false, true]);
  await b.ask({ type: 'ping' });
  assert.ok(!b.heard.some(event => event.type === 'conversation.added'));

  await cleo.http('DELETE', `/conversations/${thread}/follow`);
  await sent(ana, thread, 'is it not, @cleo?');
  assert.equal(await follows(cleo, thread), false);
  const meant = await cleo.http('GET', '/mentions');
  assert.equal(api.mentions.answers[200].parse(meant.body).messages.length, 2, 'a mention is one all the same');
  await sent(cleo, thread, 'it is');
  assert.equal(await follows(cleo, thread), true, 'who writes there follows it again');
  await cleo.http('DELETE', `/conversations/${thread}/follow`);
  await cleo.http('PUT', `/conversations/${thread}/follow`);
  assert.equal(await follows(cleo, thread), true);
});

test('who is made to follow is counted as who is added: beyond that a mention is no more than one', async t => {
  const { url, ana, ben, cleo } = await start(t, { addedPerHour: 2 });
  const dora = await account(url, 'dora');
  const room = await group(dora, [ana, ben]);
  await group(dora, []);
  const { seq } = await sent(ana, room, 'glue?');
  await ben.http('POST', `/conversations/${room}/members`, { userIds: [cleo.id] });
  const thread = await threadOn(ana, room, seq);
  await sent(ana, thread, '@ben or @dora'); // two, and nothing for herself
  assert.deepEqual([await follows(ben, thread), await follows(dora, thread)], [true, true]);
  await sent(ana, thread, '@ben and @dora'); // they follow already
  const other = await threadOn(ana, room, (await sent(ana, room, 'oil?')).seq);
  const clientId = randomUUID();
  const reply = await ana.http('POST', `/conversations/${other}/messages`, { clientId, text: '@ben knows' });
  assert.equal(reply.status, 201);
  assert.deepEqual(api.sendMessage.answers[201].parse(reply.body).message.mentions, [ben.id]);
  assert.deepEqual([await follows(ana, other), await follows(ben, other)], [true, false]);
});

test('a search in several places, written in any way, finds what is in each of them', async t => {
  const { ana, ben } = await start(t);
  const [one, two] = [await group(ana, [ben], 'Bücher'), await group(ana, [ben], 'Leim')];
  await sent(ana, one, 'hello');
  await sent(ana, two, 'hello');
  const found = async (q: string) => ana.http('GET', `/search?q=${encodeURIComponent(q)}`);
  const hits = async (q: string) => api.search.answers[200].parse((await found(q)).body).hits.length;
  assert.equal(await hits('in:bucher in:BÜCHER in:leim hello'), 2);
  assert.equal(await hits('in:leim hello'), 1);
  assert.deepEqual(code(await found('in:leim in:lime hello')), [422, 'search.filter_unknown']);
});
