import assert from 'node:assert/strict';
import test from 'node:test';
import { defaultLimits } from '@carpenter/protocol';
import { picture } from '../../../server/test/files.ts';
import { house } from '../../../server/test/house.ts';
import type { Client, Upload } from '../../src/index.ts';
import { carry } from '../../src/uploads/carry.ts';
import { proxyTo } from '../proxy.ts';
import { clientOf, newcomer, open, password, until } from '../world.ts';

const file = (bytes: Uint8Array, name: string, type = 'application/octet-stream') =>
  new File([Buffer.from(bytes)], name, { type });
const noise = (length: number) => new Uint8Array(length).map((_, i) => (i * i) % 251);
const is = (client: Client, id: string, status: Upload['status']['is']) =>
  until(client.uploads, all => all.find(upload => upload.id === id)?.status.is === status, `${id} ${status}`);
const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());

test('a message with files waits for them and arrives with them, in the order they were added', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await newcomer(t, url, 'ana'), await newcomer(t, url, 'ben')];
  const room = await ana.client.beginDirect(ben.id);
  const bens = open(t, ben.client, room);
  const photo = file(await picture(800, 600).png().toBuffer(), 'bench.png', 'image/png');
  const plan = file(noise(3_000_000), 'plan.bin');
  const uploads = [ana.client.upload(room, plan), ana.client.upload(room, photo)];
  const anas = open(t, ana.client, room);
  const sent = anas.send('look', { uploads });
  assert.deepEqual(
    ana.client.uploads.get().map(({ name, inMessage }) => [name, inMessage]),
    [
      ['plan.bin', true],
      ['bench.png', true],
    ],
  );
  const message = await anas.stored(sent);
  assert.deepEqual(
    message.attachments?.map(({ name, kind, bytes, width }) => [name, kind, bytes > 0, width]),
    [
      ['plan.bin', 'file', true, undefined],
      ['bench.png', 'image', true, 800],
    ],
  );
  await until(bens.timeline, ({ messages }) => messages.length === 1, 'the message');
  const [first] = message.attachments ?? [];
  assert.deepEqual(await bytesOf(await ben.client.download(first?.id ?? '')), noise(3_000_000));
  assert.deepEqual(ana.client.uploads.get(), []);
  await anas.edit(message.seq, '');
  await until(bens.timeline, ({ messages: [only] }) => only?.kind === 'stored' && only.message.text === '', 'no text');
  const { media } = await ben.client.mediaIn(room, { kinds: ['image'] });
  assert.deepEqual(
    media.map(({ attachment }) => attachment.name),
    ['bench.png'],
  );
});

test('an upload goes on after the connection broke, from where it stood, and its message after it', async t => {
  const { url } = await house(t);
  const proxy = await proxyTo(t, url);
  const [ana, ben] = [await newcomer(t, proxy.url, 'ana'), await newcomer(t, url, 'ben')];
  const room = await ana.client.beginDirect(ben.id);
  const anas = open(t, ana.client, room);
  const begun = proxy.passed('PATCH /api/v1/uploads/', 3);
  const id = ana.client.upload(room, file(noise(20_000_000), 'film.bin'));
  const sent = anas.send('', { uploads: [id] });
  await begun;
  proxy.cut();
  await is(ana.client, id, 'waiting');
  const [before] = ana.client.uploads.get();
  assert.equal(before?.status.is === 'waiting' && typeof before.status.because.words, 'string');
  proxy.heal();
  const asked = proxy.passed('HEAD /api/v1/uploads/', 1);
  ana.client.retryNow();
  const { attachments } = await anas.stored(sent);
  await asked;
  assert.deepEqual(await bytesOf(await ben.client.download(attachments?.[0]?.id ?? '')), noise(20_000_000));
});

test('what the server refuses fails with its words, the message with it; without the file the rest can be sent', async t => {
  const { url } = await house(t, { limits: { ...defaultLimits, mediaMaxBytes: 500_000 } });
  const [ana, ben] = [await newcomer(t, url, 'ana'), await newcomer(t, url, 'ben')];
  const room = await ana.client.beginDirect(ben.id);
  const anas = open(t, ana.client, room);
  const large = ana.client.upload(room, file(noise(500_001), 'large.bin'));
  assert.equal(failureOf(ana.client, large), 'media.too_large'); // at once, before a byte of it went
  ana.client.cancelUpload(large);

  const broken = (await picture(300, 200).jpeg().toBuffer()).subarray(0, 900);
  const upload = ana.client.upload(room, file(broken, 'broken.jpg', 'image/jpeg'));
  const sent = anas.send('see', { uploads: [upload] });
  await assert.rejects(anas.stored(sent), { code: 'media.broken' });
  const [unsent] = ana.client.outbox.get();
  assert.equal(unsent?.status.is === 'failed' && unsent.status.because.code, 'media.broken');
  await anas.stored(anas.send('see what I mean')); // a failed one holds up nothing
  anas.takeBack(sent);
  assert.deepEqual(
    ana.client.uploads.get().map(({ id, inMessage }) => [id, inMessage]),
    [[upload, false]],
  );
  ana.client.cancelUpload(upload);
  assert.deepEqual([ana.client.outbox.get(), ana.client.uploads.get()], [[], []]);
});

