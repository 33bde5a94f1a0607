import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import pg from 'pg';
import { pino } from 'pino';
import { createMemoryBus } from '../src/bus/memory.ts';
import { createPresences } from '../src/chat/presence.ts';
import { everybodyIsAway, presenceOf } from '../src/store/presence.ts';
import { openStore } from '../src/store/store.ts';
import { hourAhead } from './clock.ts';
import { house, migrated } from './house.ts';
import { account, direct, group } from './people.ts';

test('promise 5: who shares a conversation sees one join, change and leave, by name; a stranger sees nothing', async t => {
  const { url } = await house(t);
  const [ana, ben, eve] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'eve')];
  await direct(ana, ben);
  const [a, e] = [await ana.connect(t), await eve.connect(t)];
  const b = await ben.connect(t);
  const joined = await a.next('presence', p => p.userId === ben.id);
  assert.deepEqual([joined.event, joined.username, joined.status], ['joined', 'ben', 'online']);
  b.say({ type: 'presence.set', status: 'dnd' });
  assert.deepEqual((await a.next('presence', p => p.userId === ben.id)).status, 'dnd');
  assert.equal((await ben.http('POST', '/auth/logout')).status, 204);
  const left = await a.next('presence', p => p.userId === ben.id);
  assert.deepEqual([left.event, left.status], ['left', 'offline'], 'at once after logging out');
  assert.ok(Math.abs(Date.parse(left.lastSeenAt ?? '') - Date.now()) < 60_000);
  assert.deepEqual(
    e.heard.filter(x => x.type === 'presence'),
    [],
  );
  const again = await ana.connect(t);
  const ready = again.heard.find(x => x.type === 'ready');
  assert.deepEqual(ready?.presence.find(p => p.userId === ben.id)?.status, 'offline', 'kept in PostgreSQL');
});

/** Ana, who shares a group with ben, and what is told of her. */
async function alone(t: TestContext) {
  const url = await migrated(t, () => close());
  const log = pino({ level: 'silent' });
  const bus = createMemoryBus(log);
  const told: string[] = [];
  bus.listen(x => x.to === 'users' && x.event.type === 'presence' && told.push(x.event.event));
  const store = await openStore(url, log, { smallRoom: 100, marked: () => {}, settled: async () => {} });
  const close = async () => {
    await presences.close();
    await store.close();
  };
  const [ana, ben] = ['01a00000-0000-7000-8000-000000000001', '01a00000-0000-7000-8000-000000000002'];
  await store.db.query(
    `INSERT INTO users (id, username, display_name, role) VALUES ($1, 'ana', 'Ana', 'member'), ($2, 'ben', 'Ben', 'member')`,
    [ana, ben],
  );
  await store.db.query(
    `INSERT INTO conversations (id, type, name, member_count, meta_rev, created_by) VALUES ($1, 'group', 'g', 2, 1, $1)`,
    [ana],
  );
  await store.db.query(
    `INSERT INTO members (conversation_id, user_id, role) VALUES ($1, $1, 'owner'), ($1, $2, 'member')`,
    [ana, ben],
  );
  const presences = createPresences({ store, bus, log, pressure: { late: () => false, close: () => {} } }, 300);
  const actor = { userId: ana, username: 'ana', sessionId: ben };
  const until = async (count: number) => {
    while (told.length < count) await new Promise(resolve => setImmediate(resolve));
  };
  return { url, store, presences, actor, told, until, ana, ben };
}

test('a second device joins and leaves without a word, a connection that comes back in time never left, a large room hears nothing; after a crash one was seen last when one was', async t => {
  const { store, presences, actor, told, until, ben } = await alone(t);
  presences.connected(actor);
  await until(1);
  presences.connected(actor);
  presences.disconnected(actor, false);
  presences.disconnected(actor, false);
  presences.connected(actor);
  presences.disconnected(actor, false);
  await until(2);
  assert.deepEqual(told, ['joined', 'left']);

  await store.db.query('UPDATE conversations SET member_count = 101'); // a room too large for it
  presences.connected(actor);
  for (let here = false; !here; ) {
    const { rows } = await store.db.query(`SELECT status FROM presence WHERE status = 'online'`);
    here = rows.length === 1;
  }
  await presences.close();
  assert.deepEqual(told, ['joined', 'left'], 'in a large room nobody is told');

  // the node died while ben was here: he came eight hours ago, and renewed his token five minutes ago
  await store.db.query(
    `INSERT INTO presence (user_id, status, last_seen_at) VALUES ($1, 'online', now() - interval '8 hours')`,
    [ben],
  );
  await store.db.query(
    `INSERT INTO auth_sessions (id, user_id, device, refreshed_at) VALUES ($1, $1, 'a phone', now() - interval '5 minutes')`,
    [ben],
  );
  await everybodyIsAway(store.db);
  const [now] = await presenceOf(store.db, [ben]);
  assert.equal(now?.status, 'offline');
  const minutes = (Date.now() - Date.parse(now?.lastSeenAt ?? '')) / 60_000;
  assert.ok(minutes >= 4 && minutes < 60, `seen ${minutes} minutes ago`);
});

