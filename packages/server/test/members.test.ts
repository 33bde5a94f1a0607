import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { api, defaultLimits } from '@carpenter/protocol';
import { house } from './house.ts';
import { account, direct, group, type Line, type Person } from './people.ts';

const send = (line: Line, conversationId: string, text: string) =>
  line.ask({ type: 'message.send', conversationId, clientId: randomUUID(), text });

async function people(url: string, ...names: string[]): Promise<Person[]> {
  const all: Person[] = [];
  for (const name of names) all.push(await account(url, name));
  return all;
}

test('a direct conversation of two people exists once, whoever begins it, also at the same moment', async t => {
  const { url } = await house(t);
  const [ana, ben] = await people(url, 'ana', 'ben');
  assert.ok(ana && ben);
  const ids = await Promise.all([direct(ana, ben), direct(ben, ana), direct(ana, ben)]);
  assert.equal(new Set(ids).size, 1);
  const self = await ana.http('POST', '/conversations', { type: 'direct', userId: ana.id });
  assert.equal(self.body.code, 'conversation.with_self');
  const nobody = await ana.http('POST', '/conversations', { type: 'direct', userId: randomUUID() });
  assert.equal(nobody.body.code, 'user.unknown');
});

test('somebody who is added hears of it at once, and everything from then on, without reconnecting', async t => {
  const { url } = await house(t);
  const [ana, ben, cem] = await people(url, 'ana', 'ben', 'cem');
  assert.ok(ana && ben && cem);
  const [a, c] = [await ana.connect(t), await cem.connect(t)];
  const room = await group(ana, [ben], 'Kitchen');
  await send(a, room, 'before');
  const { status } = await ana.http('POST', `/conversations/${room}/members`, { userIds: [cem.id, ben.id] });
  assert.equal(status, 200);
  const added = await c.next('conversation.added');
  assert.deepEqual([added.state.conversation.name, added.state.conversation.memberCount], ['Kitchen', 3]);
  assert.deepEqual([added.state.mine.role, added.state.mine.unread], ['member', 0]);
  const changed = await a.next('conversation.updated');
  assert.deepEqual(changed.members?.map(m => m.userId).sort(), [ana.id, ben.id, cem.id].sort());
  const joined = await a.next('message.created', e => e.message.system?.kind === 'joined');
  assert.deepEqual(joined.message.system, { kind: 'joined', userId: cem.id });
  await send(a, room, 'after');
  assert.equal((await c.next('message.created', e => e.message.type === 'text')).message.text, 'after');
});

test('promise 5: somebody who is removed hears nothing more, while messages flow, by any door', async t => {
  const { url } = await house(t);
  const [ana, ben, cem] = await people(url, 'ana', 'ben', 'cem');
  assert.ok(ana && ben && cem);
  const room = await group(ana, [ben, cem]);
  const [a, b, c] = [await ana.connect(t), await ben.connect(t), await cem.connect(t)];
  let flowing = true;
  const flood = (async () => {
    for (let n = 0; flowing; n++) await Promise.all([send(b, room, `b${n}`), send(a, room, `a${n}`)]);
  })();
  await c.next('message.created', e => e.message.text === 'a5');
  assert.equal((await ana.http('DELETE', `/conversations/${room}/members/${cem.id}`)).status, 204);
  const { rev } = await c.next('conversation.removed');
  await b.next('message.created', e => e.rev > rev + 20);
  flowing = false;
  await flood;
  const later = c.heard.filter(e => 'rev' in e && e.rev > rev);
  assert.deepEqual(later, [], 'nothing of after the removal');
  assert.equal((await send(c, room, 'let me in')).type, 'error');
  const unknown = await cem.http('GET', `/conversations/${room}`);
  const invented = await cem.http('GET', `/conversations/${randomUUID()}`);
  assert.deepEqual(unknown, invented, 'as if it did not exist');
});

