import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { api, type FreshInvite } from '@carpenter/protocol';
import pg from 'pg';
import { ask, refused } from './ask.ts';
import { house } from './house.ts';
import { account, group, type Person, password } from './people.ts';

async function inviteBy(person: Person, conversationIds: string[], more: object = {}): Promise<FreshInvite> {
  const { status, body } = await person.http('POST', '/invites', { conversationIds, ...more });
  assert.equal(status, 201, JSON.stringify(body));
  const { code, id, role, uses, createdBy, createdAt } = body;
  assert.ok(typeof code === 'string' && typeof id === 'string');
  assert.deepEqual([uses, createdBy], [0, person.id]);
  assert.ok(role === 'member' || role === 'guest' || role === 'moderator' || role === 'admin');
  return { code, id, role, uses: 0, createdBy: person.id, createdAt: String(createdAt), conversationIds };
}
const accept = (person: Person, code: string) => person.http('POST', `/invites/${code}/accept`);
const registered = (url: string, username: string, invite?: string) =>
  ask(url, '/api/v1/auth/register', { body: { username, password, refresh: 'body', invite } });

test('a link brings people in, as what it says, and who is in already uses nothing up', async t => {
  const { url } = await house(t);
  const [ana, ben] = await Promise.all(['ana', 'ben'].map(name => account(url, name)));
  assert.ok(ana && ben);
  const [one, two] = [await group(ana, [], 'Birch'), await group(ana, [], 'Oak')];
  const { code } = await inviteBy(ana, [one, two], { role: 'moderator', maxUses: 1 });
  const line = await ben.connect(t);
  const { body } = await accept(ben, code);
  assert.deepEqual(body, { conversationIds: [one, two] });
  const added = await line.next('conversation.added', e => e.conversationId === two);
  assert.equal(added.state.mine.role, 'moderator');
  assert.deepEqual((await accept(ben, code)).body, { conversationIds: [one, two] }, 'it can be clicked again');
  const { body: list } = await ana.http('GET', `/invites?conversationId=${one}`);
  assert.ok(Array.isArray(list.invites) && list.invites[0].uses === 1 && list.invites[0].code === code);
  const page = await ask(url, `/api/v1/invites/${code}`);
  refused(page, 'invite.used_up');
  assert.doesNotMatch(page.text, /Birch|Oak|ana/, 'the page of a link tells nothing of where it leads');
});

test('expired, used up, withdrawn and unknown are four sentences, at every door of a link', async t => {
  const { url, databaseUrl } = await house(t);
  const [ana, ben] = await Promise.all(['ana', 'ben'].map(name => account(url, name)));
  assert.ok(ana && ben);
  const room = await group(ana, []);
  const expired = await inviteBy(ana, [room], { expiresInSeconds: 60 });
  const usedUp = await inviteBy(ana, [room], { maxUses: 1 });
  const withdrawn = await inviteBy(ana, [room]);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`UPDATE invites SET expires_at = '2026-11-20' WHERE code = $1`, [expired.code]);
  await client.query('UPDATE invites SET uses = 1 WHERE code = $1', [usedUp.code]);
  await client.end();
  assert.equal(
    (await ben.http('DELETE', `/invites/${withdrawn.code}`)).body.code,
    'invite.unknown',
    'not by strangers',
  );
  assert.equal((await ana.http('DELETE', `/invites/${withdrawn.code}`)).status, 204);
  const codes = [
    [expired.code, 'invite.expired', /^This invite expired on 2026-11-20\./],
    [usedUp.code, 'invite.used_up', /used up/],
    [withdrawn.code, 'invite.withdrawn', /withdrawn/],
    ['A'.repeat(22), 'invite.unknown', /no such invite/],
  ] as const;
  for (const [code, refusal, words] of codes) {
    assert.match(refused(await ask(url, `/api/v1/invites/${code}`), refusal).detail, words);
    assert.equal((await accept(ben, code)).body.code, refusal);
    refused(await registered(url, 'newcomer', code), refusal);
  }
  refused(await ask(url, '/api/v1/invites/short'), 'input.invalid');
  assert.equal((await ask(url, '/api/v1/auth/username?username=newcomer')).json().free, true, 'nobody was made');
});

