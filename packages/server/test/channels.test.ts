import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import pg from 'pg';
import { house } from './house.ts';
import { account, direct, group, type Person } from './people.ts';

const send = (person: Person, room: string, text = 'hello') =>
  person.http('POST', `/conversations/${room}/messages`, { clientId: randomUUID(), text });
async function channel(person: Person, name: string, more: object = {}): Promise<string> {
  const { status, body } = await person.http('POST', '/conversations', { type: 'channel', name, ...more });
  assert.equal(status, 201, JSON.stringify(body));
  const { conversation } = body;
  assert.ok(typeof conversation === 'object' && conversation && 'id' in conversation);
  return String(conversation.id);
}
const namesIn = ({ body }: Awaited<ReturnType<Person['http']>>): string[] => {
  assert.ok(Array.isArray(body.channels));
  return body.channels.map(({ conversation }) => conversation.name);
};

test('the first account makes #general, everybody comes into it, also when two come at the same moment', async t => {
  const { url } = await house(t, { generalChannel: 'general' });
  const people = await Promise.all(['ana', 'ben', 'cem'].map(name => account(url, name)));
  for (const person of people) {
    // whoever came before it was there comes in with their next login
    await fetch(`${url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: person.username, password: 'a long enough password', refresh: 'body' }),
    });
    const { body } = await person.http('GET', '/conversations');
    assert.ok(Array.isArray(body.conversations));
    assert.deepEqual(
      body.conversations.map(({ conversation }) => [conversation.name, conversation.type, conversation.everybody]),
      [['general', 'channel', true]],
      person.username,
    );
    assert.equal(body.conversations[0].mine.role, person.grant.user.role === 'owner' ? 'owner' : 'member');
  }
});

test('an account that cannot come into #general just now is made all the same, and comes in with its next login', async t => {
  const { url, databaseUrl } = await house(t, { generalChannel: 'general' });
  await account(url, 'ana');
  const db = new pg.Client({ connectionString: databaseUrl });
  await db.connect();
  const roomsOf = async ({ http }: Person) => {
    const { body } = await http('GET', '/conversations');
    assert.ok(Array.isArray(body.conversations));
    return body.conversations.map(({ conversation }) => conversation.name);
  };
  const comesLater = async (name: string, hinder: string, over: string) => {
    await db.query(hinder);
    const person = await account(url, name);
    await db.query(over);
    assert.deepEqual(await roomsOf(person), [], hinder);
    const username = { username: name, password: 'a long enough password', refresh: 'body' };
    assert.equal((await person.http('POST', '/auth/login', username)).status, 200);
    assert.deepEqual(await roomsOf(person), ['general'], hinder);
  };
  await comesLater('ben', 'BEGIN; SELECT FROM conversation_heads FOR UPDATE', 'COMMIT');
  const [there, elsewhere] = ['welcomed_at', 'elsewhere'];
  const rename = (from: string, to: string) => `ALTER TABLE users RENAME COLUMN ${from} TO ${to}`;
  await comesLater('cem', rename(there, elsewhere), rename(elsewhere, there));
  await db.end();
});

test('public channels are found by name and topic, page by page; private ones and groups by nobody', async t => {
  const { url } = await house(t);
  const [ana, ben] = await Promise.all(['ana', 'ben'].map(name => account(url, name)));
  assert.ok(ana && ben);
  for (const name of ['Wood', 'glue', 'Äpfel', 'tools 100%']) await channel(ana, name, { topic: `about ${name}` });
  await channel(ana, 'secret', { visibility: 'private' });
  await group(ana, [], 'a group');
  assert.deepEqual(namesIn(await ben.http('GET', '/channels')), ['glue', 'tools 100%', 'Wood', 'Äpfel']);
  const first = await ben.http('GET', '/channels?limit=3');
  assert.deepEqual(namesIn(first), ['glue', 'tools 100%', 'Wood']);
  assert.deepEqual(namesIn(await ben.http('GET', `/channels?limit=3&cursor=${first.body.next}`)), ['Äpfel']);
  assert.deepEqual(namesIn(await ben.http('GET', '/channels?q=%23woo')), ['Wood']);
  assert.deepEqual(namesIn(await ben.http('GET', '/channels?q=about+g')), ['glue']);
  assert.deepEqual(
    namesIn(await ben.http('GET', '/channels?q=100%25')),
    ['tools 100%'],
    'a sign of patterns is a sign',
  );
  assert.deepEqual(namesIn(await ben.http('GET', '/channels?q=%00')), []);
  assert.equal((await ben.http('GET', '/channels?cursor=nonsense')).body.code, 'cursor.invalid');
});

test('a public channel has its name for itself, whatever way somebody comes to it', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  await channel(ana, 'wood');
  const again = await ana.http('POST', '/conversations', { type: 'channel', name: 'Wood' });
  assert.equal(again.body.code, 'conversation.name_taken');
  const shut = await channel(ana, 'wood', { visibility: 'private' });
  const other = await channel(ana, 'glue');
  const code = async (room: string, patch: object) =>
    (await ana.http('PATCH', `/conversations/${room}`, patch)).body.code;
  assert.equal(await code(shut, { visibility: 'public' }), 'conversation.name_taken');
  assert.equal(await code(other, { name: 'WOOD' }), 'conversation.name_taken');
  assert.equal(await code(other, { name: 'Glue' }), undefined);
  assert.equal(await code(await group(ana, []), { visibility: 'public' }), 'conversation.not_channel');
});

test('an archived conversation is read-only with a sentence, threads of it too, until it is opened again', async t => {
  const { url } = await house(t);
  const [ana, ben] = await Promise.all(['ana', 'ben'].map(name => account(url, name)));
  assert.ok(ana && ben);
  const room = await channel(ana, 'wood', { memberIds: [ben.id] });
  const at = `/conversations/${room}`;
  const { body } = await send(ben, room);
  const { message } = body;
  assert.ok(typeof message === 'object' && message && 'seq' in message);
  const opened = await ben.http('POST', `${at}/messages/${message.seq}/thread`);
  const { conversation } = opened.body;
  assert.ok(typeof conversation === 'object' && conversation && 'id' in conversation);
  const thread = String(conversation.id);
  assert.equal((await send(ben, thread)).status, 201);
  const line = await ben.connect(t);
  assert.equal((await ana.http('PATCH', at, { archived: true })).status, 200);
  const told = await line.next('conversation.updated');
  assert.ok(told.conversation.archivedAt);
  const tries = {
    write: send(ana, room),
    reply: send(ben, thread),
    edit: ben.http('PATCH', `${at}/messages/${message.seq}`, { text: 'changed' }),
    react: ben.http('PUT', `${at}/messages/${message.seq}/reactions/${encodeURIComponent('👍')}`),
    rename: ana.http('PATCH', at, { name: 'other' }),
    add: ana.http('POST', `${at}/members`, { userIds: [ben.id] }),
    invite: ana.http('POST', '/invites', { conversationIds: [room] }),
  };
  for (const [what, answer] of Object.entries(tries)) {
    assert.equal((await answer).body.code, 'conversation.archived', what);
  }
  assert.equal((await ben.http('GET', `${at}/messages`)).status, 200);
  assert.deepEqual(namesIn(await ana.http('GET', '/channels')), []);
  assert.equal((await ana.http('PATCH', at, { archived: false, topic: 'open again' })).status, 200);
  assert.equal((await send(ben, room)).status, 201);
  assert.equal((await send(ben, thread)).status, 201);
});

test('where only moderators write, others are told so; they answer in threads and react', async t => {
  const { url } = await house(t);
  const [ana, ben] = await Promise.all(['ana', 'ben'].map(name => account(url, name)));
  assert.ok(ana && ben);
  const room = await channel(ana, 'news', { memberIds: [ben.id] });
  await ana.http('PATCH', `/conversations/${room}`, { writers: 'moderators' });
  const { body } = await send(ana, room);
  const { message } = body;
  assert.ok(typeof message === 'object' && message && 'seq' in message);
  assert.equal((await send(ben, room)).body.code, 'conversation.restricted');
  const line = await ben.connect(t);
  const over = await line.ask({ type: 'message.send', conversationId: room, clientId: randomUUID(), text: 'in vain' });
  assert.ok(over.type === 'error' && over.code === 'conversation.restricted');
  const { body: opened } = await ben.http('POST', `/conversations/${room}/messages/${message.seq}/thread`);
  const { conversation } = opened;
  assert.ok(typeof conversation === 'object' && conversation && 'id' in conversation);
  assert.equal((await send(ben, String(conversation.id))).status, 201);
  const also = await ben.http('POST', `/conversations/${conversation.id}/messages`, {
    clientId: randomUUID(),
    text: 'to all',
    alsoInParent: true,
  });
  assert.equal(also.body.code, 'conversation.restricted', 'no way round by a thread');
  await ana.http('PATCH', `/conversations/${room}/members/${ben.id}`, { role: 'moderator' });
  assert.equal((await send(ben, room)).status, 201);
});

test('who may write there no more changes no announcement of before, by a thread neither, and may delete it', async t => {
  const { url } = await house(t);
  const [ana, ben] = await Promise.all(['ana', 'ben'].map(name => account(url, name)));
  assert.ok(ana && ben);
  const room = await channel(ana, 'news', { memberIds: [ben.id] });
  const at = `/conversations/${room}`;
  const seqOf = ({ body: { message } }: Awaited<ReturnType<typeof send>>) => {
    assert.ok(typeof message === 'object' && message && 'seq' in message);
    return message.seq;
  };
  const seq = seqOf(await send(ben, room, 'We meet at nine'));
  const { conversation } = (await ben.http('POST', `${at}/messages/${seq}/thread`)).body;
  assert.ok(typeof conversation === 'object' && conversation && 'id' in conversation);
  const thread = `/conversations/${conversation.id}/messages`;
  const [both, reply] = [true, false].map(alsoInParent =>
    ben.http('POST', thread, { clientId: randomUUID(), text: 'At ten', alsoInParent }),
  );
  assert.ok(both && reply);
  const [seqOfBoth, seqOfReply] = [seqOf(await both), seqOf(await reply)];
  await ana.http('PATCH', at, { writers: 'moderators' });
  const edit = async (path: string) => (await ben.http('PATCH', path, { text: 'Stay at home' })).body.code;
  assert.equal(await edit(`${at}/messages/${seq}`), 'conversation.restricted');
  assert.equal(await edit(`${thread}/${seqOfBoth}`), 'conversation.restricted', 'it stands in the channel, too');
  assert.equal(await edit(`${thread}/${seqOfReply}`), undefined);
  assert.doesNotMatch(JSON.stringify((await ana.http('GET', `${at}/messages`)).body), /Stay at home.*Stay at home/s);
  assert.equal((await ben.http('DELETE', `${at}/messages/${seq}`)).status, 200);
});

test('a deleted conversation is gone at once for everybody, its content soon, and its name is free', async t => {
  const { url, databaseUrl } = await house(t);
  const [ana, ben] = await Promise.all(['ana', 'ben'].map(name => account(url, name)));
  assert.ok(ana && ben);
  const [room, kept] = [await channel(ana, 'wood', { memberIds: [ben.id] }), await channel(ana, 'glue')];
  await send(ben, room, 'words that must not stay');
  await send(ana, kept);
  const line = await ben.connect(t);
  assert.equal((await ben.http('DELETE', `/conversations/${room}`)).body.code, 'member.not_allowed');
  assert.equal(
    (await ana.http('DELETE', `/conversations/${await direct(ana, ben)}`)).body.code,
    'conversation.is_direct',
  );
  assert.equal((await ana.http('DELETE', `/conversations/${room}`)).status, 204);
  await line.next('conversation.removed', e => e.conversationId === room);
  for (const person of [ana, ben]) {
    for (const path of ['', '/messages', '/changes?since=0']) {
      assert.equal((await person.http('GET', `/conversations/${room}${path}`)).body.code, 'conversation.unknown');
    }
    assert.equal((await send(person, room)).body.code, 'conversation.unknown');
  }
  assert.equal((await ana.http('POST', `/conversations/${room}/join`)).body.code, 'conversation.unknown');
  await channel(ana, 'wood');
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const count = async (id: string) =>
    (await client.query('SELECT 1 FROM messages WHERE conversation_id = $1', [id])).rowCount;
  const end = Date.now() + 20_000;
  while ((await count(room)) !== 0) {
    assert.ok(Date.now() < end, 'its content was not swept');
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  assert.equal(await count(kept), 2, 'and nothing else');
  await client.end();
});

test('promise 5: who was removed from a public channel finds and joins it no more, nor after it was made private; a new link or being added lets them in', async t => {
  const { url } = await house(t);
  const [ana, mod, mal] = await Promise.all(['ana', 'mod', 'mal'].map(name => account(url, name)));
  assert.ok(ana && mod && mal);
  const room = await channel(ana, 'wood', { memberIds: [mod.id, mal.id] });
  const at = `/conversations/${room}`;
  const link = async () => String((await ana.http('POST', '/invites', { conversationIds: [room] })).body.code);
  const enter = async (code: string) => (await mal.http('POST', `/invites/${code}/accept`)).body.code;
  const join = async () => (await mal.http('POST', `${at}/join`)).body.code;
  await ana.http('PATCH', `${at}/members/${mod.id}`, { role: 'moderator' });
  const old = await link();
  assert.equal((await mod.http('DELETE', `${at}/members/${mal.id}`)).status, 204);

  const { status, body } = await mal.http('POST', `${at}/join`);
  assert.deepEqual([status, body.code], [403, 'member.removed']);
  assert.match(String(body.detail), /removed from this channel\. Ask somebody/);
  assert.equal((await mal.http('GET', `${at}/messages`)).body.code, 'conversation.unknown');
  assert.deepEqual(namesIn(await mal.http('GET', '/channels')), []);
  assert.deepEqual(namesIn(await mod.http('GET', '/channels')), ['wood']);
  assert.equal(await enter(old), 'invite.removed', 'that they tried lets nobody in');
  await ana.http('PATCH', at, { visibility: 'private' });
  assert.equal(await join(), 'conversation.unknown');
  assert.equal(await enter(old), 'invite.removed');

  await ana.http('PATCH', at, { visibility: 'public' });
  assert.equal(await enter(await link()), undefined, 'somebody wants them back');
  await mal.http('DELETE', `${at}/members/${mal.id}`);
  assert.equal(await join(), undefined, 'who goes by themselves comes back by themselves');
  await mod.http('DELETE', `${at}/members/${mal.id}`);
  assert.equal((await mod.http('POST', `${at}/members`, { userIds: [mal.id] })).status, 200);
  await mal.http('DELETE', `${at}/members/${mal.id}`);
  assert.equal(await join(), undefined);
});
