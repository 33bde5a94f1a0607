import assert from 'node:assert/strict';
import { test } from 'node:test';
import { previewableIn } from '../src/preview.ts';
import { busyMs } from './busy.ts';

test('the first address that may have a preview is found, without the marks of its sentence', async () => {
  for (const [text, url] of [
    ['see https://a.test/x.', 'https://a.test/x'],
    ['(https://a.test/x)', 'https://a.test/x'],
    ['https://a.test/wiki/Joint_(wood)', 'https://a.test/wiki/Joint_(wood)'],
    ['[words](https://a.test/x)', 'https://a.test/x'],
    ['**https://a.test/x**', 'https://a.test/x'],
    ['HTTPS://A.test/X?a=1&b=%20#top!', 'HTTPS://A.test/X?a=1&b=%20#top'],
    ['http://a.test, then https://b.test', 'http://a.test'],
    ['`https://code.test` and https://a.test', 'https://a.test'],
    ['||https://hidden.test|| https://a.test', 'https://a.test'],
    ['https://ana:pw@a.test https://b.test', 'https://b.test'],
    ['https://localhost/x', undefined],
    ['a.test without a scheme', undefined],
    ['xhttps://a.test', undefined],
    ['```\nhttps://code.test', undefined],
    ['', undefined],
  ] as const) {
    assert.equal(previewableIn(text), url, text);
  }
  const worst = [
    'https://a.test/'.repeat(600),
    '('.repeat(8_000),
    '`'.repeat(8_000),
    `https://a${')'.repeat(8_000)}`,
    '||'.repeat(4_000),
  ];
  assert.ok((await busyMs(() => worst.map(text => previewableIn(text)))) < 2_000);
});

test('addresses that end in brackets without end cost no more than others', async () => {
  const address = `http://a${')'.repeat(2_032)}`; // without a dot, so the next one is looked at as well
  const text = Array.from({ length: 4 }, () => address)
    .join(' ')
    .slice(0, 8_000);
  const brackets = [text, text.replaceAll(')', ']'), text.replaceAll('))', ')]'), 'http://a '.repeat(888)];
  const ms = await busyMs(() => {
    for (const each of brackets) for (let n = 0; n < 25; n++) assert.equal(previewableIn(each), undefined);
  });
  assert.ok(ms < 600, `100 messages took ${ms} ms`);
});

test('a link after ten that lead nowhere has no preview', () => {
  const nowhere = 'http://a '.repeat(9);
  assert.equal(previewableIn(`${nowhere}https://a.test/(x))].`), 'https://a.test/(x)');
  assert.equal(previewableIn(`${nowhere}http://a https://a.test`), undefined);
});