/** Somebody else holds a conversation in the database, until `free`. */
async function hold(t: TestContext, databaseUrl: string, conversationId: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => {}); // the database may go first
  t.after(() => client.end());
  await client.connect();
  await client.query('BEGIN');
  await client.query('SELECT FROM conversation_heads WHERE conversation_id = $1 FOR UPDATE', [conversationId]);
  return async () => void (await client.query('ROLLBACK'));
}
async function usesOf(person: Person, conversationId: string, code: string): Promise<unknown> {
  const { body } = await person.http('GET', `/invites?conversationId=${conversationId}`);
  assert.ok(Array.isArray(body.invites));
  return body.invites.find(link => link.code === code).uses;
}

test('a use is a person: who comes in nowhere takes none, however often they try, nor who goes and comes again', async t => {
  const { url } = await house(t);
  const [ana, ben, cem] = await Promise.all(['ana', 'ben', 'cem'].map(name => account(url, name)));
  assert.ok(ana && ben && cem);
  const [one, two] = [await group(ana, [ben], 'Birch'), await group(ana, [ben], 'Oak')];
  const { code } = await inviteBy(ana, [one, two], { maxUses: 2 });
  await ana.http('DELETE', `/conversations/${two}/members/${ben.id}`);
  for (let i = 0; i < 3; i++) assert.deepEqual((await accept(ben, code)).body, { conversationIds: [one] });
  assert.equal(await usesOf(ana, one, code), 0);
  for (let i = 0; i < 3; i++) {
    assert.equal((await ben.http('DELETE', `/conversations/${one}/members/${ben.id}`)).status, 204);
    assert.deepEqual((await accept(ben, code)).body, { conversationIds: [one] });
  }
  assert.equal(await usesOf(ana, one, code), 1);
  assert.deepEqual((await accept(cem, code)).body, { conversationIds: [one, two] });
  assert.equal(await usesOf(ana, one, code), 2);
});

test('whose account was made while the link could not be followed is told so, and comes in by it later; nobody else does', async t => {
  const { url, databaseUrl } = await house(t, { registration: 'invite' });
  const ana = await account(url, 'ana');
  const room = await group(ana, []);
  const { code } = await inviteBy(ana, [room], { role: 'guest', maxUses: 1 });
  const free = await hold(t, databaseUrl, room);
  const answer = await registered(url, 'gus', code);
  assert.equal(answer.status, 201);
  const { failure, accessToken, user } = api.register.answers[201].parse(answer.json());
  assert.ok(failure?.code === 'overloaded');
  assert.match(failure.message, /\w+ \w+.*\.$/);
  refused(await registered(url, 'cem', code), 'invite.used_up');
  await free();
  const again = await ask(url, `/api/v1/invites/${code}/accept`, { method: 'POST', token: accessToken });
  assert.deepEqual(again.json(), { conversationIds: [room] });
  assert.equal(await usesOf(ana, room, code), 1);
  const { body } = await ana.http('GET', `/conversations/${room}`);
  assert.ok(Array.isArray(body.members));
  assert.deepEqual(body.members.map(({ userId, role }) => [userId, role]).at(-1), [user.id, 'guest']);
});

test('whom the link brought into one of two conversations takes a use, and comes into the other by it later', async t => {
  const { url, databaseUrl } = await house(t);
  const [ana, ben, cem] = await Promise.all(['ana', 'ben', 'cem'].map(name => account(url, name)));
  assert.ok(ana && ben && cem);
  const rooms = [await group(ana, [], 'Birch'), await group(ana, [], 'Oak')];
  const [one = '', two = ''] = rooms;
  const { code } = await inviteBy(ana, rooms, { maxUses: 1 });
  const free = await hold(t, databaseUrl, two);
  assert.equal((await accept(ben, code)).body.code, 'overloaded');
  assert.equal((await ben.http('GET', `/conversations/${one}`)).status, 200);
  assert.equal((await accept(cem, code)).body.code, 'invite.used_up');
  await free();
  assert.deepEqual((await accept(ben, code)).body, { conversationIds: rooms });
  assert.equal(await usesOf(ana, one, code), 1);
});

test('a link with one use lets one of many in who come at the same moment, and a name that is taken uses nothing up', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  const room = await group(ana, []);
  const { code } = await inviteBy(ana, [room], { maxUses: 1 });
  refused(await registered(url, 'ana', code), 'account.taken');
  const answers = await Promise.all(['b1b', 'b2b', 'b3b', 'b4b'].map(name => registered(url, name, code)));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 410, 410, 410]);
  const { body } = await ana.http('GET', `/conversations/${room}`);
  assert.ok(Array.isArray(body.members) && body.members.length === 2);
});

