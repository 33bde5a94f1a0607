import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { api, type Id, type NotificationAnswer } from '@carpenter/protocol';
import pg from 'pg';
import { ask, refused } from './ask.ts';
import { type House, house } from './house.ts';
import { webServer } from './outside-world.ts';
import { account, direct, group, type Person } from './people.ts';
import { browserKeys, deliveriesOf, pushService, signedBy, subscribe, until } from './push-service.ts';

/** A house whose people may subscribe at one push service, and a way to look beside it. */
async function pushHouse(t: TestContext, answer?: (path: string) => number) {
  const service = await pushService(t, answer);
  const home = await house(t, { reachable: [service.at] });
  const besides = new pg.Client({ connectionString: home.databaseUrl });
  besides.on('error', () => {}); // its database is dropped under it when the test ends
  await besides.connect();
  return { service, home, besides };
}

const why = async (person: Person, room: Id, seq: number): Promise<NotificationAnswer> =>
  api.notification.answers[200].parse(
    (await person.http('GET', `/conversations/${room}/messages/${seq}/notification`)).body,
  );
/** … as it was decided then. */
const decided = (person: Person, room: Id, seq: number) =>
  until(
    () => why(person, room, seq),
    answer => answer.at !== undefined,
  );
const say = async (person: Person, room: string, text: string) => {
  const { body } = await person.http('POST', `/conversations/${room}/messages`, { clientId: randomUUID(), text });
  const { message } = body;
  assert.ok(typeof message === 'object' && message !== null && 'seq' in message, JSON.stringify(body));
  return Number(message.seq);
};
const people = async ({ url }: House, ...names: string[]) => {
  const found: Person[] = [];
  for (const name of names) found.push(await account(url, name));
  return found;
};

test('who is not there is told on their device, in a form that only it can read, signed by this server', async t => {
  const { service, home } = await pushHouse(t);
  const [ana, ben] = await people(home, 'ana', 'ben');
  assert.ok(ana && ben);
  const room = await direct(ana, ben);
  const browser = await subscribe(ben, `${service.url}/ben`);
  const seq = await say(ana, room, 'The glue is dry.');
  await service.until(1);
  const [push] = service.received;
  assert.ok(push);
  assert.deepEqual(browser.open(push.body), {
    kind: 'message',
    conversationId: room,
    seq,
    path: `/c/${room}/m/${seq}`,
    sender: 'ana',
    text: 'The glue is dry.',
    trigger: 'direct',
  });
  assert.ok(!push.body.includes('glue'), 'nobody on the way can read it');
  const { body } = await ben.http('GET', '/push/key');
  assert.ok(signedBy(String(push.headers.authorization), String(body.key)));
  assert.equal(push.headers['content-encoding'], 'aes128gcm');
  assert.equal(push.headers.topic, room.replaceAll('-', ''), 'an older one of this conversation is replaced');
  assert.ok(push.body.length < 4_096);
});

test('no device rings for what its owner wrote or muted, nor while they are active elsewhere', async t => {
  const { service, home } = await pushHouse(t);
  const [ana, ben, cleo] = await people(home, 'ana', 'ben', 'cleo');
  assert.ok(ana && ben && cleo);
  const room = await group(ana, [ben, cleo]);
  const browser = await subscribe(ben, `${service.url}/ben`);
  const keep = async (mutedUntil: string | null) =>
    assert.equal((await ben.http('PATCH', `/conversations/${room}/mine`, { mutedUntil })).status, 200);
  const line = await ben.connect(t);
  const active = await say(ana, room, '@ben while you are active');
  assert.deepEqual((await decided(ben, room, active)).via, ['page']);
  line.close();
  await line.closed();
  await keep('2999-01-01T00:00:00.000Z');
  const muted = await say(ana, room, '@ben while it is muted');
  const silent = await decided(ben, room, muted);
  assert.deepEqual([silent.trigger, silent.silence, silent.via], ['mention', 'muted', []]);
  await keep(null);
  await say(ben, room, 'my own');
  const last = await say(ana, room, 'now');
  await service.until(1);
  assert.deepEqual(
    service.received.map(({ body }) => browser.open(body).seq),
    [last],
  );
  const told = await decided(ben, room, last);
  assert.deepEqual([told.trigger, told.via, told.devices, told.failed], ['everything', ['page', 'push'], 1, []]);
});

