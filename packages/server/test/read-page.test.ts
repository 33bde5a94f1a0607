import assert from 'node:assert/strict';
import { test } from 'node:test';
import { busyMs } from '../../protocol/test/busy.ts';
import { readPage } from '../src/previews/read-page.ts';

const page = (html: string | Buffer, type = 'text/html; charset=utf-8', url = 'https://a.test/dir/page') =>
  readPage(Buffer.from(html), url, type);

test('a page says of itself what it wants to be shown by, in the order of what was meant for it', () => {
  assert.deepEqual(
    page(`<!doctype html><title>Plain &amp; simple</title><meta name="description" content="For all">
      <meta property="og:title" content="Joints, &#x1F528; and more"><meta property="og:description" content=" Two
      lines ">
      <meta property="og:site_name" content="Bench"><meta property="og:image" content="../joint.png">`),
    {
      title: 'Joints, 🔨 and more',
      description: 'Two lines',
      site: 'Bench',
      image: 'https://a.test/joint.png',
    },
  );
  assert.deepEqual(page('<title>Plain &amp; simple</title><meta name=Description content="For all">'), {
    title: 'Plain & simple',
    description: 'For all',
  });
  assert.deepEqual(
    page(
      '<svg><title>icon</title></svg><title>page</title><base href="//b.test/x/"><meta name="twitter:image" content="i.png">',
    ),
    {
      title: 'page',
      image: 'https://b.test/x/i.png',
    },
  );
  assert.deepEqual(page(''), {});
  assert.deepEqual(page('no html at all'), {});
});

test('encodings by header and by the page itself; an unknown one is read as UTF-8', () => {
  const latin = Buffer.from('<meta charset=iso-8859-1><title>Grün</title>', 'latin1');
  assert.equal(page(latin, 'text/html').title, 'Grün');
  const spaced = Buffer.from(`<meta content="x" charset = " iso-8859-1 "><title>Grün</title>`, 'latin1');
  assert.equal(page(spaced, 'text/html').title, 'Grün');
  assert.equal(page(Buffer.from('<title>Grün</title>', 'latin1'), 'text/html; charset="windows-1252"').title, 'Grün');
  const japanese = Buffer.concat([
    Buffer.from('<title>'),
    Buffer.from([0x93, 0xfa, 0x96, 0x7b]),
    Buffer.from('</title>'),
  ]);
  assert.equal(page(japanese, 'text/html; charset=Shift_JIS').title, '日本');
  assert.equal(page('<title>Grün</title>', 'text/html; charset=klingon').title, 'Grün');
});

test('what a page says is one line of text, cut, without anything unseen, and never slow to read', async () => {
  const { title = '', description = '' } = page(
    `<title>a\u202egnp.exe\n\0b<script>alert(1)</script></title><meta name=description content="${'🪚'.repeat(500)}">`,
  );
  assert.equal(title, 'a gnp.exe b<script>alert(1)</script>');
  assert.ok(description.length <= 400 && description.endsWith('…') && description.isWellFormed());
  const worst = [
    '<'.repeat(500_000),
    '<meta '.repeat(80_000),
    '<title>'.repeat(70_000),
    '&#'.repeat(250_000),
    `<a ${'x="'.repeat(160_000)}`,
  ];
  assert.ok((await busyMs(() => worst.map(html => page(html)))) < 2_000, 'half a megabyte of the worst');
});

test('a page that never comes to the name of its encoding is not slow to read either', async () => {
  const worst = [
    `${'<meta'.repeat(38)}charset=${' '.repeat(3_890)}!`,
    `${'<meta'.repeat(38)}charset${' '.repeat(3_890)}!`,
    '<metacharset=     '.repeat(227),
  ];
  const ms = await busyMs(() => worst.map(html => page(html, 'text/html')));
  assert.ok(ms < 200, `${ms} ms`);
});

test('a page that is nested without end does not hold up everybody', async () => {
  const nested = `<title>Deep</title>${'<div>'.repeat(60_000)}`;
  const took = await busyMs(() => assert.equal(page(nested, 'text/html').title, 'Deep'));
  assert.ok(took < 1_000, `it took ${took.toFixed(0)} ms`);
});
