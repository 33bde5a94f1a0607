import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { Refusal } from '@carpenter/protocol';
import { v7 } from '../src/ids.ts';
import { BlobMissing, type BlobStore } from '../src/media/blobs.ts';
import { openDisk } from '../src/media/disk.ts';
import { openS3 } from '../src/media/s3.ts';
import { log } from './house.ts';
import { bucket, withoutS3 } from './s3/s3.ts';

async function folderOf(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'carpenter-blobs-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What every store of files promises, said once. */
async function keepsFiles(t: TestContext, store: BlobStore): Promise<void> {
  const folder = await folderOf(t);
  const put = async (key: string, bytes: Uint8Array) => {
    const path = join(folder, 'incoming');
    await writeFile(path, bytes);
    await store.put(key, path);
    assert.equal(existsSync(path), false, 'it was taken over');
  };
  const read = async (...given: Parameters<BlobStore['read']>) => await buffer(await store.read(...given));
  const [one, other] = [v7(), v7()];
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251));

  await put(`${one}/original`, bytes);
  await put(`${one}/part-0-a`, Buffer.from('part'));
  await put(`${other}/original`, Buffer.from('other'));
  assert.deepEqual(await read(`${one}/original`), bytes);
  assert.deepEqual(await read(`${one}/original`, { start: 1_000, end: 1_999 }), bytes.subarray(1_000, 2_000));
  assert.deepEqual(await read(`${one}/original`, { start: 299_999, end: 299_999 }), bytes.subarray(299_999));

  await put(`${one}/original`, Buffer.from('again'));
  assert.equal(String(await read(`${one}/original`)), 'again');

  await store.remove(`${one}/part-0-a`);
  await store.remove(`${one}/part-0-a`); // gone already
  await assert.rejects(store.read(`${one}/part-0-a`), BlobMissing);
  assert.equal(String(await read(`${one}/original`)), 'again');

  await put(`${one}/part-0-b`, Buffer.from('part'));
  await store.removeAll(one, [`${one}/original`, `${one}/thumbnail`]);
  await assert.rejects(store.read(`${one}/part-0-b`), BlobMissing);
  assert.equal(String(await read(`${one}/original`)), 'again');

  await store.removeAll(one);
  await store.removeAll(one);
  await store.removeAll(one, [`${one}/original`]);
  await assert.rejects(store.read(`${one}/original`), BlobMissing);
  assert.equal(String(await read(`${other}/original`)), 'other');
}

test('a folder keeps files', async t => {
  await keepsFiles(t, openDisk(await folderOf(t)));
});

test('a bucket of an S3-compatible store keeps files', { skip: withoutS3 ?? false }, async t => {
  await keepsFiles(t, openS3(await bucket(), log));
});

test('an S3 store that does not answer, or refuses us, is said to be away', { skip: withoutS3 ?? false }, async () => {
  const config = await bucket();
  const away = (error: unknown) => error instanceof Refusal && error.code === 'media.store_away';
  const silent = openS3({ ...config, endpoint: 'http://127.0.0.1:1' }, log);
  await assert.rejects(silent.read(`${v7()}/original`), away);
  const stranger = openS3({ ...config, secretAccessKey: 'wrong' }, log);
  await assert.rejects(stranger.read(`${v7()}/original`), away);
});