test('a mentioned person can find out why it stayed silent, long after; a stranger finds nothing', async t => {
  const { home } = await pushHouse(t);
  const [ana, ben, eve] = await people(home, 'ana', 'ben', 'eve');
  assert.ok(ana && ben && eve);
  const room = await group(ana, [ben]);
  await ben.http('PATCH', `/conversations/${room}/mine`, { notify: 'nothing' });
  const seq = await say(ana, room, '@ben are you there?');
  const silent = await decided(ben, room, seq);
  assert.deepEqual([silent.trigger, silent.silence, silent.via], ['mention', 'level', []]);
  await ben.http('PATCH', `/conversations/${room}/mine`, { notify: 'all' });
  assert.equal((await why(ben, room, seq)).silence, 'level', 'settings of later do not change what was');
  assert.deepEqual(await why(ana, room, seq), { trigger: 'everything', silence: 'own', via: [], failed: [] });
  const address = `/api/v1/conversations/${room}/messages/${seq}/notification`;
  refused(await ask(home.url, address, { token: eve.grant.accessToken }), 'conversation.unknown');
});

test('a push service that is away is tried again until it takes it; its admin and its sender can see that', async t => {
  let status = 503;
  const { service, home, besides } = await pushHouse(t, () => status);
  const [ana, ben] = await people(home, 'ana', 'ben');
  assert.ok(ana && ben);
  const room = await direct(ben, ana);
  const browser = await subscribe(ben, `${service.url}/ben`);
  const seq = await say(ana, room, 'Anybody there?');
  await service.until(1);
  const [failed] = await until(
    () => deliveriesOf(ana, room, seq),
    list => list.length === 1,
  );
  assert.deepEqual(
    [failed?.userId, failed?.over, failed?.attempts, failed?.lastError],
    [ben.id, 'push', 1, 'The push service answered with 503.'],
  );
  assert.ok(Date.parse(failed?.nextTryAt ?? '') > Date.now());
  assert.equal(failed?.device, undefined, 'what ben uses is not for others');
  const all = await ana.http('GET', '/admin/deliveries'); // the first account owns the server
  const [shown] = api.deliveries.answers[200].parse(all.body).deliveries;
  assert.ok(shown?.device);
  assert.deepEqual(shown, { ...failed, device: shown.device });
  assert.deepEqual((await why(ben, room, seq)).failed, [shown], 'and so does whoever it was for');
  assert.ok(!JSON.stringify(all.body).includes(room), 'to whom and why, never where');
  refused(await ask(home.url, '/api/v1/admin/deliveries', { token: ben.grant.accessToken }), 'server.not_owner');
  const mine = await ben.http('GET', `/conversations/${room}/messages/${seq}/deliveries`);
  assert.equal(mine.body.code, 'message.not_yours');

  const again = async () => {
    await besides.query(`UPDATE deliveries SET next_try = now() WHERE next_try IS NOT NULL`);
    await besides.query(`SELECT jobs.add_job('deliver', '{}')`);
  };
  await again();
  await until(
    () => besides.query(`SELECT 1 FROM deliveries WHERE attempts = 2 AND next_try < now() + interval '4 minutes'`),
    ({ rowCount }) => rowCount === 1,
  );
  status = 201;
  await again();
  await service.until(3);
  assert.equal(browser.open(service.received.at(-1)?.body ?? Buffer.alloc(0)).seq, seq);
  await until(
    () => deliveriesOf(ana, room, seq),
    list => list.length === 0,
  );
});

test('after a day it is given up, with the reason; a browser that has gone is forgotten and says so', async t => {
  const { service, home, besides } = await pushHouse(t, path => (path === '/gone' ? 410 : 503));
  const [ana, ben] = await people(home, 'ana', 'ben');
  assert.ok(ana && ben);
  const room = await direct(ben, ana);
  await subscribe(ben, `${service.url}/away`);
  await subscribe(ben, `${service.url}/gone`);
  const seq = await say(ana, room, 'Anybody there?');
  const both = await until(
    () => deliveriesOf(ana, room, seq),
    list => list.length === 2,
  );
  const gone = both.find(one => one.givenUpAt !== undefined);
  assert.match(gone?.lastError ?? '', /takes no pushes any more/);
  const { devices } = api.pushDevices.answers[200].parse((await ben.http('GET', '/push/devices')).body);
  assert.deepEqual(
    devices.map(({ trouble }) => trouble),
    ['The push service answered with 503.'],
  );
  await besides.query(`UPDATE deliveries SET next_try = now(), created_at = now() - interval '23 hours 59 minutes 30 seconds'
                        WHERE next_try IS NOT NULL`);
  await besides.query(`SELECT jobs.add_job('deliver', '{}')`);
  const { failed } = await until(
    () => why(ben, room, seq),
    answer => answer.failed.every(one => one.givenUpAt !== undefined),
  );
  assert.deepEqual(failed.map(one => one.lastError).sort(), [
    'The push service answered with 503.',
    'This browser takes no pushes any more. Turn notifications on again there.',
  ]);
});

