import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaultLimits } from '@carpenter/protocol';
import { download, picture, upload, uploaded } from './files.ts';
import { house } from './house.ts';
import { account } from './people.ts';

const html = Buffer.from('<html><script>carved=1</script></html>');
const filesIn = async (dataDir: string): Promise<string[]> =>
  (await readdir(join(dataDir, 'media'), { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name));

/** Sound of no length that says it is as long as what hangs on behind. */
function wav(behind: Buffer): Buffer {
  const head = Buffer.from(
    'RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\0\0\0\0',
    'latin1',
  );
  head.writeUInt32LE(head.length - 8, 4);
  return Buffer.concat([head, behind]);
}

test('a file that is two things at once is served as the harmless one, or only to be saved; pictures lose the other one', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  const small = picture(16, 16);
  const jpeg = await small.clone().jpeg().toBuffer();
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, html.length + 2]), html]);
  const zip = Buffer.concat([Buffer.from('PK\x03\x04'), html]);
  const lies: readonly [name: string, type: string, bytes: Buffer, served: string][] = [
    ['a.gif', 'image/gif', Buffer.concat([await small.clone().gif().toBuffer(), html]), 'image/gif'],
    ['a.html', 'text/html', Buffer.concat([await small.clone().gif().toBuffer(), html]), 'image/gif'],
    ['a.png', 'image/png', Buffer.concat([await small.clone().png().toBuffer(), zip]), 'image/png'],
    ['a.zip', 'application/zip', Buffer.concat([await small.clone().png().toBuffer(), zip]), 'image/png'],
    ['a.jpg', 'image/jpeg', Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2), html]), 'image/jpeg'],
    ['a.webp', 'image/webp', Buffer.concat([await small.clone().webp().toBuffer(), html]), 'image/webp'],
    ['a.wav', 'audio/wav', wav(html), 'audio/wav'],
    ['a.wav.html', 'text/html', wav(html), 'audio/wav'],
    [
      'a.pdf',
      'application/pdf',
      Buffer.concat([Buffer.from('%PDF-1.7\n1 0 obj<</S/JavaScript/JS(app.alert(1))>>'), html]),
      'application/octet-stream',
    ],
    [
      'a.svg',
      'image/svg+xml',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="carved=1"/>'),
      'application/octet-stream',
    ],
    [
      'a.svg',
      'text/plain',
      Buffer.concat([Buffer.from('\ufeff<?xml version="1.0"?><!-- -->'), html]),
      'application/octet-stream',
    ],
    [
      'a.mhtml',
      'message/rfc822',
      Buffer.concat([Buffer.from('MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n'), html]),
      'application/octet-stream',
    ],
    ['a.png', 'image/png; charset=utf-7', await small.clone().png().toBuffer(), 'image/png'],
  ];
  const begun = await upload(ana, Buffer.concat([Buffer.from('GIF89a'), html]), 'a.htm', 'text/html');
  assert.equal(begun.status, 422, 'what begins as a picture has to be one');
  for (const [name, type, bytes, served] of lies) {
    const { id, kind } = await uploaded(ana, bytes, name, type);
    const answer = await download(ana, id);
    const got = Buffer.from(await answer.arrayBuffer());
    const { headers } = answer;
    assert.equal(headers.get('content-type'), served, name);
    const shown = served !== 'application/octet-stream';
    assert.match(
      headers.get('content-disposition') ?? '',
      shown ? /^inline; filename\*=UTF-8''/ : /^attachment; filename\*=UTF-8''/,
    );
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none'; sandbox; frame-ancestors 'none'$/);
    if (kind === 'image') assert.equal(got.includes('carved'), false, `${name} is the picture alone`);
  }
});

test('of ten files that come at once, no more are kept than the quota has room for', async t => {
  const limits = { ...defaultLimits, mediaMaxBytes: 50_000, mediaQuotaBytes: 100_000 };
  const running = await house(t, { limits });
  const ana = await account(running.url, 'ana');
  const tries = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const answer = await upload(ana, Buffer.alloc(30_000, 7), 'x.bin', 'application/octet-stream');
      const { code }: { code?: string } = JSON.parse(await answer.text());
      return code ?? 'kept';
    }),
  );
  assert.deepEqual(tries.filter(one => one === 'kept').length, 3, tries.join(', '));
  assert.ok(
    tries.every(one => one === 'kept' || one === 'media.quota'),
    tries.join(', '),
  );
  assert.equal((await ana.http('GET', '/media/usage')).body.usedBytes, 90_000);
});

test('an upload that is cut in the middle leaves no file, and takes no room', async t => {
  const dataDir = await mkdtemp(join(tmpdir(), 'carpenter-cut-'));
  t.after(() => rm(dataDir, { recursive: true, force: true }));
  const { url } = await house(t, { dataDir });
  const ana = await account(url, 'ana');
  const authorization = `Bearer ${ana.grant.accessToken}`;
  const length = 2_000_000;
  for (const chunked of [false, true]) {
    const sent = request(`${url}/api/v1/media?name=x.bin`, {
      method: 'POST',
      headers: {
        authorization,
        'content-type': 'application/octet-stream',
        ...(!chunked && { 'content-length': length }),
      },
    });
    const gone = new Promise(resolve => sent.once('error', resolve));
    sent.write(Buffer.alloc(length / 2, 7));
    for (let files = await filesIn(dataDir); files.length === 0; files = await filesIn(dataDir)) await aMoment();
    sent.destroy(new Error('cut'));
    await gone;
    for (let files = await filesIn(dataDir); files.length > 0; files = await filesIn(dataDir)) await aMoment();
    while ((await ana.http('GET', '/media/usage')).body.usedBytes !== 0) await aMoment();
  }
});
const aMoment = () => new Promise(resolve => setTimeout(resolve, 20));

test('whatever a file is called, it is saved under a name that is one', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  const odd = [
    'a\0b.png',
    'x'.repeat(4_000),
    '\u202egnp.exe',
    'a\u2028b\u2029.txt',
    '%00%0d%0a.txt',
    'a\'b"c;d=e.txt',
    '~',
    ' . ',
    '\ud800.txt',
    'CON',
    '🪚'.repeat(300),
  ];
  for (const name of odd) {
    const answer = await upload(ana, Buffer.from('hello'), name, 'text/plain');
    const told: { id: string; name: string } = JSON.parse(await answer.text());
    assert.equal(answer.status, 201, JSON.stringify(told));
    assert.ok(
      [...told.name].length <= 200 && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}/\\]/u.test(told.name) && told.name.isWellFormed(),
      told.name,
    );
    const disposition = (await download(ana, told.id)).headers.get('content-disposition') ?? '';
    assert.match(disposition, /^attachment; filename\*=UTF-8''[\w.!~%-]+$/);
    assert.equal(decodeURIComponent(disposition.split("''")[1] ?? ''), told.name);
  }
  assert.equal((await upload(ana, Buffer.from('x'), 'x'.repeat(5_000), 'text/plain')).status, 400);
});
