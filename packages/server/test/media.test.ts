import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { api, type Id } from '@carpenter/protocol';
import sharp from 'sharp';
import { download, picture, uploaded } from './files.ts';
import { house } from './house.ts';
import { account, direct, group, type Person } from './people.ts';

/** @returns its `seq` */
async function send({ http }: Person, room: Id, attachments: Id[], more: object = {}): Promise<number> {
  const draft = { clientId: randomUUID(), text: '', attachments, ...more };
  const { status, body } = await http('POST', `/conversations/${room}/messages`, draft);
  assert.equal(status, 201, JSON.stringify(body));
  assert.ok(typeof body.message === 'object' && body.message && 'seq' in body.message);
  return Number(body.message.seq);
}
const photo = () => picture(120, 90).jpeg().toBuffer();
const statuses = async (people: readonly Person[], id: Id) =>
  await Promise.all(people.map(async person => (await download(person, id)).status));

test('a photo goes to whoever may read a message it was sent in, as long as they may, and to nobody else', async t => {
  const { url } = await house(t);
  const [ana, ben, cleo] = await Promise.all(['ana', 'ben', 'cleo'].map(name => account(url, name)));
  assert.ok(ana && ben && cleo);
  const room = await group(ana, [ben]);
  const { id } = await uploaded(ana, await photo(), 'joint.jpg', 'image/jpeg');
  assert.deepEqual(await statuses([ana, ben, cleo], id), [200, 404, 404]); // not sent yet

  const seq = await send(ana, room, [id]);
  assert.deepEqual(await statuses([ana, ben, cleo], id), [200, 200, 404]);
  const [real, none] = await Promise.all([download(cleo, id), download(cleo, randomUUID())]);
  assert.equal(await real.text(), await none.text());
  assert.equal((await download(cleo, id, {}, '/thumbnail')).status, 404);

  await ben.http('POST', `/conversations/${room}/leave`);
  assert.deepEqual(await statuses([ana, ben], id), [200, 404]);

  await ana.http('POST', `/conversations/${room}/members`, { userIds: [ben.id] });
  assert.deepEqual(await statuses([ana, ben], id), [200, 200]);
  await ana.http('DELETE', `/conversations/${room}/messages/${seq}`);
  assert.deepEqual(await statuses([ben, cleo], id), [404, 404]);
});

test('a file in a thread goes to whoever may read its parent', async t => {
  const { url } = await house(t);
  const [ana, ben, cleo] = await Promise.all(['ana', 'ben', 'cleo'].map(name => account(url, name)));
  assert.ok(ana && ben && cleo);
  const room = await group(ana, [ben]);
  const root = await send(ana, room, [], { text: 'root' });
  const thread = await ana.http('POST', `/conversations/${room}/messages/${root}/thread`);
  assert.ok(typeof thread.body.conversation === 'object' && thread.body.conversation !== null);
  const threadId = 'id' in thread.body.conversation ? String(thread.body.conversation.id) : '';
  const { id } = await uploaded(ana, await photo());
  await send(ana, threadId, [id]);
  assert.deepEqual(await statuses([ana, ben, cleo], id), [200, 200, 404]);
});

test('a message names only files that its sender may have, whole ones', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const foreign = await uploaded(ben, await photo());
  const mine = await uploaded(ana, await photo());
  for (const attachments of [[foreign.id], [randomUUID()], [mine.id, foreign.id]]) {
    const draft = { clientId: randomUUID(), text: 'look', attachments };
    const { status, body } = await ana.http('POST', `/conversations/${room}/messages`, draft);
    assert.deepEqual([status, body.code], [404, 'media.unknown']);
  }
  const page = await ana.http('GET', `/conversations/${room}/messages`);
  assert.deepEqual(page.body.messages, []); // nothing half done
  await send(ben, room, [foreign.id]);
  await send(ana, room, [foreign.id, mine.id]); // what I may read I may show again
});

