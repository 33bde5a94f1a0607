import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import test from 'node:test';
import { api, fileName, holdsWord, normalForm } from '@carpenter/protocol';
import { wordsOf } from '../src/search/words.ts';

/** Marks that stand in the wrong order: to sort them takes the square of their number. */
const heap = (pairs: number): string => `a${'\u0315'.repeat(pairs)}${'\u0323'.repeat(pairs)}`;
/** Before anybody was asked who they are, a body full of them took 40 s of the whole server. */
const inMs = (work: () => unknown): number => {
  const start = performance.now();
  work();
  return performance.now() - start;
};

test('a heap of marks in a name, a status, a file name or a text holds nobody up', () => {
  const name = heap(20_000);
  const username = 'ana';
  const looks = {
    'a registration': () => api.register.body.safeParse({ username, displayName: name, password: 'a long enough one' }),
    'a profile': () => api.updateMe.body.safeParse({ profile: { about: name } }),
    'a status': () => api.setStatus.body.safeParse({ text: name }),
    'a file name': () => fileName.safeParse(name),
    'what is indexed': () => wordsOf(name),
    'half width marks': () => wordsOf(`か${'\uFF9E'.repeat(20_000)}${'\uFF9E\u0334'.repeat(10_000)}`),
    'a keyword': () => holdsWord(name, ['a word']),
  };
  for (const [what, look] of Object.entries(looks)) {
    const ms = inMs(look);
    assert.ok(ms < 2_000, `${what}: ${ms} ms`);
  }
});

test('a push key that is no key is refused before it costs time', () => {
  const keys = { p256dh: `a${'='.repeat(20_000)}x`, auth: `a${'='.repeat(20_000)}x` };
  const endpoint = 'https://push.example.org/1';
  let refused: boolean | undefined;
  const ms = inMs(() => {
    refused = !api.subscribePush.body.safeParse({ endpoint, keys }).success;
  });
  assert.ok(refused);
  assert.ok(ms < 1_000, `${ms} ms`);
});

test('what people write is in its normal form as before, with as many marks as any script has', () => {
  for (const text of ['Ne\u0301e', 'ｶﾞｷﾞ', 'སྤྱོད', 'שָׁלוֹם', `z${'\u0301'.repeat(30)}`]) {
    assert.equal(normalForm(text, 'NFC'), text.normalize('NFC'));
    assert.equal(normalForm(text, 'NFKD'), text.normalize('NFKD'));
  }
  assert.equal(normalForm(`z${'\u0301'.repeat(31)}e`, 'NFKD'), `z${'\u0301'.repeat(30)}e`);
});

test('nothing but what counts as one becomes a mark in any normal form', () => {
  for (let code = 0; code <= 0x2ffff; code++) {
    const sign = String.fromCodePoint(code);
    if (/[\p{M}\uFF9E\uFF9F\p{Cs}]/u.test(sign)) continue;
    const first = String.fromCodePoint(sign.normalize('NFKD').codePointAt(0) ?? 0);
    if (/\p{M}/u.test(first)) assert.ok(startsAnew(first), code.toString(16));
  }
});

/** A mark that is never moved over those before it. */
const startsAnew = (mark: string): boolean => ['\u0334', '\u0345', '\u0315'].every(other => !moves(mark, other));
const moves = (mark: string, other: string): boolean =>
  `a${mark}${other}`.normalize('NFD') !== `a${mark}${other}` ||
  `a${other}${mark}`.normalize('NFD') !== `a${other}${mark}`;
