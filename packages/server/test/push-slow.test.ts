import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { type TestContext, test } from 'node:test';
import { api } from '@carpenter/protocol';
import pg from 'pg';
import { house } from './house.ts';
import { webServer } from './outside-world.ts';
import { account, direct, group, type Person } from './people.ts';
import { type browserKeys, deliveriesOf, pushService, subscribe, until } from './push-service.ts';
import { sent } from './sent.ts';

const devicesMax = 20;
/** Long for a push, and short enough to be taken the first time. */
const slowMs = 2_500;

/** A house, a push service of everybody, and one of mallory's own that takes its time. Ben has one device, mallory twenty. */
async function slowHouse(t: TestContext, isSlow: (request: IncomingMessage) => boolean) {
  const service = await pushService(t);
  const slow = await webServer(t, (request, response) => {
    const taken = () => response.writeHead(201).end();
    request.resume();
    if (isSlow(request)) setTimeout(taken, slowMs);
    else taken();
  });
  const { url, databaseUrl } = await house(t, { reachable: [service.at, slow.at] });
  const [ana, ben, mallory, eve] = await Promise.all(['ana', 'ben', 'mallory', 'eve'].map(name => account(url, name)));
  assert.ok(ana && ben && mallory && eve);
  await subscribe(ben, `${service.url}/ben`);
  for (let n = 0; n < devicesMax; n++) await subscribe(mallory, `${slow.url}/${n}`);
  const rooms = await Promise.all([1, 2, 3].map(n => group(eve, [mallory], `room ${n}`)));
  return { service, slow, databaseUrl, ana, ben, mallory, eve, rooms };
}
const devicesOf = async (person: Person) =>
  api.pushDevices.answers[200].parse((await person.http('GET', '/push/devices')).body).devices;
/** What is waiting is due now, and tried again. */
const tryAgain = (database: pg.Client) =>
  database.query(
    `UPDATE deliveries SET next_try = now() WHERE next_try IS NOT NULL; SELECT jobs.add_job('deliver', '{}')`,
  );
async function beside(databaseUrl: string): Promise<pg.Client> {
  const database = new pg.Client({ connectionString: databaseUrl });
  database.on('error', () => {}); // it is dropped under it when the test ends
  await database.connect();
  return database;
}

test("twenty devices that are slow to hear what their owner has read hold up nobody's push", async t => {
  // only what takes a note away, which is of low urgency, has to wait there
  const { service, slow, ana, ben, mallory, eve, rooms } = await slowHouse(
    t,
    ({ headers }) => headers.urgency === 'low',
  );
  const read = await Promise.all(rooms.map(async room => [room, (await sent(eve, room, 'hello')).seq] as const));
  await until(
    async () => slow.asked.length,
    asked => asked === rooms.length * devicesMax,
  );
  for (const [room, seq] of read) await mallory.http('PUT', `/conversations/${room}/read`, { seq });
  await until(
    async () => slow.asked.length,
    asked => asked > rooms.length * devicesMax,
  );
  await sent(ana, await direct(ana, ben), 'The glue is dry.');
  await service.until(1); // one after the other those take twice as long as this waits
});

test('a push service that took a push slowly is not asked with each message; what waits arrives when it is tried again', async t => {
  let slowly = true;
  const { slow, databaseUrl, mallory, eve, rooms } = await slowHouse(t, () => slowly);
  const [first = '', ...others] = rooms;
  await sent(eve, first, 'one');
  const noted = await until(
    () => devicesOf(mallory),
    devices => devices.every(({ trouble }) => trouble !== undefined),
  );
  assert.ok(noted.every(({ toldAt, trouble }) => toldAt && trouble === 'The push service answers slowly.'));
  assert.equal(slow.asked.length, devicesMax);
  for (const room of others) {
    const { seq } = await sent(eve, room, 'two');
    await until(
      () => deliveriesOf(eve, room, seq),
      list => list.length === devicesMax,
    );
  }
  assert.equal(slow.asked.length, devicesMax, 'nobody waited for them again');
  slowly = false;
  const database = await beside(databaseUrl);
  await tryAgain(database);
  await until(
    () => devicesOf(mallory),
    devices => devices.every(({ trouble }) => trouble === undefined),
  );
  await until(
    async () => slow.asked.length,
    asked => asked === devicesMax * rooms.length,
  );
});

test('what is tried again is decided again: blocked, muted or not to be disturbed meanwhile, no text arrives', async t => {
  let status = 503;
  const service = await pushService(t, () => status);
  const { url, databaseUrl } = await house(t, { reachable: [service.at] });
  const names = ['ana', 'blocks', 'mutes', 'rests', 'waits'];
  const [ana, ...others] = await Promise.all(names.map(name => account(url, name)));
  const [blocks, mutes, rests, waits] = others;
  assert.ok(ana && blocks && mutes && rests && waits);
  const browsers = new Map<string, ReturnType<typeof browserKeys>>();
  const rooms = [];
  for (const one of others) {
    browsers.set(`/${one.username}`, await subscribe(one, `${service.url}/${one.username}`));
    rooms.push(await direct(one, ana));
  }
  for (const room of rooms) {
    const { seq } = await sent(ana, room, 'The glue is dry.');
    await until(
      () => deliveriesOf(ana, room, seq),
      list => list.length === 1,
    );
  }
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  const done = [
    await blocks.http('PUT', `/users/${ana.id}/block`),
    await mutes.http('PATCH', `/conversations/${rooms[1]}/mine`, { mutedUntil: soon }),
    await rests.http('PATCH', '/users/me', { preferences: { doNotDisturbUntil: soon } }),
  ];
  assert.ok(
    done.every(answer => answer.status < 300),
    JSON.stringify(done),
  );
  status = 201;
  const database = await beside(databaseUrl);
  await tryAgain(database);
  const left = () => database.query('SELECT 1 FROM deliveries');
  await until(left, ({ rowCount }) => rowCount === 0);
  const [last, ...more] = service.received.slice(others.length);
  assert.deepEqual([last?.path, more], ['/waits', []]);
  assert.equal(browsers.get('/waits')?.open(last?.body ?? Buffer.alloc(0)).trigger, 'direct');
});
