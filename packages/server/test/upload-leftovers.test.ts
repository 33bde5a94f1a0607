import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { api, defaultLimits, fixed } from '@carpenter/protocol';
import pg from 'pg';
import { openDisk } from '../src/media/disk.ts';
import { openWorkshop } from '../src/media/incoming.ts';
import { createLatest } from '../src/media/latest.ts';
import { openLooking } from '../src/media/looking.ts';
import type { Media } from '../src/media/media.ts';
import { sweep } from '../src/media/sweep.ts';
import { dropUpload, receiveWhole } from '../src/media/uploads.ts';
import { serve } from '../src/serve.ts';
import { openPool } from '../src/store/database.ts';
import { download, openHouse, picture, uploaded } from './files.ts';
import { log, testConfig } from './house.ts';
import { account, direct, type Person, personOf } from './people.ts';
import { begun, codeOf, offsetAt, part, say } from './tus.ts';

/** A request whose body is sent piece by piece. */
function slowly({ url, grant }: Person, method: string, path: string, headers: OutgoingHttpHeaders) {
  const given = { authorization: `Bearer ${grant.accessToken}`, 'tus-resumable': '1.0.0', ...headers };
  const sent = request(url + path, { method, headers: given });
  sent.flushHeaders();
  const answer = new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    sent.on('error', reject).once('response', async (response: IncomingMessage) => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      resolve({ status: response.statusCode, text });
    });
  });
  return { sent, answer };
}
const partOf = (bytes: number) => ({ ...part, 'upload-offset': '0', 'content-length': bytes });

/** The same media as the house's, in the hands of the test. */
async function mediaOf(t: TestContext, { databaseUrl, dataDir }: { databaseUrl: string; dataDir: string }) {
  const db = openPool(databaseUrl, log);
  t.after(() => db.end());
  const folder = join(dataDir, 'media');
  const workshop = await openWorkshop(join(folder, 'incoming'));
  const looking = openLooking(log);
  t.after(() => looking.close());
  const under = { finishing: new Map(), sending: createLatest(), allowances: { spend: async () => {} }, log };
  return { db, blobs: openDisk(folder), workshop, looking, limits: defaultLimits, ...under } satisfies Media;
}

/** As if nobody had touched any file for so long. */
async function aged(databaseUrl: string, days: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('UPDATE media SET touched_at = touched_at - make_interval(days => $1)', [days]);
  await client.end();
}

test('an upload goes on at once over a new connection, though the old one hangs; of both only what counts is kept', async t => {
  const { url, kept } = await openHouse(t);
  const ana = await account(url, 'ana');
  const bytes = Buffer.alloc(600_000, 7);
  const { place } = await begun(ana, bytes.length);
  const hanging = slowly(ana, 'PATCH', place, partOf(bytes.length));
  hanging.sent.write(bytes.subarray(0, 100_000));
  while (!(await kept()).length) await offsetAt(ana, place); // it has begun to come in

  const again = await say(ana, 'PATCH', place, { ...part, 'upload-offset': '0' }, Buffer.alloc(1_000, 7));
  const offset = await offsetAt(ana, place);
  const expected = offset === 1_000 ? 204 : 409; // whether any of the first had come
  assert.equal(again.status, expected, again.text);
  assert.equal(codeOf(await hanging.answer), 'upload.offset');
  assert.deepEqual(await kept(), ['part-0']);
  hanging.sent.destroy();
  const rest = await say(ana, 'PATCH', place, { ...part, 'upload-offset': `${offset}` }, bytes.subarray(offset));
  assert.equal(rest.status, 204, rest.text);
  assert.deepEqual(await kept(), ['original']);
});