test('what stands under files can be taken away again; a message without files keeps some text', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const { id } = await uploaded(ana, await photo());
  const seq = await send(ana, room, [id], { text: 'my new tabel' });
  const edit = (of: number, text: string) => ana.http('PATCH', `/conversations/${room}/messages/${of}`, { text });
  const bare = await edit(seq, '');
  assert.deepEqual([bare.status, bare.body.text], [200, '']);
  assert.deepEqual(await statuses([ana, ben], id), [200, 200], 'the file stays');
  assert.deepEqual((await edit(seq, ' ')).body.code, 'message.empty');
  const plain = await send(ana, room, [], { text: 'words' });
  assert.deepEqual((await edit(plain, '')).body.code, 'message.empty');
});

test('a picture loses what the camera wrote into it, and stands as the camera was held', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  const taken = await picture(400, 300)
    .jpeg()
    .withExif({ IFD0: { Make: 'Spyglass', Artist: 'Ana at home' }, IFD3: { GPSLatitude: '47/1 22/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .toBuffer();
  assert.ok(taken.includes('Spyglass'));
  const told = await uploaded(ana, taken, 'held upright.jpg', 'image/jpeg');
  assert.deepEqual([told.width, told.height], [300, 400]);
  for (const part of ['', '/thumbnail']) {
    const bytes = Buffer.from(await (await download(ana, told.id, {}, part)).arrayBuffer());
    const { exif, xmp, iptc, orientation, width, height } = await sharp(bytes).metadata();
    assert.deepEqual(
      [exif, xmp, iptc, orientation, width, height],
      [undefined, undefined, undefined, undefined, 300, 400],
    );
    assert.equal(bytes.includes('Spyglass') || bytes.includes('at home'), false);
    // The blue lower half of what was taken is now on the left.
    const { data } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    const [r = 0, , b = 0] = data.subarray((200 * 300 + 20) * 3);
    assert.ok(b > r, `${r} ${b}`);
  }
});

test('PNG, WebP, GIF and AVIF are pictures with a size, a blur and a small picture; a GIF and a WebP go on moving', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  const frames = await Promise.all([picture(64, 48).png().toBuffer(), picture(64, 48).negate().png().toBuffer()]);
  const moving = () => sharp(frames, { join: { animated: true } });
  const given = [
    ['a.png', await picture(64, 48).png().toBuffer(), 'image/png', undefined],
    ['a.webp', await picture(64, 48).webp().toBuffer(), 'image/webp', undefined],
    ['a.avif', await picture(64, 48).avif().toBuffer(), 'image/webp', undefined],
    ['a.gif', await picture(64, 48).gif().toBuffer(), 'image/gif', undefined],
    ['m.gif', await moving().gif().toBuffer(), 'image/gif', true],
    ['m.webp', await moving().webp().toBuffer(), 'image/webp', true],
  ] as const;
  for (const [name, bytes, mediaType, animated] of given) {
    const told = await uploaded(ana, bytes, name, 'application/octet-stream');
    assert.deepEqual([told.kind, told.mediaType, told.animated], ['image', mediaType, animated], name);
    assert.deepEqual([told.width, told.height], [64, 48], name);
    assert.match(told.blur ?? '', /^[\w+/=]{10,60}$/, name);
    const kept = Buffer.from(await (await download(ana, told.id)).arrayBuffer());
    const { pages = 1, width } = await sharp(kept).metadata();
    assert.deepEqual([pages > 1, width], [animated ?? false, 64], name);
    assert.equal((await download(ana, told.id, {}, '/thumbnail')).headers.get('content-type'), 'image/webp');
  }
});

test('a recording is a voice message with its waveform, and any part of it can be asked for', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  const waveform = [0, 12, 80, 100, 40];
  const about = { voice: true, durationMs: 2_400, waveform, alt: 'the saw' };
  const told = await uploaded(ana, wav(2_000), 'recording.wav', 'audio/wav', about);
  assert.deepEqual(
    [told.kind, told.mediaType, told.durationMs, told.waveform, told.alt],
    ['voice', 'audio/wav', 2_400, waveform, 'the saw'],
  );
  const whole = Buffer.from(await (await download(ana, told.id)).arrayBuffer());
  const cases = [
    ['bytes=0-3', 206, `bytes 0-3/${told.bytes}`, whole.subarray(0, 4)],
    ['bytes=100-', 206, `bytes 100-${told.bytes - 1}/${told.bytes}`, whole.subarray(100)],
    ['bytes=-10', 206, `bytes ${told.bytes - 10}-${told.bytes - 1}/${told.bytes}`, whole.subarray(-10)],
    ['bytes=0-1,5-6', 200, null, whole],
    ['seconds=1-2', 200, null, whole],
  ] as const;
  for (const [range, status, contentRange, bytes] of cases) {
    const answer = await download(ana, told.id, { range });
    assert.deepEqual([answer.status, answer.headers.get('content-range')], [status, contentRange], range);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), bytes, range);
  }
  const beyond = await download(ana, told.id, { range: `bytes=${told.bytes}-` });
  assert.deepEqual([beyond.status, beyond.headers.get('content-range')], [416, `bytes */${told.bytes}`]);
  const head = await fetch(`${url}/api/v1/media/${told.id}`, {
    method: 'HEAD',
    headers: { authorization: `Bearer ${ana.grant.accessToken}` },
  });
  assert.deepEqual([head.status, head.headers.get('content-length')], [200, String(told.bytes)]);
  const etag = (await download(ana, told.id)).headers.get('etag') ?? '';
  assert.equal((await download(ana, told.id, { 'if-none-match': etag })).status, 304);
});

