import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { api, type Id } from '@carpenter/protocol';
import { houseBehind } from './database-proxy.ts';
import { account, group, type Line } from './people.ts';

async function behindProxy(t: TestContext) {
  const { url, proxy } = await houseBehind(t);
  return { proxy, ana: await account(url, 'ana'), ben: await account(url, 'ben') };
}
const say = (line: Line, conversationId: Id) =>
  line.ask({ type: 'message.send', conversationId, clientId: randomUUID(), text: 'hello' });
const lost = ({ status, body }: { status: number; body: Record<string, unknown> }) =>
  assert.deepEqual([status, body.code], [503, 'storage_unavailable']);

test('promise 4: what was stored while its answer was lost is shown to the others, also when nobody sends it again', async t => {
  const { proxy, ana, ben } = await behindProxy(t);
  const room = await group(ana, [ben]);
  const [hers, his] = [await ana.connect(t), await ben.connect(t)];
  await say(hers, room);
  const { rev } = await his.next('message.created');

  proxy.loseAnswers();
  const lost = await say(hers, room);
  assert.ok(lost.type === 'error' && lost.code === 'storage_unavailable', JSON.stringify(lost));
  const told = await his.next('activity');
  assert.deepEqual([told.conversationId, told.rev, told.lastSeq], [room, rev + 1, 3]);
  const changes = await his.ask({ type: 'sync', conversationId: room, since: rev });
  assert.ok(changes.type === 'changes');
  assert.deepEqual([changes.rev, changes.messages.length], [told.rev, 1]);
});

test('promise 5: who was taken out while the answer was lost hears so, and nothing of the room or its threads from then on', async t => {
  const { proxy, ana, ben } = await behindProxy(t);
  const [room, other] = [await group(ana, [ben]), await group(ana, [ben])];
  const [hers, his] = [await ana.connect(t), await ben.connect(t)];
  await say(his, room);
  const { body } = await ben.http('POST', `/conversations/${room}/messages/2/thread`);
  const thread = api.thread.answers[201].parse(body).conversation.id;
  await say(his, thread); // so he follows it

  proxy.atCommit('done');
  lost(await ana.http('DELETE', `/conversations/${room}/members/${ben.id}`));
  const removed = await his.next('conversation.removed');
  assert.equal(removed.conversationId, room);
  assert.equal(removed.rev, 0, 'and nothing of how far it has come since');
  const since = his.heard.length;
  await say(hers, room);
  await say(hers, thread);
  await say(hers, other);
  const next = await his.next('message.created');
  assert.equal(next.conversationId, other);
  assert.deepEqual(
    his.heard.slice(since).flatMap(event => ('conversationId' in event ? [event.conversationId] : [])),
    [other],
  );
});

test('promise 4: who was added while the answer was lost sees the conversation, and hears what is written in it', async t => {
  const { proxy, ana, ben } = await behindProxy(t);
  const room = await group(ana, []);
  const [hers, his] = [await ana.connect(t), await ben.connect(t)];
  proxy.atCommit('done');
  lost(await ana.http('POST', `/conversations/${room}/members`, { userIds: [ben.id] }));
  const added = await his.next('conversation.added');
  assert.deepEqual(
    [added.conversationId, added.state.mine.role, added.state.conversation.memberCount],
    [room, 'member', 2],
  );
  await say(hers, room);
  assert.equal((await his.next('message.created')).conversationId, room);
});

test('promise 5: a conversation that was deleted while the answer was lost is gone for everybody', async t => {
  const { proxy, ana, ben } = await behindProxy(t);
  const room = await group(ana, [ben]);
  const [hers, his] = [await ana.connect(t), await ben.connect(t)];
  proxy.atCommit('done');
  lost(await ana.http('DELETE', `/conversations/${room}`));
  for (const line of [hers, his]) assert.equal((await line.next('conversation.removed')).conversationId, room);
});