test('an upload that is taken back is gone from the server, too', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await newcomer(t, url, 'ana'), await newcomer(t, url, 'ben')];
  const room = await ana.client.beginDirect(ben.id);
  const proxy = await proxyTo(t, url);
  const other = await newcomer(t, proxy.url, 'cleo');
  const rooms = [room, await other.client.beginDirect(ben.id)];
  const id = ana.client.upload(room, file(noise(10_000), 'x.bin'));
  await is(ana.client, id, 'ready');
  assert.equal((await ana.client.mediaUsage()).usedBytes, 10_000);
  ana.client.cancelUpload(id);
  assert.deepEqual(ana.client.uploads.get(), []);

  const gone = proxy.passed('DELETE /api/v1/uploads/', 1);
  const begun = proxy.passed('PATCH /api/v1/uploads/', 2);
  const half = other.client.upload(rooms[1] ?? '', file(noise(30_000_000), 'y.bin'));
  await begun;
  other.client.cancelUpload(half);
  await gone;
});

test('a file that another device of mine uploaded stands here too, once, and is sent from here; one that is gone does not', async t => {
  const { url } = await house(t);
  const proxy = await proxyTo(t, url);
  const [ana, ben] = [await newcomer(t, url, 'ana'), await newcomer(t, url, 'ben')];
  const room = await ana.client.beginDirect(ben.id);
  const there = ana.client.upload(room, file(noise(10_000), 'plan.bin'));
  const [upload] = await is(ana.client, there, 'ready');
  const mediaId = upload?.status.is === 'ready' ? upload.status.attachment.id : '';
  ana.client.adoptUpload(room, mediaId);

  const phone = clientOf(t, { url: proxy.url });
  await phone.login({ username: 'ana', password });
  phone.adoptUpload(room, mediaId);
  phone.adoptUpload(room, mediaId);
  phone.adoptUpload(room, room); // no such file
  const alone = (all: readonly Upload[]) => all.length === 1 && all[0]?.status.is === 'ready';
  const shown = await until(phone.uploads, alone, 'on the phone');
  assert.deepEqual(
    shown.map(({ name, bytes, file, inMessage, conversationId }) => [name, bytes, file, inMessage, conversationId]),
    [['plan.bin', 10_000, undefined, false, room]],
  );
  const handle = phone.conversation(room);
  const sent = await handle.stored(handle.send('', { uploads: shown.map(({ id }) => id) }));
  assert.deepEqual(
    sent.attachments?.map(({ id }) => id),
    [mediaId],
  );
  assert.equal(ana.client.uploads.get().length, 1, 'it had it already');
  ana.client.forgetUpload(room, mediaId);
  await until(ana.client.uploads, all => all.length === 0, 'forgotten');
  assert.deepEqual(await bytesOf(await ben.client.download(mediaId)), noise(10_000), 'nobody else forgets it');
});

function failureOf(client: Client, id: string): string | undefined {
  const status = client.uploads.get().find(upload => upload.id === id)?.status;
  return status?.is === 'failed' ? status.because.code : undefined;
}

test('a whole file that the server then does not know is a fault in words, and worth another try', async () => {
  const said = { conversationId: 'c', name: 'plan.bin', mediaType: 'application/octet-stream', said: {} };
  const record = { id: '1', ...said, bytes: 1, sentBytes: 0, order: 0, inMessage: false };
  const none = () => {};
  const carried = carry(record, new Blob(['1']), {
    tus: { create: async () => 'm', offset: async () => 0, send: async () => 1, drop: async () => {} },
    ...{ result: async () => undefined, progress: { announced: none, sent: none, checking: none } },
    ...{ signal: new AbortController().signal, now: Date.now },
  });
  await assert.rejects(carried, { name: 'ClientError', worthRetrying: true, message: /^The server .*\.$/ });
});