test('where registration is closed, only the first account and those with a link come in, and /version says so', async t => {
  const { url } = await house(t, { registration: 'invite' });
  const ana = await account(url, 'ana');
  refused(await registered(url, 'ben'), 'account.registration_closed');
  assert.equal((await ask(url, '/version')).json().registration, 'invite');
  const room = await group(ana, []);
  const { code } = await inviteBy(ana, [room]);
  assert.deepEqual((await ask(url, `/api/v1/invites/${code}`)).json(), { guest: false });
  const ben = await account(url, 'ben', code);
  assert.equal((await ben.http('GET', `/conversations/${room}`)).status, 200);
});

test('a link is worth no more than whoever made it: who was removed or lost the role lets nobody in any more', async t => {
  const { url } = await house(t, { registration: 'invite' });
  const ana = await account(url, 'ana');
  const room = await group(ana, []);
  const first = await inviteBy(ana, [room], { role: 'admin' });
  const ben = await account(url, 'ben', first.code);
  const link = await inviteBy(ben, [room]);
  assert.equal((await ben.http('POST', '/invites', { conversationIds: [room], role: 'owner' })).status, 400);
  await ana.http('PATCH', `/conversations/${room}/members/${ben.id}`, { role: 'moderator' });
  const above = await ben.http('POST', '/invites', { conversationIds: [room], role: 'admin' });
  assert.equal(above.body.code, 'member.not_allowed');
  await ana.http('DELETE', `/conversations/${room}/members/${ben.id}`);
  const cem = await registered(url, 'cem', link.code);
  refused(cem, 'invite.withdrawn');
  assert.equal((await accept(ben, link.code)).body.code, 'invite.withdrawn');
});

test('promise 5: who was removed comes back by no link of before, by a new one or by being added they do; who left may', async t => {
  const { url } = await house(t);
  const [ana, ben] = await Promise.all(['ana', 'ben'].map(name => account(url, name)));
  assert.ok(ana && ben);
  const room = await group(ana, [ben]);
  const old = await inviteBy(ana, [room], { maxUses: 1 });
  const remove = () => ana.http('DELETE', `/conversations/${room}/members/${ben.id}`);
  await ben.http('DELETE', `/conversations/${room}/members/${ben.id}`);
  assert.deepEqual((await accept(ben, old.code)).body, { conversationIds: [room] });

  const standing = await inviteBy(ana, [room]);
  await remove();
  assert.equal((await accept(ben, standing.code)).body.code, 'invite.removed');
  const other = await group(ana, [], 'Oak');
  const both = await inviteBy(ana, [other, room]);
  await ana.http('POST', `/conversations/${room}/members`, { userIds: [ben.id] });
  await remove();
  assert.deepEqual((await accept(ben, both.code)).body, { conversationIds: [other] }, 'where they were not removed');

  const fresh = await inviteBy(ana, [room], { maxUses: 1 });
  assert.deepEqual((await accept(ben, fresh.code)).body, { conversationIds: [room] });
  await ben.http('DELETE', `/conversations/${room}/members/${ben.id}`);
  assert.deepEqual(
    (await accept(ben, standing.code)).body,
    { conversationIds: [room] },
    'they were let in again since',
  );
});

test('a link is shown to those who could make it; others who may invite here see that there is one, and may withdraw it', async t => {
  const { url } = await house(t);
  const [ana, mod, ben] = await Promise.all(['ana', 'mod', 'ben'].map(name => account(url, name)));
  assert.ok(ana && mod && ben);
  const [lobby, vault] = [await group(ana, [mod], 'Lobby'), await group(ana, [], 'Vault')];
  await ana.http('PATCH', `/conversations/${lobby}/members/${mod.id}`, { role: 'moderator' });
  const further = await inviteBy(ana, [lobby, vault]);
  const above = await inviteBy(ana, [lobby], { role: 'admin' });
  const same = await inviteBy(ana, [lobby]);
  const seenBy = async (person: Person) => {
    const { body } = await person.http('GET', `/invites?conversationId=${lobby}`);
    assert.ok(Array.isArray(body.invites));
    return body.invites.map(({ id, code, conversationIds }) => ({ id, code, conversationIds }));
  };
  assert.deepEqual(await seenBy(mod), [
    { id: same.id, code: same.code, conversationIds: [lobby] },
    { id: above.id, code: undefined, conversationIds: [lobby] },
    { id: further.id, code: undefined, conversationIds: [lobby] },
  ]);
  assert.deepEqual(
    (await seenBy(ana)).map(({ code }) => code),
    [same.code, above.code, further.code],
  );
  assert.equal((await ben.http('DELETE', `/invites/${further.id}`)).body.code, 'invite.unknown');
  assert.equal((await mod.http('DELETE', `/invites/${further.id}`)).status, 204);
  assert.equal((await accept(ben, further.code)).body.code, 'invite.withdrawn');
});

