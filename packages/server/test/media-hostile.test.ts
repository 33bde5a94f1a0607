import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import { api, defaultLimits } from '@carpenter/protocol';
import { ask, refused } from './ask.ts';
import { download, picture, upload, uploaded } from './files.ts';
import { house } from './house.ts';
import { account, direct, type Person } from './people.ts';

/** A house whose folder one can look into. */
async function openHouse(t: TestContext, changes: Parameters<typeof house>[1] = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'carpenter-media-'));
  const running = await house(t, { ...changes, dataDir });
  t.after(() => rm(dataDir, { recursive: true, force: true }));
  const kept = async () =>
    (await readdir(join(dataDir, 'media'), { recursive: true, withFileTypes: true })).filter(e => e.isFile());
  return { ...running, kept };
}

const problemOf = async (answer: Response): Promise<Record<string, unknown>> => {
  const body: unknown = await answer.json();
  assert.ok(typeof body === 'object' && body !== null);
  return { ...body };
};
const usage = async ({ http }: Person) => (await http('GET', '/media/usage')).body.usedBytes;

test('a file that claims to be a picture and is not is refused by its bytes, and nothing of it is kept', async t => {
  const { url, kept } = await openHouse(t);
  const ana = await account(url, 'ana');
  const lies = [
    [Buffer.from('<script>alert(1)</script>'), 'cat.png', 'image/png'],
    [Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj'), 'cat.jpg', 'image/jpeg'],
    [Buffer.alloc(5_000, 7), 'song.mp3', 'audio/mpeg'],
    [await picture(8, 8).png().toBuffer(), 'film.mp4', 'video/mp4'],
  ] as const;
  for (const [bytes, name, type] of lies.slice(0, 3)) {
    const answer = await upload(ana, bytes, name, type);
    assert.equal(answer.status, 422);
    const { code, detail } = await problemOf(answer);
    assert.equal(code, 'media.not_what_it_says');
    assert.match(String(detail), new RegExp(type));
  }
  // A picture under a wrong name is a picture: what it is shown as comes from its bytes.
  assert.equal((await uploaded(ana, lies[3][0], 'film.mp4', 'video/mp4')).mediaType, 'image/png');
  assert.equal((await kept()).length, 2, 'the picture and its small one');
});

test('a picture longer than any may be is not given out as one', async t => {
  const { url, kept } = await openHouse(t);
  const ana = await account(url, 'ana');
  const answer = await upload(ana, await picture(100_001, 1).png().toBuffer());
  assert.deepEqual([answer.status, (await problemOf(answer)).code], [422, 'media.broken']);
  assert.deepEqual(await kept(), []);
});

test('what could act in a page is never shown in one: HTML, SVG, scripts and the unknown are saved, and sandboxed', async t => {
  const { url } = await openHouse(t);
  const ana = await account(url, 'ana');
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
  const given = [
    [svg, 'logo.svg', 'image/svg+xml'],
    ['<!doctype html><script>alert(1)</script>', 'page.html', 'text/html'],
    ['<?xml version="1.0"?><x/>', 'x.xml', 'text/xml'],
    ['alert(1)', 'x.js', 'text/javascript'],
    ['%PDF-1.7\n1 0 obj\n', 'x.pdf', 'application/pdf'],
  ] as const;
  for (const [text, name, type] of given) {
    const told = await uploaded(ana, Buffer.from(text), name, type);
    assert.equal(told.kind, 'file', name);
    const { headers } = await download(ana, told.id);
    assert.equal(headers.get('content-type'), 'application/octet-stream', name);
    assert.match(headers.get('content-disposition') ?? '', /^attachment;/, name);
    assert.equal((await download(ana, told.id, {}, '/thumbnail')).status, 404, name);
  }
  const shown = await uploaded(ana, await picture(8, 8).png().toBuffer());
  const { headers } = await download(ana, shown.id);
  assert.match(headers.get('content-disposition') ?? '', /^inline;/);
  assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'; sandbox/);
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
});

test('a picture that unfolds into hundreds of millions of pixels is refused before it unfolds', async t => {
  const { url, kept } = await openHouse(t);
  const ana = await account(url, 'ana');
  const bomb = png(30_000, 30_000);
  assert.ok(bomb.length < 1_000_000);
  const began = performance.now();
  const { code, status } = await problemOf(await upload(ana, bomb, 'bomb.png'));
  assert.deepEqual([code, status], ['media.too_many_pixels', 422]);
  assert.ok(performance.now() - began < 20_000);
  const canvas = await problemOf(await upload(ana, gifOf(60_000, 60_000), 'bomb.gif', 'image/gif'));
  assert.equal(canvas.code, 'media.too_many_pixels');
  assert.deepEqual(await kept(), []);
  assert.equal(await usage(ana), 0);
});

test('a damaged picture is refused in words, and the next one is served', async t => {
  const { url, kept } = await openHouse(t);
  const ana = await account(url, 'ana');
  const whole = await picture(300, 200).jpeg().toBuffer();
  const cut = whole.subarray(0, whole.length / 2);
  for (const [bytes, type] of [
    [cut, 'image/jpeg'],
    [Buffer.concat([whole.subarray(0, 200), Buffer.alloc(300, 255)]), 'image/jpeg'],
    [(await picture(40, 40).gif().toBuffer()).subarray(0, 60), 'image/gif'],
  ] as const) {
    const { code } = await problemOf(await upload(ana, bytes, 'x', type));
    assert.equal(code, 'media.broken');
  }
  assert.deepEqual(await kept(), []);
  await uploaded(ana, whole, 'x.jpg', 'image/jpeg');
});

test('too large, empty, and beyond the quota are told before anything is kept, each with its numbers', async t => {
  const limits = { ...defaultLimits, mediaMaxBytes: 50_000, mediaQuotaBytes: 80_000 };
  const { url, kept } = await openHouse(t, { limits });
  const ana = await account(url, 'ana');
  const large = await upload(ana, Buffer.alloc(50_001), 'x.bin', 'application/octet-stream');
  assert.equal(large.status, 413);
  assert.deepEqual(await problemOf(large).then(p => [p.code, p.details]), [
    'media.too_large',
    { bytes: 50_001, maxBytes: 50_000 },
  ]);
  assert.equal((await problemOf(await upload(ana, Buffer.alloc(0), 'x'))).code, 'media.empty');
  await uploaded(ana, Buffer.alloc(50_000, 1), 'x.bin', 'application/octet-stream');
  const full = await problemOf(await upload(ana, Buffer.alloc(40_000, 1), 'y.bin', 'application/octet-stream'));
  assert.deepEqual(full.details, { bytes: 40_000, usedBytes: 50_000, quotaBytes: 80_000 });
  assert.equal(full.code, 'media.quota');
  assert.equal((await kept()).length, 1);
  assert.deepEqual((await ana.http('GET', '/media/usage')).body, { usedBytes: 50_000, quotaBytes: 80_000 });
  // Two at once cannot both have the last of it.
  const codes = await Promise.all(
    [1, 2].map(async () => (await upload(ana, Buffer.alloc(20_000, 1), 'z', 'application/octet-stream')).status),
  );
  assert.deepEqual(codes.sort(), [201, 422]);
});

test('a name cannot leave its folder, end its header, or look like another', async t => {
  const { url, kept } = await openHouse(t);
  const ana = await account(url, 'ana');
  const names = [
    ['../../../etc/passwd', 'passwd'],
    ['C:\\Users\\ana\\plan.txt', 'plan.txt'],
    ['a\r\nSet-Cookie: x=1.txt', 'aSet-Cookie: x=1.txt'],
    ['"; filename=evil.exe', '"; filename=evil.exe'],
    ['gpj.\u202Eexe', 'gpj.exe'],
    ['..', 'file'],
    ['', 'file'],
    ['Hobelbank für Zoë 🪚.txt', 'Hobelbank für Zoë 🪚.txt'],
    [`${'x'.repeat(300)}.txt`, `${'x'.repeat(196)}.txt`],
  ] as const;
  for (const [name, kept] of names) {
    const told = await uploaded(ana, Buffer.from('hello'), name, 'text/plain');
    assert.equal(told.name, kept);
    const { headers } = await download(ana, told.id);
    const disposition = headers.get('content-disposition') ?? '';
    assert.match(disposition, /^attachment; filename\*=UTF-8''[\w.!~%-]+$/, name);
    assert.equal(decodeURIComponent(disposition.split("''")[1] ?? ''), kept);
    assert.equal(headers.get('set-cookie'), null);
  }
  assert.ok((await kept()).every(({ name }) => name === 'original'));
});

test('the cookie of a browser opens files to be read, and nothing else; it ends with its session', async t => {
  const { url } = await openHouse(t);
  const registered = await ask(url, '/api/v1/auth/register', {
    body: { username: 'ana', password: 'a long enough password' },
  });
  const cookies = registered.headers.getSetCookie();
  const media = cookies.find(one => one.startsWith('carpenter_media='));
  assert.match(media ?? '', /; Path=\/api\/v1\/media; HttpOnly; SameSite=Strict$/);
  const cookie = media?.split(';', 1)[0] ?? '';
  const token = String(registered.json().accessToken);
  const sent = await fetch(`${url}/api/v1/media?name=a.png`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: Buffer.from(await picture(8, 8).png().toBuffer()),
  });
  const { id } = api.uploadMedia.answers[201].parse(await sent.json());
  const by = (headers: Record<string, string>) => ask(url, `/api/v1/media/${id}`, { headers });
  assert.equal((await by({ cookie })).status, 200);
  refused(await by({}), 'auth.required');
  refused(await by({ cookie: `${cookie}x` }), 'auth.required');
  refused(await by({ cookie: cookie.replace('ana', 'bob') }), 'auth.required');
  refused(await ask(url, '/api/v1/users/me', { headers: { cookie } }), 'auth.required');
  refused(await ask(url, '/api/v1/media/usage', { headers: { cookie } }), 'auth.required');
  refused(
    await ask(url, `/api/v1/media/${id}`, { method: 'PATCH', body: { alt: 'x' }, headers: { cookie } }),
    'auth.required',
  );
  refused(await ask(url, '/api/v1/users/me', { token: cookie.split('=')[1] ?? '' }), 'auth.required');
  await ask(url, '/api/v1/auth/logout', { method: 'POST', token });
  refused(await by({ cookie }), 'auth.expired');
});

