import assert from 'node:assert/strict';
import { test } from 'node:test';
import { busyMs } from '../../protocol/test/busy.ts';
import { readPage } from '../src/previews/read-page.ts';

test('a linked page that is nested without end does not hold up everybody', async () => {
  const page = Buffer.from(`<title>Deep</title>${'<div>'.repeat(60_000)}`);
  const took = await busyMs(() => assert.equal(readPage(page, 'https://a.example/', 'text/html').title, 'Deep'));
  assert.ok(took < 1_000, `it took ${took.toFixed(0)} ms`);
});
