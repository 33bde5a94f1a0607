import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import pg from 'pg';
import { type Running, serve } from '../src/serve.ts';
import { house, log, migrated, testConfig } from './house.ts';
import { account, direct, group, type Line, type Person, personOf } from './people.ts';

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const codeOf = ({ status, body }: { status: number; body: Record<string, unknown> }) => [status, body.code];
const schedule = (person: Person, room: string, text: string, sendAt: string) =>
  person.http('POST', `/conversations/${room}/scheduled`, { text, sendAt });
async function scheduled(person: Person, room: string, text: string, sendAt: string): Promise<string> {
  const { status, body } = await schedule(person, room, text, sendAt);
  assert.equal(status, 201, JSON.stringify(body));
  return String(body.id);
}
/** All of it was written a day ago. */
async function yesterday(databaseUrl: string): Promise<void> {
  const rows = new pg.Client({ connectionString: databaseUrl });
  await rows.connect();
  await rows.query(`UPDATE scheduled SET created_at = created_at - interval '1 day'`);
  await rows.end();
}
const textsHeard = (line: Line) => line.heard.flatMap(e => (e.type === 'message.created' ? [e.message.text] : []));

test('what was written for later goes out at its time, is told to all devices, and marks nothing as read', async t => {
  const { url, databaseUrl } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const [desk, phone, b] = [await ana.connect(t), await ana.connect(t), await ben.connect(t)];
  await ben.http('POST', `/conversations/${room}/messages`, { clientId: randomUUID(), text: 'unread by ana' });
  const sendAt = inMs(1_200);
  const id = await scheduled(ana, room, 'Good morning', sendAt);
  await yesterday(databaseUrl);
  for (const line of [desk, phone]) assert.equal((await line.next('scheduled.updated')).scheduled.sendAt, sendAt);
  const { message } = await b.next('message.created', ({ message: m }) => m.sender === ana.id);
  assert.equal(message.text, 'Good morning');
  const late = Date.parse(message.createdAt) - Date.parse(sendAt);
  assert.ok(late >= 0 && late < 5_000, `${late} ms late`);
  for (const line of [desk, phone]) {
    const gone = await line.next('scheduled.removed');
    assert.deepEqual([gone.id, gone.seq], [id, message.seq]);
  }
  assert.deepEqual((await ana.http('GET', '/scheduled')).body.scheduled, []);
  const { body } = await ana.http('GET', `/conversations/${room}`);
  assert.ok(JSON.stringify(body.mine).includes('"unread":1'), 'nobody was there to read');
});

test('until then it is changed and withdrawn by its sender alone; others do not know of it', async t => {
  const { url } = await house(t);
  const [ana, ben, eve] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'eve')];
  const room = await direct(ana, ben);
  const [a, b] = [await ana.connect(t), await ben.connect(t)];
  const id = await scheduled(ana, room, 'tomorow', inMs(86_400_000));
  assert.equal((await ana.http('PATCH', `/scheduled/${id}`, { text: 'tomorrow' })).body.text, 'tomorrow');
  const sendAt = inMs(172_800_000);
  assert.equal((await ana.http('PATCH', `/scheduled/${id}`, { sendAt })).body.sendAt, sendAt);
  await a.next('scheduled.updated', ({ scheduled: s }) => s.sendAt === sendAt && s.text === 'tomorrow');
  for (const [method, body] of [
    ['PATCH', { text: 'mine now' }],
    ['DELETE', undefined],
  ] as const) {
    const [real, none] = await Promise.all([id, randomUUID()].map(one => ben.http(method, `/scheduled/${one}`, body)));
    assert.deepEqual(real, none);
    assert.deepEqual(codeOf(real ?? assert.fail()), [404, 'scheduled.unknown']);
  }
  assert.deepEqual((await ben.http('GET', '/scheduled')).body.scheduled, []);
  assert.equal((await ana.http('DELETE', `/scheduled/${id}`)).status, 204);
  assert.equal((await a.next('scheduled.removed')).seq, undefined);
  assert.deepEqual(codeOf(await ana.http('PATCH', `/scheduled/${id}`, { text: 'x' })), [404, 'scheduled.unknown']);
  assert.equal(b.heard.filter(e => e.type.startsWith('scheduled')).length, 0);

  assert.deepEqual(codeOf(await schedule(ana, room, 'x', inMs(-1))), [422, 'time.past']);
  assert.deepEqual(codeOf(await schedule(ana, room, 'x', inMs(400 * 86_400_000))), [422, 'time.too_far']);
  assert.deepEqual(codeOf(await schedule(ana, room, ' ', inMs(60_000))), [422, 'message.empty']);
  assert.deepEqual(codeOf(await schedule(ana, room, 'x'.repeat(8_001), inMs(60_000))), [422, 'message.too_long']);
  assert.deepEqual(codeOf(await schedule(ana, room, 'x', 'soon')), [400, 'input.invalid']);
  assert.deepEqual(codeOf(await schedule(eve, room, 'x', inMs(60_000))), [404, 'conversation.unknown']);
  const past = await schedule(ana, room, 'x', inMs(-1));
  assert.equal(past.body.detail, 'This time is in the past. Choose a later one.');
});