test('a guest comes in by a link and sees that conversation and its people, and nothing else of the house', async t => {
  const { url } = await house(t, { generalChannel: 'general' });
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await group(ana, [], 'for visitors');
  await ana.http('POST', '/conversations', { type: 'channel', name: 'public one', visibility: 'public' });
  const { code } = await inviteBy(ana, [room], { role: 'guest' });
  assert.deepEqual((await ask(url, `/api/v1/invites/${code}`)).json(), { guest: true });
  const gus = await account(url, 'gus', code);
  const { body } = await gus.http('GET', '/conversations');
  assert.ok(Array.isArray(body.conversations));
  assert.deepEqual(
    body.conversations.map(({ conversation, mine }) => [conversation.name, mine.role]),
    [['for visitors', 'guest']],
  );
  assert.deepEqual((await gus.http('GET', '/channels')).body, { channels: [] });
  const { body: people } = await gus.http('GET', '/users?q=');
  assert.ok(Array.isArray(people.users));
  assert.deepEqual(people.users.map(({ username }) => username).sort(), ['ana', 'gus']);
  assert.equal((await gus.http('GET', `/users/${ben.id}`)).body.code, 'user.unknown');
  const refusedBlocks = await Promise.all([ben.id, randomUUID()].map(id => gus.http('PUT', `/users/${id}/block`)));
  assert.equal(refusedBlocks[0]?.body.code, 'user.unknown');
  assert.deepEqual(refusedBlocks[0], refusedBlocks[1], 'blocking tells no more');
  const refusedAdding = await Promise.all(
    [ben.id, randomUUID()].map(id => gus.http('POST', `/conversations/${randomUUID()}/members`, { userIds: [id] })),
  );
  assert.deepEqual(refusedAdding[0], refusedAdding[1], 'nor does adding people to anything');
  assert.equal((await gus.http('PUT', `/users/${ana.id}/block`)).status, 204);
  assert.equal((await gus.http('DELETE', `/users/${ana.id}/block`)).status, 204);
  for (const filter of ['from', 'mentions']) {
    const search = await gus.http('GET', `/search?q=${filter}:ben`);
    assert.equal(search.body.code, 'search.filter_unknown', 'as for a name that nobody has');
  }
  assert.equal((await gus.http('GET', '/search?q=from:ana')).status, 200);
  assert.deepEqual(
    (await gus.http('GET', `/users?ids=${ben.id},${ana.id}`)).body.users,
    [ana.grant.user].map(publicly),
  );
  assert.equal(
    (await gus.http('POST', '/conversations', { type: 'direct', userId: ben.id })).body.code,
    'user.unknown',
  );
  assert.equal((await gus.http('POST', '/conversations', { type: 'direct', userId: ana.id })).status, 201);
  const own = await gus.http('POST', '/conversations', { type: 'group', name: 'mine', memberIds: [] });
  assert.equal(own.body.code, 'guest.not_allowed');
  const { body: all } = await ana.http('GET', '/channels');
  assert.ok(Array.isArray(all.channels));
  const [general] = all.channels;
  assert.equal(
    (await gus.http('POST', `/conversations/${general.conversation.id}/join`)).body.code,
    'conversation.unknown',
  );
  await ben.http('POST', `/conversations/${general.conversation.id}/members`, { userIds: [gus.id] });
  const { body: added } = await gus.http('GET', `/conversations/${general.conversation.id}`);
  assert.ok(typeof added.mine === 'object' && added.mine && 'role' in added.mine);
  assert.equal(added.mine.role, 'guest', 'whoever adds a guest adds a guest');
});
const publicly = ({ id, username, displayName, createdAt }: Person['grant']['user']) => ({
  id,
  username,
  displayName,
  createdAt,
});