test('what was read somewhere is taken off the other screens, once', async t => {
  const { service, home } = await pushHouse(t);
  const [ana, ben] = await people(home, 'ana', 'ben');
  assert.ok(ana && ben);
  const room = await direct(ana, ben);
  const browser = await subscribe(ben, `${service.url}/ben`);
  const seq = await say(ana, room, 'hello');
  await service.until(1);
  await ben.http('PUT', `/conversations/${room}/read`, { seq });
  await service.until(2);
  assert.deepEqual(browser.open(service.received[1]?.body ?? Buffer.alloc(0)), { kind: 'read', conversationId: room });
});

test('a device is pushed to as long as its login lasts, and only its owner tests and forgets it', async t => {
  const { service, home } = await pushHouse(t);
  const [ana, ben] = await people(home, 'ana', 'ben');
  assert.ok(ana && ben);
  const browser = await subscribe(ben, `${service.url}/ben`);
  assert.equal((await ana.http('POST', `/push/devices/${browser.id}/test`)).body.code, 'push.unknown');
  assert.equal((await ana.http('DELETE', `/push/devices/${browser.id}`)).body.code, 'push.unknown');
  assert.deepEqual((await ben.http('POST', `/push/devices/${browser.id}/test`)).body, {});
  assert.deepEqual(browser.open(service.received[0]?.body ?? Buffer.alloc(0)), { kind: 'test' });
  const { devices } = api.pushDevices.answers[200].parse((await ben.http('GET', '/push/devices')).body);
  assert.ok(devices[0]?.current && devices[0].toldAt);
  const room = await direct(ana, ben);
  await ben.http('POST', '/auth/logout');
  await say(ana, room, 'after logging out');
  const carl = await account(home.url, 'carl');
  await subscribe(carl, `${service.url}/carl`);
  await say(ana, await direct(ana, carl), 'to carl');
  await service.until(2);
  assert.deepEqual(
    service.received.map(({ path }) => path),
    ['/ben', '/carl'],
  );
});

test('an endpoint inside this network is refused in words, and so is what is no subscription', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  const { keys } = browserKeys();
  const put = (body: unknown) =>
    ask(url, '/api/v1/push/devices', { method: 'PUT', token: ana.grant.accessToken, body });
  for (const endpoint of [
    'https://169.254.169.254/latest',
    'https://127.0.0.1/x',
    'https://[::1]/x',
    'http://8.8.8.8/x',
    'https://8.8.8.8:8443/x',
    'https://0x7f.1/x',
    'https://2130706433/x',
    'https://0177.0.0.1/x',
    'https://0/x',
    'https://[::ffff:127.0.0.1]/x',
    'https://[64:ff9b::7f00:1]/x',
    'https://[fd00::1]/x',
    'https://ana:secret@8.8.8.8/x',
  ]) {
    refused(await put({ endpoint, keys }), 'push.refused');
  }
  refused(await put({ endpoint: 'no address', keys }), 'input.invalid');
  refused(await put({ endpoint: 'https://8.8.8.8/x', keys: { ...keys, auth: 'short' } }), 'input.invalid');
  refused(await put({ endpoint: `https://8.8.8.8/${'x'.repeat(2_000)}`, keys }), 'input.invalid');
});

test('a device whose key is none is not taken, and one that was taken before keeps nobody from hearing anything', async t => {
  const { service, home, besides } = await pushHouse(t);
  const [ana, ben, mallory] = await people(home, 'ana', 'ben', 'mallory');
  assert.ok(ana && ben && mallory);
  const key = Buffer.alloc(65, 7).fill(4, 0, 1).toString('base64url'); // of the right length, but no point of the curve
  const { keys } = browserKeys();
  const given = { endpoint: `${service.url}/refused`, keys: { ...keys, p256dh: key } };
  const { status, body } = await mallory.http('PUT', '/push/devices', given);
  assert.deepEqual([status, body.code], [422, 'push.refused']);

  const room = await group(ana, [ben, mallory]);
  const broken = await subscribe(mallory, `${service.url}/tested`);
  await subscribe(mallory, `${service.url}/mallory`);
  await subscribe(ben, `${service.url}/ben`);
  await besides.query('UPDATE push_subscriptions SET p256dh = $1 WHERE user_id = $2', [key, mallory.id]);
  const tested = await mallory.http('POST', `/push/devices/${broken.id}/test`);
  assert.equal(tested.status, 200);
  assert.match(String(tested.body.trouble), /Turn notifications on again/);
  const seq = await say(ana, room, 'The glue is dry.');
  const [left] = await until(
    () => deliveriesOf(ana, room, seq),
    list => list.length === 1,
  );
  assert.ok(left?.userId === mallory.id && left.givenUpAt, 'said, and not tried again');
  assert.equal((await decided(ben, room, seq)).devices, 1);
  const { rows } = await besides.query('SELECT user_id FROM push_subscriptions');
  assert.deepEqual(rows, [{ user_id: ben.id }], 'the next page in that browser subscribes anew');
  const jobs = await besides.query('SELECT attempts FROM jobs.jobs');
  assert.ok(jobs.rows.every(({ attempts }) => attempts <= 1));
});