test('two hundred messages of one person wait for their time, of whatever conversation, and one more when one is withdrawn', async t => {
  const { url, databaseUrl } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const [room, other] = [await direct(ana, ben), await group(ana, [ben])];
  const fill = new pg.Client({ connectionString: databaseUrl });
  await fill.connect();
  await fill.query(
    `INSERT INTO scheduled (id, user_id, conversation_id, client_id, plan, send_at)
     SELECT gen_random_uuid(), $1, $2, gen_random_uuid(), '{"text":"x"}', now() + interval '1 day'
       FROM generate_series(1, 199)`,
    [ana.id, other],
  );
  await fill.end();
  const last = await scheduled(ana, room, 'the two hundredth', inMs(60_000));
  const refused = await schedule(ana, room, 'one more', inMs(60_000));
  assert.deepEqual(codeOf(refused), [422, 'scheduled.too_many']);
  assert.equal(refused.body.detail, 'At most 200 messages may wait for their time.');
  assert.equal((await ana.http('PATCH', `/scheduled/${last}`, { text: 'still mine to change' })).status, 200);
  await scheduled(ben, room, 'of somebody else', inMs(60_000));
  assert.equal((await ana.http('DELETE', `/scheduled/${last}`)).status, 204);
  await scheduled(ana, room, 'one more', inMs(60_000));
});

test('what cannot be sent says why to its sender and waits; with a new time it gets another try', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await group(ana, [ben]);
  const [a, b] = [await ana.connect(t), await ben.connect(t)];
  const id = await scheduled(ben, room, 'am I late?', inMs(800));
  assert.equal((await ana.http('DELETE', `/conversations/${room}/members/${ben.id}`)).status, 204);
  const failed = await b.next('scheduled.updated', ({ scheduled: s }) => s.failure !== undefined);
  assert.equal(failed.scheduled.failure?.code, 'conversation.unknown');
  assert.match(failed.scheduled.failure?.message ?? '', /^There is no such conversation/);
  assert.match(JSON.stringify((await ben.http('GET', '/scheduled')).body), /no such conversation/, 'also later');
  assert.deepEqual(
    textsHeard(a).filter(text => text === 'am I late?'),
    [],
  );
  await ana.http('POST', `/conversations/${room}/members`, { userIds: [ben.id] });
  assert.equal((await ben.http('PATCH', `/scheduled/${id}`, { sendAt: inMs(300) })).body.failure, undefined);
  await a.next('message.created', ({ message }) => message.text === 'am I late?');
});

test('a conversation that takes nothing just now holds up what was written for later there, and nowhere else', async t => {
  const { url, databaseUrl } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const [one, two] = [await group(ana, [ben], 'Birch'), await group(ana, [ben], 'Oak')];
  const other = new pg.Client({ connectionString: databaseUrl });
  other.on('error', () => {}); // the database may go first
  t.after(() => other.end());
  await other.connect();
  await other.query('BEGIN');
  await other.query('SELECT FROM conversation_heads WHERE conversation_id = $1 FOR UPDATE', [one]);
  const line = await ben.connect(t);
  const at = Date.now() + 1_500;
  const texts = Array.from({ length: 22 }, (_, i) => `to Birch, ${i}`); // more than are taken at once
  for (const [i, text] of texts.entries()) await scheduled(ana, one, text, new Date(at + i).toISOString());
  await scheduled(ana, two, 'to Oak', new Date(at + 100).toISOString());
  await line.next('message.created', ({ message }) => message.text === 'to Oak');
  await other.query('ROLLBACK');
  await line.next('message.created', ({ message }) => message.text === texts.at(-1));
  assert.deepEqual(
    textsHeard(line).filter(text => text?.startsWith('to')),
    ['to Oak', ...texts],
  );
});