test('in a group members add, admins remove and rename, nobody removes who stands above, and the last owner cannot go', async t => {
  const { url } = await house(t);
  const [ana, ben, cem, dia] = await people(url, 'ana', 'ben', 'cem', 'dia');
  assert.ok(ana && ben && cem && dia);
  const room = await group(ana, [ben, cem]);
  const at = `/conversations/${room}`;
  const code = async (who: Person, method: string, path: string, body?: object) =>
    (await who.http(method, `${at}${path}`, body)).body.code;
  assert.equal(await code(cem, 'POST', '/members', { userIds: [dia.id] }), undefined);
  assert.equal(await code(cem, 'PATCH', '', { name: 'Mine now' }), 'member.not_allowed');
  assert.equal(await code(cem, 'DELETE', `/members/${dia.id}`), 'member.not_allowed');
  assert.equal(await code(ben, 'PATCH', `/members/${ben.id}`, { role: 'owner' }), 'member.not_allowed');
  assert.equal(await code(ana, 'PATCH', `/members/${ben.id}`, { role: 'admin' }), undefined);
  assert.equal(await code(ben, 'PATCH', '', { name: 'Ours' }), undefined);
  assert.equal(await code(ben, 'DELETE', `/members/${ana.id}`), 'member.not_allowed');
  assert.equal(await code(ben, 'DELETE', `/members/${dia.id}`), undefined);
  assert.equal(await code(ben, 'DELETE', `/members/${dia.id}`), 'member.unknown');
  assert.equal(await code(ana, 'PATCH', `/members/${dia.id}`, { role: 'admin' }), 'member.unknown');
  assert.equal(await code(ana, 'POST', '/leave'), 'conversation.last_owner');
  assert.equal(await code(ana, 'PATCH', `/members/${ana.id}`, { role: 'member' }), 'conversation.last_owner');
  assert.equal(await code(ana, 'PATCH', `/members/${ben.id}`, { role: 'owner' }), undefined);
  assert.equal(await code(ana, 'POST', '/leave'), undefined);
  assert.equal(await code(ana, 'GET', ''), 'conversation.unknown');
});

test('a group has so many members and no more, by whichever way the next one comes, also two at the same moment', async t => {
  const { url } = await house(t, { limits: { ...defaultLimits, groupMaxMembers: 3 } });
  const [ana, ben, cem, dia] = await people(url, 'ana', 'ben', 'cem', 'dia');
  assert.ok(ana && ben && cem && dia);
  const memberIds = [ben, cem, dia].map(({ id }) => id);
  const four = await ana.http('POST', '/conversations', { type: 'group', name: 'four', memberIds });
  assert.deepEqual([four.status, four.body.code], [422, 'conversation.full']);
  const room = await group(ana, [ben]);
  const { body: link } = await ana.http('POST', '/invites', { conversationIds: [room] });
  const add = (...people: Person[]) =>
    ana.http('POST', `/conversations/${room}/members`, { userIds: people.map(({ id }) => id) });
  assert.equal((await add(cem, dia)).body.code, 'conversation.full', 'two for one place: neither');
  const both = await Promise.all([add(cem), add(dia)]);
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 422]);
  const late = both[0]?.status === 200 ? dia : cem;
  assert.equal((await late.http('POST', `/invites/${link.code}/accept`)).body.code, 'conversation.full');
  assert.equal((await add(ben)).status, 200, 'who is in it already takes no place');
  await ben.http('POST', `/conversations/${room}/leave`);
  assert.equal((await late.http('POST', `/invites/${link.code}/accept`)).status, 200);
});

test('adding somebody twice, giving the role one has, or renaming in a direct conversation changes nothing and raises no rev', async t => {
  const { url } = await house(t);
  const [ana, ben] = await people(url, 'ana', 'ben');
  assert.ok(ana && ben);
  const [room, two] = [await group(ana, [ben]), await direct(ana, ben)];
  const revs = async () => {
    const { body } = await ana.http('GET', '/heads');
    assert.ok(Array.isArray(body.heads));
    return body.heads.map(head => `${head.conversationId} ${head.rev}`).sort();
  };
  const before = await revs();
  assert.equal((await ana.http('POST', `/conversations/${room}/members`, { userIds: [ben.id] })).status, 200);
  assert.equal((await ana.http('PATCH', `/conversations/${room}/members/${ben.id}`, { role: 'member' })).status, 200);
  assert.equal((await ana.http('PATCH', `/conversations/${two}`, { name: 'us' })).body.code, 'conversation.is_direct');
  assert.equal((await ana.http('POST', `/conversations/${two}/leave`)).body.code, 'conversation.is_direct');
  assert.deepEqual(await revs(), before);
});