test('what waits for its next try arrives, whatever device of somebody else waits before it', async t => {
  let status = 503;
  const { service, home, besides } = await pushHouse(t, () => status);
  const [ana, ben, mallory] = await people(home, 'ana', 'ben', 'mallory');
  assert.ok(ana && ben && mallory);
  const rooms = [await direct(mallory, ana), await direct(ben, ana)];
  for (let n = 0; n < 17; n++) await subscribe(mallory, `${service.url}/${n}`); // one more than are asked at once
  await subscribe(ben, `${service.url}/ben`);
  for (const [at, room] of rooms.entries()) {
    const seq = await say(ana, room, 'The glue is dry.');
    await until(
      () => deliveriesOf(ana, room, seq),
      list => list.length === (at === 0 ? 17 : 1),
    );
  }
  // what nobody can encrypt for, whatever the reason
  await besides.query(`UPDATE push_subscriptions SET auth = 'short' WHERE user_id = $1`, [mallory.id]);
  status = 201;
  const asked = service.received.length;
  await besides.query(
    `UPDATE deliveries SET next_try = now() - CASE WHEN user_id = $1 THEN interval '0' ELSE interval '1 minute' END`,
    [ben.id],
  );
  await besides.query(`SELECT jobs.add_job('deliver', '{}')`);
  await service.until(asked + 1);
  assert.equal(service.received.at(-1)?.path, '/ben');
  await until(
    () => besides.query('SELECT attempts FROM deliveries'),
    ({ rows }) => rows.length === 17 && rows.every(({ attempts }) => attempts === 2),
  );
});

test('while a push service is away the newest message of a conversation waits, not all of them; what refuses for good is left', async t => {
  const { service, home } = await pushHouse(t, path => (path === '/never' ? 403 : 503));
  const [ana, ben] = await people(home, 'ana', 'ben');
  assert.ok(ana && ben);
  const room = await direct(ben, ana);
  await subscribe(ben, `${service.url}/away`);
  await subscribe(ben, `${service.url}/never`);
  const first = await say(ana, room, 'one');
  const refusedOnce = await until(
    () => deliveriesOf(ana, room, first),
    list => list.length === 2,
  );
  assert.ok(refusedOnce.some(one => one.givenUpAt && one.lastError === 'The push service answered with 403.'));
  const last = await say(ana, room, 'two');
  const waiting = await until(
    () => deliveriesOf(ana, room, last),
    list => list.length === 1,
  );
  assert.ok(waiting[0]?.nextTryAt);
  const left = await deliveriesOf(ana, room, first);
  assert.deepEqual(
    left.map(({ lastError }) => lastError),
    ['The push service answered with 403.'],
  );
  const { devices } = api.pushDevices.answers[200].parse((await ben.http('GET', '/push/devices')).body);
  assert.equal(devices.length, 1);
  assert.equal(service.received.filter(({ path }) => path === '/away').length, 1, 'not asked before its turn comes');
});

test('pages and push services that never answer hold up nobody else, and one person names few of them', async t => {
  const service = await pushService(t);
  const silent = await webServer(t, () => {}); // keeps whoever asks waiting
  const home = await house(t, { reachable: [service.at, silent.at] });
  const [ana, ben, mallory] = await people(home, 'ana', 'ben', 'mallory');
  assert.ok(ana && ben && mallory);
  const lair = await group(mallory, []);
  await subscribe(ben, `${service.url}/ben`);
  for (let i = 0; i < 12; i++) await say(mallory, lair, `${silent.url}/page${i}`);
  await until(
    async () => silent.asked.length,
    asked => asked > 0,
  );
  await say(ana, await direct(ana, ben), 'The glue is dry.');
  await service.until(1);

  const put = (path: string) =>
    mallory.http('PUT', '/push/devices', { endpoint: `${silent.url}/${path}`, keys: browserKeys().keys });
  const statuses = [];
  for (let i = 0; i < 31; i++) statuses.push((await put(`device${i}`)).status);
  assert.deepEqual(statuses, [...Array(30).fill(200), 429]);
  const known = await put('device29');
  assert.equal(known.status, 200, 'one that is known may always be told of again');
  assert.equal((await mallory.http('POST', `/push/devices/${known.body.id}/test`)).body.code, 'rate.exceeded');
});