test('the files of a conversation are listed latest first, page by page and by kind, for its members', async t => {
  const { url } = await house(t);
  const [ana, ben, cleo] = await Promise.all(['ana', 'ben', 'cleo'].map(name => account(url, name)));
  assert.ok(ana && ben && cleo);
  const room = await direct(ana, ben);
  const shots = await Promise.all([1, 2, 3].map(async n => uploaded(ana, await photo(), `${n}.jpg`, 'image/jpeg')));
  const plan = await uploaded(ben, Buffer.from('cut list'), 'plan.txt', 'text/plain');
  await send(ana, room, [shots[0]?.id ?? '', shots[1]?.id ?? '']);
  await send(ben, room, [plan.id]);
  await send(ana, room, [shots[2]?.id ?? '']);
  const names = async (query: string) => {
    const found: unknown[] = [];
    for (let next = ''; ; ) {
      const { body } = await ben.http('GET', `/conversations/${room}/media?limit=2${query}${next}`);
      assert.ok(Array.isArray(body.media), JSON.stringify(body));
      found.push(...body.media.map(({ attachment }) => attachment.name));
      if (typeof body.next !== 'string') return found;
      next = `&cursor=${body.next}`;
    }
  };
  assert.deepEqual(await names(''), ['3.jpg', 'plan.txt', '2.jpg', '1.jpg']);
  assert.deepEqual(await names('&kind=image,video'), ['3.jpg', '2.jpg', '1.jpg']);
  assert.deepEqual(await names('&kind=file'), ['plan.txt']);
  assert.equal((await ben.http('GET', `/conversations/${room}/media?kind=poem`)).status, 400);
  assert.equal((await ben.http('GET', `/conversations/${room}/media?cursor=x`)).body.code, 'cursor.invalid');
  assert.equal((await cleo.http('GET', `/conversations/${room}/media`)).body.code, 'conversation.unknown');
});

test('name and description change until the file is sent, by its uploader alone', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const { id } = await uploaded(ana, await photo(), 'IMG_0001.jpg', 'image/jpeg');
  assert.equal((await ben.http('PATCH', `/media/${id}`, { alt: 'mine' })).body.code, 'media.unknown');
  const { body } = await ana.http('PATCH', `/media/${id}`, { alt: 'a dovetail', name: 'joint.jpg' });
  assert.deepEqual([body.alt, body.name], ['a dovetail', 'joint.jpg']);
  await send(ana, room, [id]);
  assert.equal((await ana.http('PATCH', `/media/${id}`, { alt: 'something else' })).body.code, 'media.unknown');
});

