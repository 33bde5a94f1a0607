import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { api, message, messagePage } from '@carpenter/protocol';
import { defaults } from '../src/config.ts';
import { house } from './house.ts';
import { account, direct, group, type Person } from './people.ts';
import { sent } from './sent.ts';

const at = (room: string, seq: number) => `/conversations/${room}/messages/${seq}`;
const code = ({ status, body }: { status: number; body: object }) => [status, 'code' in body && body.code];

test('reactions are counted once a person, in the order of first use, told live, and mine travel beside', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const { seq } = await sent(ana, room, 'a table');
  const [a, b] = [await ana.connect(t), await ben.connect(t)];
  const first = await b.ask({ type: 'reaction.add', conversationId: room, seq, emoji: '👍' });
  assert.equal(first.type, 'ack');
  const { reaction, change } = await a.next('message.updated');
  assert.deepEqual([change, reaction], ['reaction', { userId: ben.id, emoji: '👍', added: true }]);
  await b.ask({ type: 'reaction.add', conversationId: room, seq, emoji: '👍' }); // again: nothing changes
  await ana.http('PUT', `${at(room, seq)}/reactions/${encodeURIComponent('🪚')}`);
  const { body } = await ana.http('PUT', `${at(room, seq)}/reactions/${encodeURIComponent('👍')}`);
  assert.deepEqual(message.parse(body).reactions, [
    { emoji: '👍', count: 2, first: [ben.id, ana.id] },
    { emoji: '🪚', count: 1, first: [ana.id] },
  ]);
  const page = messagePage.parse((await ana.http('GET', `/conversations/${room}/messages`)).body);
  assert.deepEqual(page.own, { [seq]: { emoji: ['🪚', '👍'] } });
  const changes = api.changes.answers[200].parse(
    (await ben.http('GET', `/conversations/${room}/changes?since=0`)).body,
  );
  assert.deepEqual(changes.own, { [seq]: { emoji: ['👍'] } });
  await b.ask({ type: 'reaction.remove', conversationId: room, seq, emoji: '👍' });
  const left = await a.next('message.updated', event => event.reaction?.added === false);
  assert.deepEqual(
    left.message.reactions?.map(r => [r.emoji, r.count, r.first]),
    [
      ['👍', 1, [ana.id]],
      ['🪚', 1, [ana.id]],
    ],
  );
  const who = await ben.http('GET', `${at(room, seq)}/reactions/${encodeURIComponent('🪚')}`);
  assert.deepEqual(
    api.reactedBy.answers[200].parse(who.body).people.map(p => p.userId),
    [ana.id],
  );
});

test('a message holds twenty different reactions, only emoji, and none once it is deleted', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const { seq } = await sent(ana, room, 'a chair');
  const react = (emoji: string) => ana.http('PUT', `${at(room, seq)}/reactions/${encodeURIComponent(emoji)}`);
  for (const wrong of ['x', '👍👍', '1', ':wood:', ' 👍'])
    assert.deepEqual(code(await react(wrong)), [400, 'input.invalid']);
  const twenty = Array.from({ length: 20 }, (_, i) => String.fromCodePoint(0x1f400 + i));
  for (const emoji of twenty) assert.equal((await react(emoji)).status, 200, emoji);
  assert.deepEqual(code(await react('👍')), [422, 'reaction.too_many']);
  assert.equal((await react('\u{1f400}')).status, 200);
  const gone = await ana.http('DELETE', at(room, seq));
  assert.equal(message.parse(gone.body).reactions, undefined);
  assert.deepEqual(code(await react('👍')), [409, 'message.deleted']);
});

test('a reaction to a long message counts as long: everybody hears all of it again', async t => {
  const { url } = await house(t, { rates: { ...defaults.rates, bytesPerMinute: 10_000 } });
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await group(ana, [ben]);
  const long = at(room, (await sent(ana, room, 'x'.repeat(8_000))).seq);
  const short = at(room, (await sent(ana, room, 'x')).seq);
  const thread = api.thread.answers[201].parse((await ben.http('POST', `${long}/thread`)).body).conversation.id;
  const react = (who: Person, where: string) => who.http('PUT', `${where}/reactions/${encodeURIComponent('👍')}`);
  const reply = () =>
    ben.http('POST', `/conversations/${thread}/messages`, { clientId: randomUUID(), text: 'tells of its root' });
  assert.equal((await react(ben, long)).status, 200);
  const refused = await ben.http('DELETE', `${long}/reactions/${encodeURIComponent('👍')}`);
  assert.deepEqual(code(refused), [429, 'rate.exceeded']);
  assert.deepEqual(code(await reply()), [429, 'rate.exceeded']);
  assert.deepEqual(
    (await ben.http('GET', `/conversations/${thread}/messages`)).body.messages,
    [],
    'nothing was stored',
  );
  assert.equal((await react(ben, short)).status, 200);
  assert.equal((await react(ana, long)).status, 200);
});