/** Two nodes, or the same one after a restart: servers on one database. */
async function nodes(t: TestContext) {
  const running: Running[] = [];
  const databaseUrl = await migrated(t, async () => {
    await Promise.all(running.map(node => node.drain()));
  });
  const start = async () => {
    const node = await serve(testConfig(databaseUrl), log);
    running.push(node);
    return node;
  };
  const stop = async (node: Running) => {
    running.splice(running.indexOf(node), 1);
    await node.drain();
  };
  return { databaseUrl, start, stop };
}

test('a restart in between loses nothing: what came due meanwhile goes out at the start, once', async t => {
  const { start, stop } = await nodes(t);
  const first = await start();
  const [ana, ben] = [await account(first.url, 'ana'), await account(first.url, 'ben')];
  const room = await direct(ana, ben);
  const due = inMs(1_000);
  await scheduled(ana, room, 'while it was down', due);
  await scheduled(ana, room, 'much later', inMs(3_600_000));
  await ana.http('PUT', '/users/me/status', { text: 'short', until: due });
  await ana.http('PUT', `/conversations/${room}/draft`, { text: 'half a sen', writtenAt: inMs(0) });
  await ana.http('PATCH', '/users/me', { preferences: { theme: 'dark' } });
  await stop(first);
  while (Date.now() < Date.parse(due)) await new Promise(resolve => setTimeout(resolve, 50));

  const { url } = await start();
  const [again, other] = [personOf(url, ana.grant), personOf(url, ben.grant)];
  const line = await again.connect(t);
  const texts = async () => JSON.stringify((await other.http('GET', `/conversations/${room}/messages`)).body);
  while (!(await texts()).includes('while it was down')) await new Promise(resolve => setTimeout(resolve, 50));
  assert.equal((await texts()).split('while it was down').length - 1, 1);
  const [waiting, drafts, me] = await Promise.all(
    ['/scheduled', '/drafts', '/users/me'].map(p => again.http('GET', p)),
  );
  assert.match(JSON.stringify(waiting?.body), /much later/);
  assert.match(JSON.stringify(drafts?.body), /half a sen/);
  assert.match(JSON.stringify(me?.body), /"theme":"dark"/);
  while (JSON.stringify((await again.http('GET', '/users/me')).body).includes('short'));
  assert.ok(line.heard.length > 0);
});

test('several nodes send it once, also when one dies between sending and forgetting it', async t => {
  const { databaseUrl, start } = await nodes(t);
  const [one, two] = [await start(), await start()];
  const [ana, ben] = [await account(one.url, 'ana'), await account(one.url, 'ben')];
  const room = await direct(ana, ben);
  const elsewhere = personOf(two.url, ana.grant);
  const due = inMs(5_000);
  const ids = await Promise.all(
    Array.from({ length: 30 }, (_, i) => scheduled(i % 2 ? ana : elsewhere, room, `nr ${i}.`, due)),
  );
  assert.equal(new Set(ids).size, 30);
  const rows = new pg.Client({ connectionString: databaseUrl });
  await rows.connect();
  rows.on('error', () => {}); // its database is dropped under it when the test ends
  // as a node leaves it that was killed in that moment: stored as a message, and still waiting
  await rows.query('UPDATE scheduled SET plan = plan || $2 WHERE id = $1', [ids[0], { text: 'nr 0.' }]);
  const { rows: found } = await rows.query('SELECT client_id FROM scheduled WHERE id = $1', [ids[0]]);
  await ana.http('POST', `/conversations/${room}/messages`, { clientId: found[0].client_id, text: 'nr 0.' });
  for (;;) {
    const { rows: left } = await rows.query('SELECT count(*)::int AS n FROM scheduled');
    if (left[0].n === 0) break;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  const texts = JSON.stringify((await ben.http('GET', `/conversations/${room}/messages?limit=200`)).body);
  for (let i = 0; i < 30; i++) assert.equal(texts.split(`"nr ${i}."`).length - 1, 1, `nr ${i}`);
});
