import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { api } from '@carpenter/protocol';
import pg from 'pg';
import { defaults } from '../src/config.ts';
import { knocks, login } from './ask.ts';
import { house } from './house.ts';
import { account, direct, group, type Person, password } from './people.ts';

/** Says something and answers with its place. */
async function said(person: Person, room: string, text: string): Promise<number> {
  const { body } = await person.http('POST', `/conversations/${room}/messages`, { clientId: randomUUID(), text });
  const { message } = body;
  assert.ok(typeof message === 'object' && message && 'seq' in message, JSON.stringify(body));
  return Number(message.seq);
}
const report = (person: Person, room: string, seq: number, more: object = {}) =>
  person.http('POST', `/conversations/${room}/messages/${seq}/report`, { reason: 'spam', ...more });
async function queue(person: Person, state = 'open') {
  const { status, body } = await person.http('GET', `/reports?state=${state}`);
  assert.equal(status, 200, JSON.stringify(body));
  assert.ok(Array.isArray(body.reports));
  return body.reports;
}

test('a report reaches those who moderate there, with what stood around the message, which deleting it does not take away', async t => {
  const { url } = await house(t);
  const [first, ana, ben, cem, dia] = await Promise.all(
    ['first', 'ana', 'ben', 'cem', 'dia'].map(name => account(url, name)),
  );
  assert.ok(first && ana && ben && cem && dia);
  const room = await group(ana, [ben, cem, dia]);
  await ana.http('PATCH', `/conversations/${room}/members/${dia.id}`, { role: 'moderator' });
  for (const text of ['one', 'two', 'three', 'four']) await said(ben, room, text);
  const seq = await said(cem, room, 'bad words');
  for (const text of ['after', 'later', 'much later']) await said(ben, room, text);
  const line = await dia.connect(t);
  assert.equal((await report(ben, room, seq, { text: 'look' })).status, 204);
  const told = await line.next('report.changed');
  assert.equal(told.open, true);
  assert.equal((await report(ben, room, seq)).status, 204, 'again changes nothing');
  const [found, ...more] = await queue(dia);
  assert.equal(more.length, 0);
  assert.deepEqual([found.sender, found.reportedBy, found.reason, found.text], [cem.id, ben.id, 'spam', 'look']);
  assert.deepEqual(
    found.context.map(({ text }: { text: string }) => text),
    ['two', 'three', 'four', 'bad words', 'after', 'later'],
  );
  for (const person of [ben, cem, first]) assert.deepEqual(await queue(person), [], person.username);
  assert.equal((await cem.http('DELETE', `/conversations/${room}/messages/${seq}`)).status, 200);
  assert.equal((await queue(ana))[0].context[3].text, 'bad words');

  const settle = (person: Person, outcome: string) => person.http('POST', `/reports/${found.id}/resolve`, { outcome });
  assert.equal((await settle(ben, 'dismissed')).body.code, 'report.unknown');
  assert.equal((await settle(dia, 'acted')).body.outcome, 'acted');
  assert.equal((await settle(ana, 'dismissed')).body.outcome, 'acted', 'settled once');
  assert.equal((await line.next('report.changed')).open, false);
  assert.deepEqual(await queue(ana), []);
  const [settled] = await queue(ana, 'resolved');
  assert.equal(settled.resolvedBy, dia.id);
});

test('nobody judges what was said of themselves; of direct conversations the owner of the server does', async t => {
  const { url } = await house(t);
  const [first, ana, ben] = await Promise.all(['first', 'ana', 'ben'].map(name => account(url, name)));
  assert.ok(first && ana && ben);
  const owner = [first, ana, ben].find(person => person.grant.user.role === 'owner');
  const [one, other] = [first, ana, ben].filter(person => person !== owner);
  assert.ok(owner && one && other);
  const room = await group(one, [other]);
  await report(other, room, await said(one, room, 'words of the one who runs it'));
  assert.deepEqual(await queue(one), []);
  const two = await direct(one, other);
  await report(one, two, await said(other, two, 'words between two'));
  assert.deepEqual(
    (await queue(owner)).map(({ conversationType }) => conversationType),
    ['direct'],
  );
  assert.deepEqual(await queue(other), []);
});

test('what cannot be reported says why: one’s own, a deleted one, one that is not there, too many words', async t => {
  const { url } = await house(t);
  const [ana, ben] = await Promise.all(['ana', 'ben'].map(name => account(url, name)));
  assert.ok(ana && ben);
  const room = await group(ana, [ben]);
  const seq = await said(ana, room, 'mine');
  const gone = await said(ana, room, 'gone');
  await ana.http('DELETE', `/conversations/${room}/messages/${gone}`);
  assert.equal((await report(ana, room, seq)).body.code, 'report.own');
  assert.equal((await report(ben, room, gone)).body.code, 'message.deleted');
  assert.equal((await report(ben, room, 99)).body.code, 'message.unknown');
  assert.equal((await report(ben, room, 1)).body.code, 'message.unknown', 'a line that nobody wrote');
  assert.equal((await report(ben, room, seq, { reason: 'boring' })).body.code, 'input.invalid');
  assert.equal((await report(ben, room, seq, { text: 'x'.repeat(501) })).body.code, 'input.invalid');
  assert.equal((await report(ben, room, seq, { text: '\0' })).body.code, 'input.invalid');
  assert.equal(
    (await ana.http('POST', `/reports/${randomUUID()}/resolve`, { outcome: 'acted' })).body.code,
    'report.unknown',
  );
});

