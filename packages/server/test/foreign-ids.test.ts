import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { api, type Command, type CommandType, command, type Id } from '@carpenter/protocol';
import { openStream } from './event-stream.ts';
import { uploaded } from './files.ts';
import { house } from './house.ts';
import { account, direct, group, type Person } from './people.ts';
import { sent } from './sent.ts';

const secret = 'the wages of the year';

/** Ana and Ben in a group with a file, a thread and a direct conversation; Cleo with a conversation of her own. */
async function scene(url: string) {
  const [ana, ben, cleo] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'cleo')];
  const room = await group(ana, [ben], secret);
  const file = (await uploaded(ana, Buffer.from(secret), `${secret}.txt`, 'text/plain')).id;
  const { seq } = await sent(ana, room, secret, { attachments: [file] });
  const began = await ana.http('POST', `/conversations/${room}/messages/${seq}/thread`);
  const thread = api.thread.answers[201].parse(began.body).conversation.id;
  await sent(ben, thread, secret);
  return { ana, ben, cleo, room, thread, file, two: await direct(ana, ben), mine: await group(cleo, [], 'mine') };
}
/** All there is of them. Who is there just now is not: that comes a moment after they came. */
const seen = (person: Person, rooms: readonly Id[]) =>
  Promise.all(
    rooms.flatMap(id =>
      [`/conversations/${id}`, `/conversations/${id}/changes?since=0`].map(async path => {
        const { status, body } = await person.http('GET', path);
        return { status, body: { ...body, presence: undefined } };
      }),
    ),
  );

test('promise 5: an id of others in the body of what one may do is an id that never was', async t => {
  const { url } = await house(t);
  const { ana, ben, cleo, room, thread, file, two, mine } = await scene(url);
  const lines = [await ana.connect(t), await ben.connect(t)];
  const before = await seen(ana, [room, thread, two]);
  const heard = () => lines.map(line => line.heard.filter(({ type }) => !type.startsWith('presence')).length);
  const heardBefore = heard();

  const draft = (more: object) => ({ clientId: randomUUID(), text: 'mine', ...more });
  const forward = (conversationId: Id) => draft({ text: '', forward: { conversationId, seq: 1 } });
  const sendAt = new Date(Date.now() + 3_600_000).toISOString();
  const here = `/conversations/${mine}`;
  type Ask = (id: Id) => [method: string, path: string, body?: object];
  const files: Record<string, Ask> = {
    'sent along': id => ['POST', `${here}/messages`, draft({ attachments: [id] })],
    'sent by the command': id => [
      'POST',
      '/commands',
      { type: 'message.send', conversationId: mine, ...draft({ attachments: [id] }) },
    ],
    'sent later': id => ['POST', `${here}/scheduled`, { text: 'mine', attachments: [id], sendAt }],
    'as my face': id => ['PUT', '/users/me/picture', { mediaId: id }],
    'as the picture of my group': id => ['PATCH', here, { pictureId: id }],
    described: id => ['PATCH', `/media/${id}`, { alt: 'mine' }],
    'given up': id => ['DELETE', `/uploads/${id}`],
  };
  const rooms: Record<string, Ask> = {
    forwarded: id => ['POST', `${here}/messages`, forward(id)],
    'forwarded by the command': id => [
      'POST',
      '/commands',
      { type: 'message.send', conversationId: mine, ...forward(id) },
    ],
    'forwarded later': id => [
      'POST',
      `${here}/scheduled`,
      { text: '', forward: { conversationId: id, seq: 1 }, sendAt },
    ],
    invited: id => ['POST', '/invites', { conversationIds: [mine, id] }],
    'links to it': id => ['GET', `/invites?conversationId=${id}`],
    'read in search': id => ['GET', `/search?q=${encodeURIComponent(`in:${id} wages`)}`],
    'a draft in it': id => ['PUT', `/conversations/${id}/draft`, { text: 'x', writtenAt: new Date().toISOString() }],
  };
  const asked = async (what: string, ask: Ask, id: Id, secretId: Id) => {
    const { status, body } = await cleo.http(...ask(id));
    const text = JSON.stringify(body).replaceAll(id, 'ID');
    assert.ok(!text.includes(secret) && !text.includes(secretId), `${what}: ${text}`);
    assert.ok(status >= 400 || what === 'read in search', `${what}: ${status} ${text}`);
    return [status, text];
  };
  for (const [ids, asks] of [
    [[file], files],
    [[room, thread, two], rooms],
  ] as const)
    for (const [what, ask] of Object.entries(asks))
      for (const id of ids)
        assert.deepEqual(await asked(what, ask, id, id), await asked(what, ask, randomUUID(), id), what);

  // What answers a message is looked for in one's own conversation only.
  const answer = await cleo.http('POST', `${here}/messages`, draft({ replyTo: 999 }));
  assert.equal(answer.body.code, 'message.reply_unknown');
  // A draft is mine alone and keeps whatever it is given; the file is not opened by that.
  await cleo.http('PUT', `${here}/draft`, { text: 'x', attachments: [file], writtenAt: new Date().toISOString() });
  assert.equal((await cleo.http('GET', `/media/${file}`)).body.code, 'media.unknown');

  assert.deepEqual(await seen(ana, [room, thread, two]), before);
  assert.deepEqual(heard(), heardBefore, 'its members heard nothing');
});