test('a small edit of what carries much counts as much, and so does what is taken out of a thread under a long message', async t => {
  const { url } = await house(t, { rates: { ...defaults.rates, bytesPerMinute: 10_000 } });
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await group(ana, [ben]);
  const carrying = await sent(ana, room, 'x', { metadata: { form: 'y'.repeat(4_000) } });
  const edit = (text: string) => ana.http('PATCH', at(room, carrying.seq), { text });
  for (const text of ['1', '2']) assert.equal((await edit(text)).status, 200);
  assert.deepEqual(code(await edit('3')), [429, 'rate.exceeded']);
  const { body } = await ana.http('GET', at(room, carrying.seq));
  assert.equal(message.parse(body).text, '2');

  const long = at(room, (await sent(ana, room, 'x'.repeat(8_000))).seq);
  const thread = api.thread.answers[201].parse((await ben.http('POST', `${long}/thread`)).body).conversation.id;
  const reply = await sent(ben, thread, 'tells of its root');
  assert.deepEqual(code(await ben.http('DELETE', at(thread, reply.seq))), [429, 'rate.exceeded']);
});

test('who reacted is paged, however many they are', async t => {
  const { url } = await house(t);
  const people = await Promise.all(Array.from({ length: 8 }, (_, i) => account(url, `person${i}`)));
  const [ana, ...others] = people;
  assert.ok(ana);
  const room = await group(ana, others);
  const { seq } = await sent(ana, room, 'a bench');
  const path = `${at(room, seq)}/reactions/${encodeURIComponent('🪵')}`;
  for (const person of people) await person.http('PUT', path);
  const seen: string[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const { body } = await ana.http('GET', `${path}?limit=3${cursor && `&cursor=${cursor}`}`);
    const page = api.reactedBy.answers[200].parse(body);
    seen.push(...page.people.map(p => p.userId));
    cursor = page.next;
  }
  assert.deepEqual(
    seen,
    people.map(p => p.id),
  );
  const { body } = await ana.http('GET', at(room, seq));
  assert.deepEqual(message.parse(body).reactions, [
    { emoji: '🪵', count: 8, first: people.slice(0, 5).map(p => p.id) },
  ]);
});

test('a reply names a message of its conversation that stands, and nothing else', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const { seq } = await sent(ana, room, 'oak or ash?');
  assert.equal((await sent(ben, room, 'oak', { replyTo: seq })).replyTo, seq);
  await ana.http('DELETE', at(room, seq));
  for (const replyTo of [seq, 99]) {
    const answer = await ben.http('POST', `/conversations/${room}/messages`, {
      clientId: randomUUID(),
      text: 'x',
      replyTo,
    });
    assert.deepEqual(code(answer), [422, 'message.reply_unknown']);
  }
});

test('mentions mean members, count as unread for them alone, and say whom they did not reach', async t => {
  const { url } = await house(t);
  const [ana, ben, cleo] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'cleo')];
  const room = await group(ana, [ben]);
  const a = await ana.connect(t);
  const answer = await a.ask({
    type: 'message.send',
    conversationId: room,
    clientId: randomUUID(),
    text: '@ben. and @cleo, `@all` and mail@ben.example',
  });
  assert.ok(answer.type === 'ack');
  assert.deepEqual(answer.message.mentions, [ben.id]);
  assert.deepEqual(
    answer.notices?.map(n => [n.code, n.message.includes('cleo')]),
    [['mention.not_here', true]],
  );
  await sent(ana, room, '@all: lunch');
  await sent(ana, room, 'nobody');
  const mine = async (person: Person) =>
    api.conversation.answers[200].parse((await person.http('GET', `/conversations/${room}`)).body).mine;
  assert.deepEqual([(await mine(ben)).unread, (await mine(ben)).mentions, (await mine(ana)).mentions], [3, 2, 0]);
  const listed = api.mentions.answers[200].parse((await ben.http('GET', '/mentions?limit=1')).body);
  assert.deepEqual(
    listed.messages.map(m => m.mentions),
    [['all']],
  );
  const next = api.mentions.answers[200].parse((await ben.http('GET', `/mentions?cursor=${listed.next}`)).body);
  assert.deepEqual([next.messages.map(m => m.mentions), next.next], [[[ben.id]], undefined]);
  assert.deepEqual((await cleo.http('GET', '/mentions')).body, { messages: [], users: [] });
  await ben.http('PUT', `/conversations/${room}/read`, { seq: answer.message.seq });
  assert.equal((await mine(ben)).mentions, 1);
});

test('promise 3: a message that has to be looked up is stored before the ones that were sent after it', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const a = await ana.connect(t);
  const texts = Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? `@ben ${i}` : `plain ${i}`));
  const answers = await Promise.all(
    texts.map(text => a.ask({ type: 'message.send', conversationId: room, clientId: randomUUID(), text })),
  );
  const stored = answers.flatMap(answer => (answer.type === 'ack' ? [answer.message] : []));
  assert.deepEqual(
    stored.toSorted((x, y) => x.seq - y.seq).map(m => m.text),
    texts,
  );
});