test('nobody else ends the connection over which I upload', async t => {
  const { url, kept } = await openHouse(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const { place } = await begun(ana, 2_000);
  const mine = slowly(ana, 'PATCH', place, partOf(2_000));
  mine.sent.write(Buffer.alloc(1_000, 7));
  while (!(await kept()).length) await offsetAt(ana, place);
  const theirs = await say(ben, 'PATCH', place, { ...part, 'upload-offset': '0' }, Buffer.alloc(2_000, 1));
  assert.equal(codeOf(theirs), 'upload.unknown');
  mine.sent.end(Buffer.alloc(1_000, 7));
  assert.equal((await mine.answer).status, 204);
});

test('of two nodes that take the same bytes one keeps them; an upload that is thrown away meanwhile keeps none', async t => {
  const house = await openHouse(t);
  const other = await serve(testConfig(house.databaseUrl, { dataDir: house.dataDir }), log);
  t.after(() => other.drain());
  const ana = await account(house.url, 'ana');
  const elsewhere = personOf(other.url, ana.grant);
  for (const thrownAway of [false, true]) {
    const { place } = await begun(ana, 10_000);
    const late = slowly(ana, 'PATCH', place, partOf(2_000));
    late.sent.write(Buffer.alloc(1_000, 7));
    while (!(await house.kept()).some(name => !name.startsWith('part'))) await offsetAt(ana, place);
    if (thrownAway) assert.equal((await say(elsewhere, 'DELETE', place, {})).status, 204);
    else await say(elsewhere, 'PATCH', place, { ...part, 'upload-offset': '0' }, Buffer.alloc(500, 7));
    late.sent.end(Buffer.alloc(1_000, 7));
    assert.equal(codeOf(await late.answer), thrownAway ? 'upload.unknown' : 'upload.offset');
    assert.deepEqual(await house.kept(), thrownAway ? [] : ['part-0']);
    await say(ana, 'DELETE', place, {});
  }
});

test('a file that is thrown away while it is looked at leaves nothing', async t => {
  const { url, databaseUrl, dataDir, kept } = await openHouse(t);
  const ana = await account(url, 'ana');
  const media = await mediaOf(t, { databaseUrl, dataDir });
  const actor = { userId: ana.id, username: 'ana', sessionId: ana.id };
  const looking: Media['looking'] = {
    ...media.looking,
    async look(job, who) {
      const looked = await media.looking.look(job, who);
      const { rows } = await media.db.query<{ id: string }>('SELECT id FROM media');
      for (const { id } of rows) await dropUpload(media, actor, id);
      return looked;
    },
  };
  const bytes = await picture(60, 40).png().toBuffer();
  const file = { name: 'x.png', mediaType: 'image/png', said: {}, bytes: bytes.length };
  const work = receiveWhole(
    { ...media, looking },
    actor,
    file,
    (async function* () {
      yield bytes;
    })(),
  );
  await assert.rejects(work, { code: 'upload.unknown' });
  assert.deepEqual(await kept(), []);
});

test('what a crash has left under an upload goes when it is whole, and with the sweep when it was thrown away', async t => {
  const { url, databaseUrl, dataDir, kept } = await openHouse(t);
  const ana = await account(url, 'ana');
  const media = await mediaOf(t, { databaseUrl, dataDir });
  /** Put and not added: killed in between. */
  const leave = async (id: string) => {
    const path = media.workshop.place();
    await writeFile(path, 'half a file');
    await media.blobs.put(`${id}/part-0-left`, path);
  };
  const [whole, thrown] = [await begun(ana, 1_000), await begun(ana, 1_000)];
  await leave(whole.id);
  const { status } = await say(ana, 'PATCH', whole.place, { ...part, 'upload-offset': '0' }, Buffer.alloc(1_000, 7));
  assert.equal(status, 204);
  assert.deepEqual(await kept(), ['original']);

  await say(ana, 'DELETE', thrown.place, {});
  await leave(thrown.id);
  await aged(databaseUrl, 1);
  assert.equal(await sweep(media), 1);
  assert.deepEqual(await kept(), ['original']);
  assert.equal(await sweep(media), 0);
});

test('where there is no room, a file is refused before its first byte, and never more is taken than there is room for', async t => {
  const limits = { ...defaultLimits, mediaMaxBytes: 50_000, mediaQuotaBytes: 80_000 };
  const { url, kept } = await openHouse(t, { limits });
  const ana = await account(url, 'ana');
  const post = (headers: OutgoingHttpHeaders) => slowly(ana, 'POST', '/api/v1/media?name=x', headers);
  const first = post({ 'content-length': 50_000 });
  first.sent.write(Buffer.alloc(40_000, 7));
  while (!(await kept()).length) await ana.http('GET', '/media/usage');
  // What is on its way counts.
  const second = post({ 'content-length': 40_000 });
  assert.equal(codeOf(await second.answer), 'media.quota');
  second.sent.destroy();
  const unmeasured = post({ 'transfer-encoding': 'chunked' });
  unmeasured.sent.end(Buffer.alloc(30_001, 7));
  assert.equal(codeOf(await unmeasured.answer), 'media.quota');
  first.sent.end(Buffer.alloc(10_000, 7));
  assert.equal((await first.answer).status, 201);
  const fits = post({ 'transfer-encoding': 'chunked' });
  fits.sent.end(Buffer.alloc(30_000, 7));
  assert.equal((await fits.answer).status, 201);
  assert.deepEqual(await kept(), ['original', 'original']);
  assert.equal((await ana.http('GET', '/media/usage')).body.usedBytes, 80_000);
});

test('files of a message for later are kept until it is sent or withdrawn, whatever else becomes of them', async t => {
  const { url, databaseUrl, dataDir, kept } = await openHouse(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const media = await mediaOf(t, { databaseUrl, dataDir });
  const plan = await uploaded(ana, Buffer.from('the plan'), 'plan.txt', 'text/plain');
  const face = await uploaded(ana, await picture(60, 40).png().toBuffer());
  await ana.http('PUT', '/users/me/picture', { mediaId: face.id });
  const sendAt = new Date(Date.now() + 30 * 86_400_000).toISOString();
  const draft = { text: '', attachments: [plan.id, face.id], sendAt };
  const foreign = await ben.http('POST', `/conversations/${room}/scheduled`, draft);
  assert.equal(foreign.body.code, 'media.unknown');
  const { body } = await ana.http('POST', `/conversations/${room}/scheduled`, draft);
  const { id } = api.schedule.answers[201].parse(body);
  assert.equal((await ana.http('PATCH', `/media/${plan.id}`, { name: 'new.txt' })).status, 200);
  await ana.http('DELETE', '/users/me/picture');
  await aged(databaseUrl, fixed.unusedMediaDays + 1);
  assert.equal(await sweep(media), 0);
  assert.equal((await kept()).length, 3);
  await ana.http('DELETE', `/scheduled/${id}`);
  assert.equal(await sweep(media), 2);
});

test('a face is a picture that its bearer uploaded: nobody holds a file of others by it', async t => {
  const { url } = await openHouse(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const photo = await uploaded(ana, await picture(60, 40).png().toBuffer());
  const draft = { clientId: crypto.randomUUID(), text: '', attachments: [photo.id] };
  await ana.http('POST', `/conversations/${room}/messages`, draft);
  assert.equal((await download(ben, photo.id)).status, 200);
  assert.equal((await ben.http('PUT', '/users/me/picture', { mediaId: photo.id })).body.code, 'media.unknown');
});