test('promise 5: over a socket too, no command tells a conversation of others from one that never was', async t => {
  const { url } = await house(t);
  const { ana, ben, cleo, room, thread, two, mine: own } = await scene(url);
  const [mine, theirs] = [await cleo.connect(t), await ben.connect(t)];
  const before = await seen(ana, [room, thread, two]);
  const heardBefore = theirs.heard.length;
  const fields = { text: 'x', seq: 1, emoji: '👍', votes: [0], active: true, since: 0 };
  const silent: readonly CommandType[] = ['typing', 'watch'];
  let walked = 0;
  for (const option of command.options) {
    const type = option.shape.type.value;
    if (!('conversationId' in option.shape || 'conversationIds' in option.shape)) continue;
    walked++;
    const told = async (id: Id) => {
      const about: Command = command.parse({
        type,
        ...fields,
        clientId: randomUUID(),
        conversationId: id,
        conversationIds: [id],
      });
      if (!silent.includes(type)) {
        const { ref: _, ...answer } = JSON.parse(JSON.stringify(await mine.ask(about)));
        return JSON.stringify(answer).replaceAll(id, 'ID');
      }
      const from = mine.heard.length;
      mine.say(about);
      await mine.ask({ type: 'sync', conversationId: own, since: 0 }); // what was said before is done
      return JSON.stringify(mine.heard.slice(from).filter(({ type }) => type !== 'changes')).replaceAll(id, 'ID');
    };
    const never = await told(randomUUID());
    for (const id of [room, thread, two]) assert.equal(await told(id), never, `${type} ${id}`);
  }
  assert.ok(walked >= 11, `${walked} commands`);
  await sent(ana, room, 'go on');
  await theirs.next('message.created', ({ message }) => message.text === 'go on');
  const between = theirs.heard.slice(heardBefore).map(({ type }) => type);
  assert.deepEqual(
    between.filter(type => !['message.created', 'presence', 'conversation.updated', 'activity'].includes(type)),
    [],
  );
  assert.deepEqual(await seen(ana, [thread, two]), before.slice(2));
  assert.ok(!mine.heard.some(event => JSON.stringify(event).includes(secret)));
});

test('promise 5: over a socket and an event stream a stranger hears nothing of what others do, whatever they asked to watch', async t => {
  const { url } = await house(t);
  const { ana, ben, cleo, room, thread, file, two } = await scene(url);
  const ours = await direct(ana, cleo);
  const [line, stream] = [await cleo.connect(t), await openStream(cleo)];
  const watch: Command = { type: 'watch', conversationIds: [room, thread, two] };
  line.say(watch);
  await line.ask({ type: 'ping' });
  await cleo.http('POST', '/commands', watch);

  const theirs = await ben.connect(t);
  for (const id of [room, thread, two]) {
    const { seq } = await sent(ana, id, `@ben ${secret}`);
    const at = `/conversations/${id}/messages/${seq}`;
    for (const command of [
      { type: 'typing', conversationId: id, active: true },
      { type: 'receipt.read', conversationId: id, seq },
      { type: 'reaction.add', conversationId: id, seq, emoji: '👍' },
    ] satisfies Command[])
      theirs.say(command);
    await ana.http('PATCH', at, { text: `${secret}, again` });
    await ana.http('PUT', `${at}/pin`);
    await ana.http('DELETE', at);
  }
  await ana.http('PATCH', `/conversations/${room}`, { name: `${secret} and of the next` });
  await ana.http('DELETE', `/conversations/${room}/members/${ben.id}`);
  await ana.http('POST', `/conversations/${room}/members`, { userIds: [ben.id] });
  await theirs.next('conversation.added');
  await ana.http('DELETE', `/conversations/${room}`);
  await theirs.ask({ type: 'ping' });
  assert.ok(theirs.heard.length > 20, `${theirs.heard.length} were there to be heard`);

  await sent(ana, ours, 'and now to you');
  await line.next('message.created', ({ message }) => message.text === 'and now to you');
  const said = [JSON.stringify(line.heard), await stream.until('and now to you')];
  await stream.close();
  for (const heard of said) assert.doesNotMatch(heard, new RegExp([secret, room, thread, two, file].join('|')));
});