test('a clock that was ahead and is set right keeps nobody here who has gone', async t => {
  const { presences, actor, told, until } = await alone(t);
  const setRight = hourAhead(t);
  presences.connected(actor);
  await until(1);
  presences.disconnected(actor, false);
  setRight();
  await until(2);
  assert.deepEqual(told, ['joined', 'left']);
});

test('whose coming could not be written has come all the same, also when something else of them changed meanwhile', async t => {
  const { url, store, presences, actor, told, until } = await alone(t);
  const besides = new pg.Client({ connectionString: url });
  await besides.connect();
  besides.on('error', () => {}); // its database is dropped under it where the test fails
  await besides.query('BEGIN; LOCK TABLE presence IN ACCESS EXCLUSIVE MODE');
  presences.connected(actor);
  for (let pids: number[] = []; pids.length === 0; ) {
    const { rows } = await besides.query(`SELECT l.pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database
        WHERE NOT l.granted AND d.datname = current_database()`);
    pids = rows.map(({ pid }) => pid);
    if (pids.length > 0) presences.changed(actor.userId, actor.username);
    for (const pid of pids) await besides.query('SELECT pg_terminate_backend($1)', [pid]);
  }
  await besides.query('COMMIT');
  await besides.end();
  await until(1);
  assert.deepEqual(told, ['joined']);
  const { rows } = await store.db.query('SELECT status FROM presence WHERE user_id = $1', [actor.userId]);
  assert.deepEqual(rows, [{ status: 'online' }]);
});

test('whoever hangs up before their event stream begins was never here', async t => {
  const { url, port, databaseUrl } = await house(t);
  const ana = await account(url, 'ana');
  const besides = new pg.Client({ connectionString: databaseUrl });
  await besides.connect();
  besides.on('error', () => {}); // its database is dropped under it when the test ends
  const isOnline = async () => (await besides.query(`SELECT 1 FROM presence WHERE status = 'online'`)).rowCount === 1;
  await besides.query('BEGIN; LOCK TABLE auth_sessions IN ACCESS EXCLUSIVE MODE'); // whose token is it? Not yet known
  const gone = connect(port, '127.0.0.1');
  gone.write(
    `GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${ana.grant.accessToken}\r\n\r\n`,
  );
  for (let asked = false; !asked; ) {
    const { rows } = await besides.query(`SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database
        WHERE NOT l.granted AND d.datname = current_database()`);
    asked = rows.length > 0;
  }
  gone.destroy();
  await once(gone, 'close');
  for (let i = 0; i < 5; i++) await fetch(`${url}/healthz`); // the server has seen it by now
  await besides.query('COMMIT');

  const line = await ana.connect(t);
  while (!(await isOnline()));
  await ana.http('POST', '/auth/logout'); // the only connection ends: gone at once
  await line.closed();
  const deadline = Date.now() + 20_000;
  while (await isOnline()) assert.ok(Date.now() < deadline, 'nobody is connected, and ana is still here');
});

test('promise 5: typing reaches the others of the room, not oneself and not a stranger', async t => {
  const { url } = await house(t);
  const [ana, ben, eve] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'eve')];
  const room = await group(ana, [ben]);
  const [a, b, e] = [await ana.connect(t), await ben.connect(t), await eve.connect(t)];
  a.say({ type: 'typing', conversationId: room, active: true });
  assert.deepEqual(await b.next('typing'), { type: 'typing', conversationId: room, userId: ana.id, active: true });
  const refused = await e.ask({ type: 'typing', conversationId: room, active: true });
  assert.ok(refused.type === 'error' && refused.code === 'conversation.unknown');
  b.say({ type: 'typing', conversationId: room, active: false });
  await a.next('typing', x => x.userId === ben.id && !x.active);
  assert.equal(a.heard.filter(x => x.type === 'typing' && x.userId === ana.id).length, 0);
});

test('a flood of typing is told as a few signs, and elsewhere the same person still types', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const [room, other] = [await group(ana, [ben]), await direct(ana, ben)];
  const b = await ben.connect(t);
  const began = performance.now();
  const types = (conversationId: string) =>
    ana.http('POST', '/commands', { type: 'typing', conversationId, active: true });
  const answers = await Promise.all(Array.from({ length: 100 }, () => types(room)));
  assert.ok(answers.every(({ status }) => status === 204));
  await types(other);
  await b.next('typing', e => e.conversationId === other);
  const signs = b.heard.filter(e => e.type === 'typing' && e.conversationId === room).length;
  const most = 5 + (performance.now() - began) / 1_000;
  assert.ok(signs >= 1 && signs <= most, `${signs} signs`);
});
