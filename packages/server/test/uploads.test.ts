import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { utimes, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { api, defaultLimits, fixed, type Id } from '@carpenter/protocol';
import pg from 'pg';
import * as tus from 'tus-js-client';
import { openDisk } from '../src/media/disk.ts';
import { openWorkshop } from '../src/media/incoming.ts';
import { createLatest } from '../src/media/latest.ts';
import { openLooking } from '../src/media/looking.ts';
import { sweep } from '../src/media/sweep.ts';
import { openPool } from '../src/store/database.ts';
import { download, openHouse, picture, uploaded } from './files.ts';
import { log } from './house.ts';
import { account, direct, type Person } from './people.ts';
import { bucket, withoutS3 } from './s3/s3.ts';
import { base64, begun, codeOf, offsetAt, part, say } from './tus.ts';

test('an upload goes on where the connection broke, byte for byte', async t => {
  const { url, kept } = await openHouse(t);
  const ana = await account(url, 'ana');
  const bytes = Buffer.from(Array.from({ length: 900_000 }, (_, i) => (i * i) % 253));
  const { place, id } = await begun(ana, bytes.length);

  await cutOff(ana, place, bytes.subarray(0, 400_000), bytes.length);
  let offset = 0;
  while (offset === 0) offset = await offsetAt(ana, place); // the server has to see the break first
  assert.ok(offset > 0 && offset <= 400_000, String(offset));
  const { status, headers } = await say(
    ana,
    'PATCH',
    place,
    { ...part, 'upload-offset': String(offset) },
    bytes.subarray(offset),
  );
  assert.deepEqual([status, headers.get('upload-offset')], [204, String(bytes.length)]);
  const told = await ana.http('GET', `/uploads/${id}`);
  const { attachment } = api.upload.answers[200].parse(told.body);
  assert.deepEqual([attachment?.kind, attachment?.bytes, attachment?.name], ['file', bytes.length, 'plank.bin']);
  assert.deepEqual(Buffer.from(await (await download(ana, id)).arrayBuffer()), bytes);
  assert.deepEqual(await kept(), ['original']);
});

/** Sends some bytes of a longer part, and goes. */
function cutOff({ url, grant }: Person, place: string, some: Buffer, announced: number): Promise<void> {
  return new Promise(resolve => {
    const headers = {
      authorization: `Bearer ${grant.accessToken}`,
      'tus-resumable': '1.0.0',
      'upload-offset': '0',
      'content-length': announced,
      ...part,
    };
    const sent = request(url + place, { method: 'PATCH', headers }).on('error', () => resolve());
    sent.write(some, () => sent.destroy());
    sent.once('close', () => resolve());
  });
}

test('every wrong step of an upload has its code, and changes nothing', async t => {
  const { url, kept } = await openHouse(t, { limits: { ...defaultLimits, mediaMaxBytes: 1_000 } });
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const create = (headers: Record<string, string>) => say(ana, 'POST', '/api/v1/uploads', headers);
  assert.equal(codeOf(await create({})), 'input.invalid');
  assert.equal(codeOf(await create({ 'upload-length': '-1' })), 'input.invalid');
  assert.equal(codeOf(await create({ 'upload-length': '1e9' })), 'media.too_large');
  assert.equal(codeOf(await create({ 'upload-length': '0' })), 'media.empty');
  const about = `about ${base64('{"waveform":[101]}')}`;
  assert.equal(codeOf(await create({ 'upload-length': '9', 'upload-metadata': about })), 'input.invalid');
  const old = await create({ 'upload-length': '9', 'tus-resumable': '0.2.2' });
  assert.deepEqual([old.status, codeOf(old), old.headers.get('tus-version')], [412, 'upload.version', '1.0.0']);

  const { place, id } = await begun(ana, 10);
  const send = (offset: string, body: string, who = ana, headers = part) =>
    say(who, 'PATCH', place, { ...headers, 'upload-offset': offset }, Buffer.from(body));
  assert.equal(codeOf(await send('3', 'abc')), 'upload.offset');
  assert.equal(codeOf(await send('0', 'abcdefghijk')), 'upload.beyond_end');
  assert.equal(codeOf(await send('0', 'abc', ana, { 'content-type': 'text/plain' })), 'upload.not_bytes');
  assert.equal(codeOf(await send('0', 'abc', ben)), 'upload.unknown');
  assert.equal((await say(ben, 'HEAD', place, {})).status, 404);
  assert.equal(codeOf(await say(ben, 'DELETE', place, {})), 'upload.unknown');
  assert.equal((await ben.http('GET', `/uploads/${id}`)).body.code, 'upload.unknown');
  assert.equal(await offsetAt(ana, place), 0);
  // Two at once at the same place: one wins, the other hears where it goes on.
  const two = await Promise.all([send('0', 'abcd'), send('0', 'abcd')]);
  assert.deepEqual(two.map(({ status }) => status).sort(), [204, 409]);
  assert.equal(await offsetAt(ana, place), 4);
  assert.deepEqual(await kept(), ['part-0']);
  const room = await direct(ana, ben);
  const draft = { clientId: randomUUID(), text: '', attachments: [id] };
  assert.equal((await ana.http('POST', `/conversations/${room}/messages`, draft)).body.code, 'media.unknown');
});

test('what a program calls the type of a file is taken as far as it is one, and never a fault of ours', async t => {
  const { url } = await openHouse(t);
  const ana = await account(url, 'ana');
  for (const type of ['text/plain\0', '\0', `${'a'.repeat(199)}😀`, 'текст', 'a\nb']) {
    const metadata = { 'upload-length': '5', 'upload-metadata': `filename ${base64('a')},filetype ${base64(type)}` };
    const begun = await say(ana, 'POST', '/api/v1/uploads', metadata);
    assert.equal(begun.status, 201, JSON.stringify(type) + begun.text);
    const body = Buffer.from('plank');
    const sent = await say(ana, 'PATCH', begun.headers.get('location') ?? '', { ...part, 'upload-offset': '0' }, body);
    assert.equal(sent.status, 204, JSON.stringify(type) + sent.text);
  }
});

test('a person has a hundred unfinished uploads at most, however many begin at once; one that is given up makes room', async t => {
  const { url } = await openHouse(t);
  const ana = await account(url, 'ana');
  const begin = () => say(ana, 'POST', '/api/v1/uploads', { 'upload-length': '1' });
  const places: string[] = [];
  for (let i = 0; i < 9; i++) {
    for (const { headers } of await Promise.all(Array.from({ length: 11 }, begin)))
      places.push(headers.get('location') ?? '');
  }
  const last = await Promise.all([begin(), begin(), begin()]);
  assert.deepEqual(last.map(({ status }) => status).sort(), [201, 422, 422], 'ninety-nine there were');
  for (const answer of last) if (answer.status === 422) assert.equal(codeOf(answer), 'upload.too_many');
  assert.equal((await say(ana, 'DELETE', places[0] ?? '', {})).status, 204);
  assert.deepEqual([(await begin()).status, codeOf(await begin())], [201, 'upload.too_many']);
  const ben = await account(url, 'ben');
  await begun(ben, 1);
});

test('an upload has ten thousand parts at most: it is refused in words, and can be given up', async t => {
  const { url, databaseUrl } = await openHouse(t);
  const ana = await account(url, 'ana');
  const { place, id } = await begun(ana, 20_000);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const parts = `INSERT INTO media_parts (media_id, start, bytes, key) SELECT $1, n, 1, 'part-' || n FROM generate_series(0, 9998) n`;
  await client.query(parts, [id]);
  await client.query('UPDATE media SET received = 9999 WHERE id = $1', [id]);
  await client.end();
  const send = (offset: number) =>
    say(ana, 'PATCH', place, { ...part, 'upload-offset': String(offset) }, Buffer.from('x'));
  assert.equal((await send(9_999)).status, 204);
  assert.equal(codeOf(await send(10_000)), 'upload.too_many_parts');
  assert.equal(await offsetAt(ana, place), 10_000);
  assert.equal((await say(ana, 'DELETE', place, {})).status, 204);
});

test('an upload that is given up leaves nothing and frees its room; one that a message has stays', async t => {
  const { url, kept } = await openHouse(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const { place } = await begun(ana, 1_000);
  await say(ana, 'PATCH', place, { ...part, 'upload-offset': '0' }, Buffer.alloc(600, 1));
  assert.deepEqual(await kept(), ['part-0']);
  assert.equal((await say(ana, 'DELETE', place, {})).status, 204);
  assert.deepEqual(await kept(), []);
  assert.equal((await ana.http('GET', '/media/usage')).body.usedBytes, 0);
  assert.equal((await say(ana, 'HEAD', place, {})).status, 404);

  const { id } = await uploaded(ana, Buffer.from('plan'), 'plan.txt', 'text/plain');
  const room = await direct(ana, ben);
  await ana.http('POST', `/conversations/${room}/messages`, { clientId: randomUUID(), text: '', attachments: [id] });
  assert.equal(codeOf(await say(ana, 'DELETE', `/api/v1/uploads/${id}`, {})), 'upload.unknown');
  assert.equal((await download(ben, id)).status, 200);
});

test('a client of somebody else uploads, breaks off and goes on: this is tus', async t => {
  const { url } = await openHouse(t);
  const ana = await account(url, 'ana');
  const bytes = await picture(1_500, 1_000).png({ compressionLevel: 0 }).toBuffer();
  const options = await fetch(`${url}/api/v1/uploads`, { method: 'OPTIONS' });
  assert.deepEqual(
    ['tus-version', 'tus-extension'].map(name => options.headers.get(name)),
    ['1.0.0', 'creation,termination'],
  );
  const settings = {
    endpoint: `${url}/api/v1/uploads`,
    headers: { authorization: `Bearer ${ana.grant.accessToken}` },
    metadata: { filename: 'bench.png', filetype: 'image/png' },
    chunkSize: 1_000_000,
  };
  const place = await new Promise<string>((resolve, reject) => {
    const first = new tus.Upload(bytes, {
      ...settings,
      onChunkComplete: () => first.abort().then(() => resolve(first.url ?? '')),
      onError: reject,
    });
    first.start();
  });
  await new Promise<void>((resolve, reject) => {
    new tus.Upload(bytes, { ...settings, uploadUrl: place, onSuccess: () => resolve(), onError: reject }).start();
  });
  const { body } = await ana.http('GET', `/uploads/${place.split('/').at(-1)}`);
  const { attachment } = api.upload.answers[200].parse(body);
  assert.deepEqual([attachment?.kind, attachment?.width, attachment?.height], ['image', 1_500, 1_000]);
});

test('a refused picture ends its upload: nothing of it is left, however it came', async t => {
  const { url, kept } = await openHouse(t);
  const ana = await account(url, 'ana');
  const broken = (await picture(300, 200).jpeg().toBuffer()).subarray(0, 900);
  const { place } = await begun(ana, broken.length, 'x.jpg', 'image/jpeg');
  const answer = await say(ana, 'PATCH', place, { ...part, 'upload-offset': '0' }, broken);
  assert.equal(codeOf(answer), 'media.broken');
  assert.equal((await say(ana, 'HEAD', place, {})).status, 404);
  assert.deepEqual(await kept(), []);
});

test('with an S3 store everything goes the same way: parts, pictures, ranges, giving up', {
  skip: withoutS3 ?? false,
}, async t => {
  const { url, kept } = await openHouse(t, { s3: await bucket() });
  const ana = await account(url, 'ana');
  const bytes = await picture(900, 600).png({ compressionLevel: 0 }).toBuffer();
  const { place, id } = await begun(ana, bytes.length, 'wall.png', 'image/png');
  for (let offset = 0; offset < bytes.length; offset += 700_000) {
    const { status, text } = await say(
      ana,
      'PATCH',
      place,
      { ...part, 'upload-offset': String(offset) },
      bytes.subarray(offset, offset + 700_000),
    );
    assert.equal(status, 204, text);
  }
  const whole = Buffer.from(await (await download(ana, id)).arrayBuffer());
  const some = await download(ana, id, { range: 'bytes=10-19' });
  assert.deepEqual(Buffer.from(await some.arrayBuffer()), whole.subarray(10, 20));
  assert.equal((await download(ana, id, {}, '/thumbnail')).headers.get('content-type'), 'image/webp');
  assert.deepEqual(await kept(), []); // nothing stays on this machine
  assert.equal((await say(ana, 'DELETE', place, {})).status, 204);
  assert.equal((await download(ana, id)).status, 404);
});

test('what nobody needs is swept after its time: unsent files, unfinished uploads, files of deleted messages; not those of drafts', async t => {
  const { url, databaseUrl, dataDir, kept } = await openHouse(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const file = (name: string) => uploaded(ana, Buffer.from(name), name, 'text/plain');
  const names = ['sent', 'unsent', 'fresh', 'deleted', 'drafted'];
  const [sent, unsent, fresh, deleted, drafted] = await Promise.all(names.map(file));
  assert.ok(sent && unsent && fresh && deleted && drafted);
  const unfinished = await begun(ana, 1_000);
  await say(ana, 'PATCH', unfinished.place, { ...part, 'upload-offset': '0' }, Buffer.alloc(10, 1));
  const send = (attachments: Id[]) =>
    ana.http('POST', `/conversations/${room}/messages`, { clientId: randomUUID(), text: '', attachments });
  await send([sent.id]);
  await send([deleted.id]);
  await ana.http('DELETE', `/conversations/${room}/messages/2`);
  const draft = (who: typeof ana, attachments: Id[]) =>
    who.http('PUT', `/conversations/${room}/draft`, { text: '', attachments, writtenAt: new Date().toISOString() });
  assert.equal((await draft(ana, [drafted.id])).status, 200);
  assert.equal((await draft(ben, [unsent.id])).status, 200); // not his
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(
    `UPDATE media SET touched_at = touched_at - make_interval(days => $1, hours => 1) WHERE id = ANY ($2) AND isfinite(touched_at)`,
    [fixed.unusedMediaDays, [sent.id, unsent.id, drafted.id, unfinished.id]],
  );
  const db = openPool(databaseUrl, log);
  const folder = join(dataDir, 'media');
  const workshop = await openWorkshop(join(folder, 'incoming'));
  const looking = openLooking(log);
  const allowances = { spend: async () => {} };
  const blobs = openDisk(folder);
  const under = { finishing: new Map(), sending: createLatest() };
  const media = { db, blobs, workshop, looking, limits: defaultLimits, allowances, log, ...under };
  const left = join(folder, 'incoming', 'left-by-a-crash');
  await writeFile(left, 'half a file');
  await utimes(left, 0, 0);
  const swept = await Promise.all([sweep(media), sweep(media)]); // two nodes at once
  assert.equal(swept[0] + swept[1], 3);
  const { rows } = await client.query('SELECT name FROM media ORDER BY name');
  await Promise.all([client.end(), db.end()]);
  assert.deepEqual(
    rows.map(({ name }) => name),
    ['drafted', 'fresh', 'sent'],
  );
  assert.equal((await kept()).length, 3);
  assert.equal(await (await download(ben, sent.id)).text(), 'sent');
});
