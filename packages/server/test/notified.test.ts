import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { api, type Id } from '@carpenter/protocol';
import { house } from './house.ts';
import { account, direct, group, type Person } from './people.ts';

type Asked = { readonly trigger?: string; readonly silence?: string };

test('what somebody set is what decides: level, mute, keywords, hours, blocks, answers, threads', async t => {
  const { url } = await house(t);
  const [ana, ben, cleo] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'cleo')];
  const room = await group(ana, [ben, cleo]);
  const alone = await direct(ana, ben);
  const say = async (person: Person, where: Id, text: string, more: object = {}): Promise<number> => {
    const { status, body } = await person.http('POST', `/conversations/${where}/messages`, {
      clientId: randomUUID(),
      text,
      ...more,
    });
    assert.equal(status, 201, JSON.stringify(body));
    return api.sendMessage.answers[201].parse(body).message.seq;
  };
  const why = async (where: Id, seq: number): Promise<Asked> => {
    const { body } = await ben.http('GET', `/conversations/${where}/messages/${seq}/notification`);
    const { trigger, silence } = api.notification.answers[200].parse(body);
    return { ...(trigger && { trigger }), ...(silence && { silence }) };
  };
  const keep = async (patch: object) =>
    assert.equal((await ben.http('PATCH', `/conversations/${room}/mine`, patch)).status, 200);
  const prefer = async (preferences: object) =>
    assert.equal((await ben.http('PATCH', '/users/me', { preferences })).status, 200);

  // Ordinary messages: of those nothing is kept, so the answer is by the settings of now.
  const plain = await say(ana, room, 'The glue is dry.');
  const personal = await say(ana, alone, 'Only for you');
  assert.deepEqual(await why(room, plain), { trigger: 'everything' });
  assert.deepEqual(await why(alone, personal), { trigger: 'direct' });

  await keep({ notify: 'mentions' });
  assert.deepEqual(await why(room, plain), { silence: 'level' });
  await keep({ keywords: ['Glue'] });
  assert.deepEqual(await why(room, plain), { trigger: 'keyword' });
  await keep({ keywords: null });
  await prefer({ keywords: ['dry'] });
  assert.deepEqual(await why(room, plain), { trigger: 'keyword' }, 'words for everywhere, too');
  await prefer({ keywords: null });
  await keep({ notify: null });

  await keep({ mutedUntil: '2999-01-01T00:00:00.000Z' });
  assert.deepEqual(await why(room, plain), { trigger: 'everything', silence: 'muted' });
  await keep({ mutedUntil: null });
  await prefer({ doNotDisturbUntil: '2999-01-01T00:00:00.000Z' });
  assert.deepEqual(await why(alone, personal), { trigger: 'direct', silence: 'do_not_disturb' });
  await prefer({ doNotDisturbUntil: null });
  const always = { days: [0, 1, 2, 3, 4, 5, 6], from: '00:00', to: '00:00', timeZone: 'Pacific/Auckland' };
  await prefer({ doNotDisturbHours: always });
  assert.deepEqual(await why(room, plain), { trigger: 'everything', silence: 'quiet_hours' });
  await prefer({ doNotDisturbHours: null });

  assert.equal((await ben.http('PUT', `/users/${ana.id}/block`)).status, 204);
  assert.deepEqual(await why(room, plain), { trigger: 'everything', silence: 'blocked' });
  assert.equal((await ben.http('DELETE', `/users/${ana.id}/block`)).status, 204);

  const mine = await say(ben, room, 'Where is it?');
  assert.deepEqual(await why(room, mine), { trigger: 'everything', silence: 'own' });
  await keep({ notify: 'mentions' });
  assert.deepEqual(await why(room, await say(ana, room, 'On the bench', { replyTo: mine })), { trigger: 'reply' });
  await keep({ notify: null });

  const { body } = await cleo.http('POST', `/conversations/${room}/messages/${plain}/thread`);
  const thread = api.thread.answers[200].parse(body).conversation.id;
  const inThread = await say(cleo, thread, 'In a thread');
  assert.deepEqual(await why(thread, inThread), { silence: 'not_followed' });
  assert.equal((await ben.http('PUT', `/conversations/${thread}/follow`)).status, 204);
  assert.deepEqual(await why(thread, await say(cleo, thread, 'More')), { trigger: 'thread' });
  await say(cleo, thread, 'For all', { alsoInParent: true });
  const { body: history } = await cleo.http('GET', `/conversations/${room}/messages`);
  const copy = api.messages.answers[200].parse(history).messages.find(message => message.fromThread)?.seq;
  assert.ok(copy);
  assert.deepEqual(await why(room, copy), { trigger: 'everything', silence: 'in_thread' }, 'told once');
  assert.equal((await ben.http('DELETE', `/conversations/${thread}/follow`)).status, 204);
  assert.deepEqual(
    await why(room, copy),
    { trigger: 'everything' },
    'who does not follow the thread is told of the line',
  );
  assert.equal((await ben.http('PUT', `/conversations/${thread}/follow`)).status, 204);
  await keep({ mutedUntil: '2999-01-01T00:00:00.000Z' });
  assert.deepEqual(
    await why(thread, inThread),
    { trigger: 'thread', silence: 'muted' },
    'a thread is kept as what it hangs in',
  );
});