test('promise 3: what changes a group is told in the order of rev, while messages flow', async t => {
  const { url } = await house(t);
  const [ana, ben, cem] = await people(url, 'ana', 'ben', 'cem');
  assert.ok(ana && ben && cem);
  const room = await group(ana, [ben]);
  const [a, b, c] = [await ana.connect(t), await ben.connect(t), await cem.connect(t)];
  let flowing = true;
  const flood = (async () => {
    for (let n = 0; flowing; n++) await Promise.all([send(a, room, `a${n}`), send(a, room, `more${n}`)]);
  })();
  await b.next('message.created', e => e.message.text === 'a2');
  for (let n = 0; n < 5; n++) {
    assert.equal((await ana.http('POST', `/conversations/${room}/members`, { userIds: [cem.id] })).status, 200);
    assert.equal((await ana.http('PATCH', `/conversations/${room}`, { name: `name ${n}` })).status, 200);
    assert.equal((await ana.http('DELETE', `/conversations/${room}/members/${cem.id}`)).status, 204);
  }
  flowing = false;
  await flood;
  const last = await send(a, room, 'the last one');
  assert.ok(last.type === 'ack');
  await b.next('message.created', e => e.rev === last.message.rev);
  const revs = b.heard.flatMap(e => ('rev' in e && e.conversationId === room ? [e.rev] : []));
  assert.deepEqual(
    revs,
    revs.map((_, i) => (revs[0] ?? 0) + i),
  );
  const begins = c.heard.filter(e => 'rev' in e && e.conversationId === room).map(e => e.type);
  assert.equal(begins[0], 'conversation.added', 'whoever is added hears of the conversation before what is in it');
});

test('promise 5: who leaves or is removed hears nothing more of its threads either, followed or only looked at, by any door', async t => {
  const { url } = await house(t);
  const [ana, ben, cem] = await people(url, 'ana', 'ben', 'cem');
  assert.ok(ana && ben && cem);
  const room = await group(ana, [ben, cem]);
  const [a, b, c] = [await ana.connect(t), await ben.connect(t), await cem.connect(t)];
  const root = await send(a, room, 'a root');
  assert.ok(root.type === 'ack');
  const { body } = await ana.http('POST', `/conversations/${room}/messages/${root.message.seq}/thread`);
  const thread = api.thread.answers[201].parse(body).conversation.id;
  await send(a, thread, 'first');
  await send(b, thread, 'ben follows by writing');
  c.say({ type: 'watch', conversationIds: [thread] });
  await c.next('activity', e => e.conversationId === thread); // it is told from here on
  await send(a, thread, 'both hear');
  for (const line of [b, c]) await line.next('message.created', e => e.message.text === 'both hear');

  assert.equal((await ana.http('DELETE', `/conversations/${room}/members/${ben.id}`)).status, 204);
  assert.equal((await cem.http('POST', `/conversations/${room}/leave`)).status, 204);
  await Promise.all([b, c].map(line => line.next('conversation.removed', e => e.conversationId === room)));
  await send(a, thread, 'not for them');
  await a.ask({ type: 'ping' });
  for (const [person, line] of [[ben, b] as const, [cem, c] as const]) {
    await line.ask({ type: 'ping' });
    assert.ok(
      !line.heard.some(e => e.type === 'message.created' && e.message.text === 'not for them'),
      person.username,
    );
    const refused = await send(line, thread, 'let me');
    assert.ok(refused.type === 'error' && refused.code === 'conversation.unknown');
    for (const path of ['', '/messages', '/changes?since=0']) {
      assert.equal((await person.http('GET', `/conversations/${thread}${path}`)).body.code, 'conversation.unknown');
    }
    const { body: mine } = await person.http('GET', '/threads');
    assert.deepEqual(mine.threads, []);
  }
});