test('promise 5: by the time of an answer, too, nobody tells what others have from what never was', async t => {
  const { url } = await house(t);
  const { cleo, room, thread, file } = await scene(url);
  const timed = async (path: string) => {
    const began = performance.now();
    assert.equal((await cleo.http('GET', path)).status, 404, path);
    return performance.now() - began;
  };
  const median = (times: number[]) => times.toSorted((a, b) => a - b)[times.length / 2] ?? 0;
  const asked = [
    [room, (id: Id) => `/conversations/${id}`],
    [thread, (id: Id) => `/conversations/${id}/messages`],
    [file, (id: Id) => `/media/${id}`],
  ] as const;
  for (const [theirs, pathOf] of asked) {
    const times: Record<'real' | 'never', number[]> = { real: [], never: [] };
    for (let i = 0; i < 23; i++) {
      const [real, never] = [await timed(pathOf(theirs)), await timed(pathOf(randomUUID()))]; // in turns: a busy moment is of both
      if (i < 3) continue; // plans and connections are made
      times.real.push(real);
      times.never.push(never);
    }
    const [real, never] = [median(times.real), median(times.never)];
    assert.ok(real < never * 2 && never < real * 2, `${pathOf('ID')}: ${real} ms, and ${never} ms of none`);
  }
});

test('promise 2: the client id of somebody else is one of mine: my message is stored, theirs stays, and neither is told of the other', async t => {
  const { url } = await house(t);
  const { ana, ben, room } = await scene(url);
  const clientId = randomUUID();
  const first = await sent(ana, room, 'of ana', { clientId });
  const second = await sent(ben, room, 'of ben', { clientId });
  assert.deepEqual([first.text, second.text, second.seq], ['of ana', 'of ben', first.seq + 1]);
  const again = await ben.http('POST', `/conversations/${room}/messages`, { clientId, text: 'x' });
  assert.equal(api.sendMessage.answers[200].parse(again.body).message.seq, second.seq, 'mine');
});

test('an absurd watermark moves nothing beyond what there is, and swallows nothing that comes', async t => {
  const { url } = await house(t);
  const { ana, ben, room } = await scene(url);
  const line = await ben.connect(t);
  const marks = async () => {
    const { body } = await ben.http('GET', `/conversations/${room}`);
    return api.conversation.answers[200].parse(body).mine;
  };
  const last = (await sent(ana, room, 'one')).seq;
  for (const seq of [-1, 0, 1.5, '3', 2 ** 53, 1e21, null, [1], { seq: 1 }, true, undefined]) {
    for (const mark of ['read', 'delivered', 'unread']) {
      const { status, body } = await ben.http('PUT', `/conversations/${room}/${mark}`, { seq });
      assert.deepEqual([status, body.code], [400, 'input.invalid'], `${mark} ${JSON.stringify(seq)}`);
    }
  }
  // Fewer by the socket, which ends after ten mistakes.
  for (const seq of [-1, 1.5, '3', 2 ** 53, null]) {
    line.ws.send(JSON.stringify({ type: 'receipt.read', conversationId: room, seq, ref: `${seq}` }));
    assert.equal((await line.next('error', ({ ref }) => ref === `${seq}`)).code, 'input.invalid');
  }
  for (const seq of [last + 1, 1_000_000, Number.MAX_SAFE_INTEGER]) {
    await ben.http('PUT', `/conversations/${room}/read`, { seq });
    line.say({ type: 'receipt.read', conversationId: room, seq });
    line.say({ type: 'receipt.delivered', conversationId: room, seq });
  }
  await line.ask({ type: 'ping' });
  const { readSeq, deliveredSeq, unread } = await marks();
  assert.deepEqual([readSeq, deliveredSeq, unread], [last, last, 0]);
  await sent(ana, room, 'two');
  assert.equal((await marks()).unread, 1, 'what comes later is new');
  await ben.http('PUT', `/conversations/${room}/read`, { seq: 1 });
  assert.equal((await marks()).readSeq, last, 'nor does one go back');
});
