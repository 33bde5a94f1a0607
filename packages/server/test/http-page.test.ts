import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ask, refused } from './ask.ts';
import { house } from './house.ts';

const html = { accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8' };

async function webDir(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'carpenter-web-'));
  t.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>The page</title>');
  await writeFile(join(folder, 'assets', 'index-a1b2c3.js'), 'export {};');
  await writeFile(join(folder, '.env'), 'SECRET=1');
  return folder;
}

test('the page answers at its own routes, and is asked for anew each time; its assets are kept for ever', async t => {
  const { url } = await house(t, {}, await webDir(t));
  for (const path of ['/', '/c/01a20fa2-c410-7e94-8ad0-39f752c3d724', '/sign-in?next=%2Fc%2F1', '/apiary']) {
    const page = await ask(url, path, { headers: html });
    assert.equal(page.status, 200, path);
    assert.match(page.text, /The page/);
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
    assert.equal(page.headers.get('cache-control'), 'no-cache');
  }
  const asset = await ask(url, '/assets/index-a1b2c3.js');
  assert.match(asset.headers.get('content-type') ?? '', /javascript/);
  assert.equal(asset.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  assert.ok((await ask(url, '/', { headers: html })).headers.get('etag')); // unchanged, it costs a 304
});

test('what the page does not have is not answered with the page', async t => {
  const { url } = await house(t, {}, await webDir(t));
  for (const path of ['/assets/index-old.js', '/.env', '/..%2f..%2fetc%2fpasswd', '/favicon.ico']) {
    refused(await ask(url, path), 'route.unknown');
  }
  for (const path of ['/api', '/api/v1/nothing', '/api/v1/users/me/x']) {
    refused(await ask(url, path, { headers: html }), 'route.unknown');
  }
  refused(await ask(url, '/c/1', { method: 'POST', headers: html }), 'route.unknown');
});

test('without a built page, one sentence says so', async t => {
  const { url } = await house(t);
  const { status, text } = await ask(url, '/', { headers: html });
  assert.equal(status, 200);
  assert.match(text, /npm run build/);
});
