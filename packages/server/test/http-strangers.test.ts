import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { api, command, type Id, type RouteName } from '@carpenter/protocol';
import { ask } from './ask.ts';
import { house } from './house.ts';
import { account, group, type Person } from './people.ts';

/** What a route of a conversation needs in order not to be refused for its input. A new route fails until it stands here. */
const bodies = (someone: Id): Partial<Record<RouteName, object>> => ({
  updateConversation: { name: 'taken over' },
  updateMine: { folder: 'mine' },
  reportMessage: { reason: 'spam' },
  addMembers: { userIds: [someone] },
  updateMember: { role: 'owner' },
  sendMessage: { clientId: randomUUID(), text: 'let me in' },
  editMessage: { text: 'changed' },
  vote: { votes: [0] },
  markRead: { seq: 1 },
  markDelivered: { seq: 1 },
  markUnread: { seq: 1 },
  keepDraft: { text: 'mine', writtenAt: '2026-11-24T09:26:00.000Z' },
  bookmark: {},
  schedule: { text: 'let me in', sendAt: new Date(Date.now() + 3_600_000).toISOString() },
});
const fields = (conversationId: Id): Record<string, object> => ({
  'message.send': { conversationId, clientId: randomUUID(), text: 'let me in' },
  'message.edit': { conversationId, seq: 1, text: 'changed' },
  'message.delete': { conversationId, seq: 1 },
  'reaction.add': { conversationId, seq: 1, emoji: '👍' },
  'reaction.remove': { conversationId, seq: 1, emoji: '👍' },
  'poll.vote': { conversationId, seq: 1, votes: [0] },
  'receipt.delivered': { conversationId, seq: 1 },
  'receipt.read': { conversationId, seq: 1 },
  typing: { conversationId, active: true },
  sync: { conversationId, since: 0 },
});

/** Everything of a conversation that its members can see. */
async function seen(person: Person, room: Id): Promise<string> {
  const parts = await Promise.all(
    ['', '/messages', '/changes?since=0'].map(path => person.http('GET', `/conversations/${room}${path}`)),
  );
  return JSON.stringify(parts);
}

test('promise 5: whatever a stranger or a former member tries at a conversation or a thread, it is as if it did not exist', async t => {
  const { url } = await house(t);
  const [ana, ben, cleo] = await Promise.all(['ana', 'ben', 'cleo'].map(name => account(url, name)));
  assert.ok(ana && ben && cleo);
  const room = await group(ana, [ben]);
  await ana.http('POST', `/conversations/${room}/messages`, { clientId: randomUUID(), text: 'between us' });
  await ben.http('POST', `/conversations/${room}/leave`);
  const began = await ana.http('POST', `/conversations/${room}/messages/2/thread`);
  const thread = api.thread.answers[201].parse(began.body).conversation.id;
  await ana.http('POST', `/conversations/${thread}/messages`, { clientId: randomUUID(), text: 'also between us' });
  const before = [await seen(ana, room), await seen(ana, thread)];

  const routes = Object.entries(api).filter(([, { path }]) => path.startsWith('/conversations/:id'));
  assert.ok(routes.length > 15);
  for (const [stranger, place] of [cleo, ben].flatMap(person => [room, thread].map(id => [person, id] as const))) {
    const given: Record<string, object | undefined> = bodies(stranger.id);
    for (const [name, { method, path }] of routes) {
      const [real, none] = await Promise.all(
        [place, randomUUID()].map(async id => {
          const values: Record<string, string> = {
            id,
            userId: ana.id,
            seq: '1',
            emoji: encodeURIComponent('👍'),
            option: '0',
          };
          const where = path.replace(/:(\w+)/g, (_, name: string) => values[name] ?? randomUUID());
          const query = name === 'changes' ? '?since=0' : '';
          const asked = { method, token: stranger.grant.accessToken, body: given[name] };
          const { status, text } = await ask(url, `/api/v1${where}${query}`, asked);
          return { status, text };
        }),
      );
      assert.deepEqual(real, none, `${name} by ${stranger.username}`);
      assert.match(real?.text ?? '', /"code":"conversation\.unknown"/, name);
    }
    for (const option of command.options) {
      const type = option.shape.type.value;
      if (!('conversationId' in option.shape)) continue;
      const [real, none] = await Promise.all(
        [place, randomUUID()].map(id => stranger.http('POST', '/commands', { type, ...fields(id)[type] })),
      );
      assert.deepEqual(real, none, `${type} by ${stranger.username}`);
      assert.equal(real?.body.code, 'conversation.unknown', type);
    }
  }
  assert.deepEqual([await seen(ana, room), await seen(ana, thread)], before);
});