test('blocking is told to my own devices and nobody else, survives a new login, and has a limit with words', async t => {
  const { url, databaseUrl } = await house(t);
  const [ana, ben] = await Promise.all(['ana', 'ben'].map(name => account(url, name)));
  assert.ok(ana && ben);
  await direct(ana, ben);
  const [mine, theirs] = [await ana.connect(t), await ben.connect(t)];
  assert.equal((await ana.http('PUT', `/users/${ben.id}/block`)).status, 204);
  assert.deepEqual((await mine.next('blocks')).userIds, [ben.id]);
  assert.deepEqual((await ana.http('GET', '/blocks')).body, { userIds: [ben.id] });
  const again = await ana.connect(t);
  const ready = again.heard.find(event => event.type === 'ready');
  assert.ok(ready?.type === 'ready');
  assert.deepEqual(ready.blocked, [ben.id]);
  assert.equal((await ana.http('PUT', `/users/${ana.id}/block`)).body.code, 'block.self');
  assert.equal((await ana.http('PUT', `/users/${randomUUID()}/block`)).body.code, 'user.unknown');
  assert.equal((await ana.http('DELETE', `/users/${ben.id}/block`)).status, 204);
  assert.deepEqual((await mine.next('blocks')).userIds, []);
  await ben.http('GET', '/users/me');
  assert.ok(theirs.heard.every(event => event.type !== 'blocks'));

  const fill = new pg.Client({ connectionString: databaseUrl });
  await fill.connect();
  const others = 'INSERT INTO blocks (user_id, blocked_id) SELECT $1, gen_random_uuid() FROM generate_series(1, $2)';
  await fill.query(others, [ana.id, 999]);
  assert.equal((await ana.http('PUT', `/users/${ben.id}/block`)).status, 204, 'the thousandth');
  await fill.query(others, [ana.id, 1]);
  assert.equal((await ana.http('DELETE', `/users/${ben.id}/block`)).status, 204);
  const refused = await ana.http('PUT', `/users/${ben.id}/block`);
  assert.deepEqual([refused.status, refused.body.code], [422, 'block.too_many']);
  assert.equal(refused.body.detail, 'You can block at most 1000 people.');
  await fill.query('DELETE FROM blocks WHERE blocked_id = (SELECT min(blocked_id::text)::uuid FROM blocks)');
  await fill.end();
  assert.equal((await ana.http('PUT', `/users/${ben.id}/block`)).status, 204, 'a place is free again');
  assert.equal((await ana.http('PUT', `/users/${ben.id}/block`)).status, 204, 'again changes nothing');
});

test('what people write whom I have blocked is not unread, by any door, and is again once I hear them', async t => {
  const { url } = await house(t);
  const [ana, ben, cem] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'cem')];
  const room = await group(ana, [ben, cem]);
  await said(ben, room, 'from ben');
  await said(ben, room, 'and you, @ana?');
  await said(cem, room, '@ana, from cem');
  const counts = async () => {
    const detail = api.conversation.answers[200].parse((await ana.http('GET', `/conversations/${room}`)).body);
    const list = api.conversations.answers[200].parse((await ana.http('GET', '/conversations')).body);
    const all = api.heads.answers[200].parse((await ana.http('GET', '/heads')).body);
    const figures = [detail.mine, list.conversations[0]?.mine, all.heads[0]].map(of => [of?.unread, of?.mentions]);
    assert.deepEqual([figures[1], figures[2]], [figures[0], figures[0]], 'all doors agree');
    return figures[0];
  };
  assert.deepEqual(await counts(), [3, 2]);
  await ana.http('PUT', `/users/${ben.id}/block`);
  assert.deepEqual(await counts(), [1, 1]);
  await ana.http('DELETE', `/users/${ben.id}/block`);
  assert.deepEqual(await counts(), [3, 2]);
});

test('a new password needs the old one, opens the door from then on, and ends every other session at once', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  const other = (await login(url, 'ana', password)).json();
  assert.equal(typeof other.accessToken, 'string');
  const token = String(other.accessToken);
  const change = (current: string, next: string) => ana.http('POST', '/auth/password', { current, next });
  assert.equal((await change('not the right one', 'another good password')).body.code, 'auth.wrong_password');
  assert.equal((await change(password, 'short')).body.code, 'input.invalid');
  assert.deepEqual([await knocks(url, token), await knocks(url, ana.grant.accessToken)], [200, 200]);
  const line = await ana.connect(t);
  assert.equal((await change(password, 'another good password')).status, 204);
  assert.deepEqual([await knocks(url, token), await knocks(url, ana.grant.accessToken)], [401, 200]);
  assert.equal((await login(url, 'ana', password)).status, 401);
  assert.equal((await login(url, 'ana', 'another good password')).status, 200);
  assert.equal((await line.ask({ type: 'ping' })).type, 'pong', 'this device goes on');
});

test('guessing the old password is slowed like logging in', async t => {
  const { url } = await house(t, {
    rates: { ...defaults.rates, loginTriesPerMinutePerAccount: 3, requestsPerMinute: 10_000 },
  });
  const ana = await account(url, 'ana');
  const codes: unknown[] = [];
  for (let n = 0; n < 4; n++) {
    const { body } = await ana.http('POST', '/auth/password', { current: `guess ${n}`, next: 'another good password' });
    codes.push(body.code);
  }
  assert.deepEqual(codes, [...Array(3).fill('auth.wrong_password'), 'auth.too_many']);
});