/** A PNG of one colour, written row by row: small, however large it says it is. */
function png(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 1; // one bit a pixel
  const rows = deflateSync(Buffer.alloc((width / 8 + 1) * height));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

/** A GIF that says how large it is, and has one pixel. */
function gifOf(width: number, height: number): Buffer {
  const head = Buffer.from('GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1');
  head.writeUInt16LE(width, 6);
  head.writeUInt16LE(height, 8);
  return Buffer.concat([head, Buffer.from(',\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;', 'latin1')]);
}

test('while the store of files is away an upload is told to come again; nothing of it counts or is left', async t => {
  const nowhere = { endpoint: 'http://127.0.0.1:1', bucket: 'b', region: 'r', accessKeyId: 'a', secretAccessKey: 's' };
  const { url, kept } = await openHouse(t, { s3: nowhere });
  const ana = await account(url, 'ana');
  const answer = await upload(ana, Buffer.from('plan'), 'plan.txt', 'text/plain');
  const { code, retryAfterMs } = await problemOf(answer);
  assert.deepEqual([answer.status, code, typeof retryAfterMs], [503, 'media.store_away', 'number']);
  assert.deepEqual(await kept(), []);
  assert.equal(await usage(ana), 0);
});

const asRoot = process.getuid?.() === 0 && process.platform === 'linux';
test('a full disk is said in words, leaves no half file, and leaves the messages alone', {
  skip: !asRoot && 'NOT RUN: only root can make a small disk',
}, async t => {
  const disk = await mkdtemp(join(tmpdir(), 'carpenter-small-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=300k', 'tmpfs', disk]).status === 0;
  t.after(async () => {
    if (mounted) spawnSync('umount', [disk]);
    await rm(disk, { recursive: true, force: true });
  });
  if (!mounted) return t.skip('NOT RUN: no small disk can be made here');
  const { url } = await house(t, { dataDir: disk });
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const answer = await upload(ana, Buffer.alloc(2_000_000, 7), 'large.bin', 'application/octet-stream');
  assert.deepEqual([answer.status, (await problemOf(answer)).code], [507, 'media.no_room']);
  const files = (await readdir(disk, { recursive: true, withFileTypes: true })).filter(entry => entry.isFile());
  assert.deepEqual(files, []);
  assert.equal((await ana.http('GET', '/media/usage')).body.usedBytes, 0);
  const room = await direct(ana, ben);
  const said = await ana.http('POST', `/conversations/${room}/messages`, {
    clientId: randomUUID(),
    text: 'still here',
  });
  assert.equal(said.status, 201);
  await uploaded(ana, Buffer.alloc(1_000, 7), 'small.bin', 'application/octet-stream');
});

test('a file that ends the process that looks at it is refused, and the next one is looked at', {
  skip: process.platform !== 'linux' && 'NOT RUN: processes are found by /proc',
}, async t => {
  const { url, kept } = await openHouse(t);
  const ana = await account(url, 'ana');
  const small = await picture(30, 20).png().toBuffer();
  await uploaded(ana, small); // now there is a process
  const children = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8');
  const looker = children
    .trim()
    .split(' ')
    .find(pid => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('media/look.ts'));
  assert.ok(looker);
  assert.equal(readFileSync(`/proc/${looker}/oom_score_adj`, 'utf8').trim(), '1000');
  assert.doesNotMatch(readFileSync(`/proc/${looker}/environ`, 'utf8'), /JWT_SECRET|DATABASE_URL|PATH/);
  process.kill(Number(looker), 'SIGSTOP'); // it hangs, until
  const asked = upload(ana, await picture(2_000, 2_000).png().toBuffer());
  const ended = new Promise(resolve => setTimeout(resolve, 500)).then(() => process.kill(Number(looker), 'SIGKILL'));
  const [answer] = await Promise.all([asked, ended]);
  assert.equal((await problemOf(answer)).code, 'media.broken');
  await uploaded(ana, small);
  assert.equal((await kept()).length, 4, 'both pictures with their small ones');
});
