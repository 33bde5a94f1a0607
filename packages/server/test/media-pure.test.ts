import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import sharp from 'sharp';
import { rangeOf } from '../src/http/files.ts';
import { bareGif } from '../src/media/gif.ts';
import { createTurns } from '../src/media/turns.ts';
import { picture } from './files.ts';

test('a range of bytes lies within the file, or is beyond it, or is all of it; whatever the header says', () => {
  const header = fc.oneof(
    fc.string(),
    fc.tuple(fc.nat(), fc.nat()).map(([from, to]) => `bytes=${from}-${to}`),
    fc.nat().map(from => `bytes=${from}-`),
    fc.nat().map(last => `bytes=-${last}`),
  );
  fc.assert(
    fc.property(header, fc.integer({ min: 1, max: 2 ** 40 }), (text, bytes) => {
      const range = rangeOf(text, bytes);
      if (range === undefined || range === 'beyond') return;
      assert.ok(0 <= range.start && range.start <= range.end && range.end < bytes, JSON.stringify(range));
    }),
  );
});

test('files wait person by person: who brings a hundred waits for themselves, and hears where it is too much', async () => {
  const inTurn = createTurns({ ofOne: 3, ofAll: 5 }, () => new Error('full'));
  const done: string[] = [];
  const begun = Promise.withResolvers<void>();
  const bring = (who: string, name: string) =>
    inTurn(who, async () => {
      await begun.promise;
      done.push(name);
      if (name === 'a2') throw new Error('broken');
    });
  const work = ['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'c1', 'd1'].map(name => bring(name.slice(0, 1), name));
  const outcomes = Promise.allSettled(work);
  begun.resolve();
  const words = (await outcomes).map(one => (one.status === 'rejected' ? one.reason.message : 'done'));
  assert.deepEqual(done, ['a1', 'b1', 'c1', 'd1', 'a2', 'a3']);
  assert.deepEqual(words, ['done', 'broken', 'done', 'full', 'full', 'done', 'done', 'done']);
  await bring('d', 'd2');
  assert.equal(done.at(-1), 'd2', 'after all that it goes on');
});

test('who brings one file waits for the one under way alone, whatever five others have waiting, and in all places', async () => {
  let clock = 0;
  const inTurn = createTurns(
    { ofOne: 20, ofAll: 100 },
    () => new Error('full'),
    () => clock,
  );
  const done: string[] = [];
  const bring = (who: string, ms: number) =>
    inTurn(who, async () => {
      done.push(who);
      await turn();
      clock += ms;
    });
  const many = [...'abcde'].flatMap(who => Array.from({ length: 21 }, () => bring(who, 4_000)));
  const outcomes = Promise.allSettled(many);
  await bring('z', 10);
  assert.deepEqual(done.slice(0, 2), ['a', 'z']);
  while (new Set(done).size < 7) await bring('y', 10);
  const before = done.length;
  await bring('z', 10);
  assert.ok(done.length - before <= 2, `${done.slice(before)}`); // this one, and what began while we heard of it
  const refused = (await outcomes).map((one, at) => (one.status === 'rejected' ? 'abcde'.charAt(at / 21) : ''));
  assert.equal(
    refused.join('').length,
    4 + 1,
    `${refused.join('')}: one of each who brought more than 20, one to make room`,
  );
});

test('a GIF loses its notes and what hangs on behind, and keeps its pictures', async () => {
  const frames = await Promise.all([picture(32, 24).png().toBuffer(), picture(32, 24).negate().png().toBuffer()]);
  const gif = await sharp(frames, { join: { animated: true } })
    .gif({ loop: 3 })
    .toBuffer();
  const note = Buffer.from('!\xfe\x0ctaken at home\x00', 'latin1');
  note[2] = 13;
  const xmp = Buffer.concat([Buffer.from('!\xff\x0bXMP DataXMP\x04secr\x00', 'latin1')]);
  const end = gif.length - 1;
  const noted = Buffer.concat([
    gif.subarray(0, end),
    note,
    xmp,
    gif.subarray(end),
    Buffer.from('PK\x03\x04 a hidden archive'),
  ]);
  const bare = bareGif(noted);
  assert.ok(bare);
  assert.doesNotMatch(bare.toString('latin1'), /taken at home|XMP|hidden archive/);
  assert.match(bare.toString('latin1'), /NETSCAPE2\.0/); // it goes on moving
  const pixels = (bytes: Buffer) => sharp(bytes, { animated: true }).raw().toBuffer();
  assert.deepEqual(await pixels(bare), await pixels(gif));
  assert.deepEqual(bareGif(bare), bare);
});

test('no bytes, however broken, keep the reading of a GIF from ending', async () => {
  const whole = await picture(20, 20).gif().toBuffer();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(whole.length), fc.nat(255), (noise, at, value) => {
      bareGif(Buffer.concat([Buffer.from('GIF89a'), noise]));
      assert.ok(at === whole.length || bareGif(whole.subarray(0, at)) === undefined);
      const bitten = Buffer.from(whole);
      bitten[at] = value;
      bareGif(bitten);
    }),
  );
});