test('pins are seen by all, written into the log, and end with the message', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const { seq } = await sent(ana, room, 'the key is under the mat');
  const pinned = message.parse((await ben.http('PUT', `${at(room, seq)}/pin`)).body);
  assert.deepEqual([pinned.pinnedBy, typeof pinned.pinnedAt], [ben.id, 'string']);
  const page = messagePage.parse((await ana.http('GET', `/conversations/${room}/messages`)).body);
  assert.deepEqual(page.messages.at(-1)?.system, { kind: 'pinned', seq });
  const pins = async () => api.pins.answers[200].parse((await ana.http('GET', `/conversations/${room}/pins`)).body);
  assert.deepEqual(
    (await pins()).messages.map(m => m.seq),
    [seq],
  );
  await ana.http('DELETE', at(room, seq));
  assert.deepEqual((await pins()).messages, []);
});

test('an edited message shows its members what it said before, and a deleted one nothing', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const { seq, createdAt } = await sent(ana, room, 'one');
  for (const text of ['two', 'three', 'three']) await ana.http('PATCH', at(room, seq), { text });
  const read = async () =>
    api.editHistory.answers[200].parse((await ben.http('GET', `${at(room, seq)}/history`)).body).versions;
  const versions = await read();
  assert.deepEqual(
    versions.map(v => v.text),
    ['one', 'two'],
  );
  assert.equal(versions[0]?.at, createdAt);
  await ana.http('DELETE', at(room, seq));
  assert.deepEqual(await read(), []);
});

test('a poll counts one vote a person unless it lets them choose more, until its maker closes it', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const ask = (options: string[]) =>
    ana.http('POST', `/conversations/${room}/messages`, { clientId: randomUUID(), text: 'which?', poll: { options } });
  for (const bad of [
    ['one'],
    ['same', 'same '],
    ['', 'x'],
    Array.from({ length: 11 }, (_, i) => `${i}`),
    ['a'.repeat(101), 'b'],
  ])
    assert.deepEqual(code(await ask(bad)), [422, 'poll.options']);
  const { seq } = await sent(ana, room, 'which?', { poll: { options: ['oak', 'ash'] } });
  const vote = (person: Person, votes: number[]) => person.http('PUT', `${at(room, seq)}/votes`, { votes });
  assert.equal((await vote(ben, [1])).status, 200);
  assert.equal((await vote(ana, [1])).status, 200);
  const changed = message.parse((await vote(ben, [0])).body);
  assert.deepEqual(changed.poll?.options, [
    { text: 'oak', count: 1, first: [ben.id] },
    { text: 'ash', count: 1, first: [ana.id] },
  ]);
  assert.deepEqual(code(await vote(ben, [0, 1])), [422, 'poll.vote']);
  assert.deepEqual(code(await vote(ben, [2])), [422, 'poll.vote']);
  const page = messagePage.parse((await ben.http('GET', `/conversations/${room}/messages`)).body);
  assert.deepEqual(page.own, { [seq]: { votes: [0] } });
  assert.deepEqual(code(await ben.http('POST', `${at(room, seq)}/close`)), [403, 'message.not_yours']);
  await ana.http('POST', `${at(room, seq)}/close`);
  assert.deepEqual(code(await vote(ben, [1])), [409, 'poll.closed']);
  const plain = at(room, (await sent(ana, room, 'oak it is')).seq);
  assert.deepEqual(code(await ben.http('PUT', `${plain}/votes`, { votes: [0] })), [409, 'poll.none']);
  assert.deepEqual(code(await ana.http('POST', `${plain}/close`)), [409, 'poll.none']);
});

test('promise 5: only what one may read can be forwarded, and nobody learns where it came from', async t => {
  const { url } = await house(t);
  const [ana, ben, cleo] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'cleo')];
  const [secret, open] = [await direct(ana, ben), await direct(ben, cleo)];
  const source = await sent(ana, secret, 'oak it is');
  const forward = { conversationId: secret, seq: source.seq };
  const copy = await sent(ben, open, '', { forward });
  assert.deepEqual([copy.text, copy.forwarded], ['oak it is', { sender: ana.id, createdAt: source.createdAt }]);
  assert.equal(JSON.stringify(copy).includes(secret), false);
  const send = (person: Person, more: object) =>
    person.http('POST', `/conversations/${open}/messages`, { clientId: randomUUID(), text: '', ...more });
  assert.deepEqual(code(await send(cleo, { forward })), [404, 'message.unknown']);
  assert.deepEqual(code(await send(ben, { forward: { ...forward, seq: 99 } })), [404, 'message.unknown']);
  assert.deepEqual(code(await send(ben, { forward, text: 'and more' })), [409, 'message.forwarded']);
  assert.deepEqual(code(await ben.http('PATCH', at(open, copy.seq), { text: 'else' })), [409, 'message.forwarded']);
});