test('a face is a picture that everybody with an account may have, until it is taken away; others hear of it at once', async t => {
  const { url } = await house(t);
  const [ana, ben, cleo] = await Promise.all(['ana', 'ben', 'cleo'].map(name => account(url, name)));
  assert.ok(ana && ben && cleo);
  await direct(ana, ben);
  const line = await ben.connect(t);
  const face = await uploaded(ana, await photo(), 'me.jpg', 'image/jpeg');
  const plan = await uploaded(ana, Buffer.from('no face'), 'plan.txt', 'text/plain');
  const foreign = await uploaded(ben, await photo());
  const put = (mediaId: Id) => ana.http('PUT', '/users/me/picture', { mediaId });
  assert.equal((await put(plan.id)).body.code, 'media.not_a_picture');
  assert.equal((await put(foreign.id)).body.code, 'media.unknown');
  assert.equal((await put(randomUUID())).body.code, 'media.unknown');
  assert.deepEqual(await statuses([ben, cleo], face.id), [404, 404]);

  assert.equal((await put(face.id)).body.pictureId, face.id);
  assert.equal((await line.next('user.updated')).user.pictureId, face.id);
  assert.equal((await cleo.http('GET', `/users/${ana.id}`)).body.pictureId, face.id);
  assert.deepEqual(await statuses([ana, ben, cleo], face.id), [200, 200, 200]);
  const { body } = await ana.http('DELETE', '/users/me/picture');
  assert.equal(body.pictureId, undefined);
  assert.deepEqual(await statuses([ben, cleo], face.id), [404, 404]);
});

test('a group has a picture for those in it, a public channel for all but guests; who may rename it may change it', async t => {
  const { url } = await house(t);
  const [ana, ben, cleo] = await Promise.all(['ana', 'ben', 'cleo'].map(name => account(url, name)));
  assert.ok(ana && ben && cleo);
  const kitchen = await group(ana, [ben], 'Kitchen');
  const line = await ben.connect(t);
  const face = await uploaded(ana, await photo(), 'kitchen.jpg', 'image/jpeg');
  const plan = await uploaded(ana, Buffer.from('no face'), 'plan.txt', 'text/plain');
  const put = (who: Person, id: Id, pictureId: Id | null) => who.http('PATCH', `/conversations/${id}`, { pictureId });
  assert.equal((await put(ana, kitchen, plan.id)).body.code, 'media.not_a_picture');
  assert.equal((await put(ana, kitchen, randomUUID())).body.code, 'media.unknown');
  assert.equal((await put(ben, kitchen, face.id)).body.code, 'member.not_allowed');
  assert.equal((await put(cleo, kitchen, face.id)).body.code, 'conversation.unknown');

  assert.equal((await put(ana, kitchen, face.id)).body.pictureId, face.id);
  assert.equal((await line.next('conversation.updated')).conversation.pictureId, face.id);
  assert.deepEqual(await statuses([ana, ben, cleo], face.id), [200, 200, 404]);
  assert.deepEqual((await ana.http('GET', `/conversations/${kitchen}/media`)).body.media, []); // nobody sent it

  const other = await uploaded(ana, await photo(), 'other.jpg', 'image/jpeg');
  await put(ana, kitchen, other.id);
  assert.deepEqual(await statuses([ana, ben, cleo], face.id), [200, 404, 404]); // hers, until it is swept
  await put(ana, kitchen, null);
  assert.deepEqual(await statuses([ben], other.id), [404]);

  const made = await ana.http('POST', '/conversations', { type: 'channel', name: 'kiln' });
  const channel = api.createConversation.answers[201].parse(made.body).conversation.id;
  const sign = await uploaded(ana, await photo(), 'sign.jpg', 'image/jpeg');
  await put(ana, channel, sign.id);
  assert.deepEqual(await statuses([ben, cleo], sign.id), [200, 200]);
  await ana.http('PATCH', `/conversations/${channel}`, { visibility: 'private' });
  assert.deepEqual(await statuses([ben, cleo], sign.id), [404, 404]);
});

/** A WAV file of so many bytes of sound. */
function wav(bytes: number): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + bytes, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8_000, 24);
  head.writeUInt32LE(8_000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(bytes, 40);
  return Buffer.concat([head, Buffer.from(Array.from({ length: bytes }, (_, i) => (i * 7) % 256))]);
}
