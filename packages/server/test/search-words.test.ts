import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message, SearchTerm } from '@carpenter/protocol';
import fc from 'fast-check';
import { busyMs } from '../../protocol/test/busy.ts';
import { spanOf } from '../src/search/span.ts';
import { highlightsOf, pointsOf, termsOf } from '../src/search/terms.ts';
import { gramsOf, isTypo, typoRange } from '../src/search/vocabulary.ts';
import { fold, wordsOf } from '../src/search/words.ts';

const id = '0192f0c1-2d3e-7000-8000-0123456789ab';
const message = (text: string, more: Partial<Message> = {}): Message => ({
  ...{ id, clientId: id, conversationId: id, seq: 1, rev: 1, sender: id, type: 'text', text },
  createdAt: '2026-11-25T09:00:00.000Z',
  ...more,
});
const term = (text: string, exact = false): SearchTerm => ({ text, exact, not: false });

test('a word has one form, whatever its case, accents and width, and that form is its own', () => {
  for (const [one, other] of [
    ['Größe', 'GROSSE'],
    ['e\u0301', 'é'],
    ['ＡＢＣ１', 'abc1'],
    ['ΟΔΟΣ', 'οδος'],
    ['İSTANBUL', 'istanbul'],
    ['мёд', 'мед'],
    ['مَرْحَبًا', 'مرحبا'],
  ] as const)
    assert.equal(fold(one), fold(other));
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), text => assert.equal(fold(fold(text)), fold(text))));
});

test('a sign and an emoji are each a word with all that belongs to it', () => {
  const from = (start: number, end: number) =>
    Array.from({ length: end - start }, (_, i) => String.fromCodePoint(start + i));
  for (const one of [...from(0x3000, 0xd7ff), ...from(0xff00, 0xffff)].filter(unit => /\p{L}/u.test(unit))) {
    const [word] = wordsOf(`${one}。`);
    if (word?.sign) assert.deepEqual(word, { word: fold(one), from: 0, to: 1, joins: false, sign: true });
  }
  for (const mark of from(0x300, 0xffff).filter(unit => /[\p{M}\uFF9E\uFF9F]/u.test(unit))) {
    for (const sign of ['東', 'か', 'カ', '한']) assert.equal(wordsOf(sign + mark + sign)[0]?.to, 2);
  }
  for (const [emoji, word] of [
    ['😀', '😀'],
    ['👍🏽', '👍'],
    ['❤️', '❤'],
    ['👩‍👧', '👩‍👧'],
    ['🇩🇪', '🇩🇪'],
    [
      '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}',
      '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}',
    ],
  ] as const)
    assert.deepEqual(
      wordsOf(`${emoji}東`).map(found => [found.word, found.to - found.from]),
      [
        [word, emoji.length],
        ['東', 1],
      ],
    );
});

test('no word of whatever text is longer than the index takes', () => {
  for (const long of [
    'a',
    'é',
    '\u{10400}',
    '漢\u0301'.repeat(2),
    '\u{1F600}\u200D',
    '\u{1F3F4}\u{E0067}',
    'か\uFF9E',
  ]) {
    for (const text of [long.repeat(4_000 / long.length), long + long.slice(-1).repeat(4_000)]) {
      for (const { word } of wordsOf(text)) assert.ok([...word].length <= 64, `${[...word].length} signs`);
    }
  }
});

test('words stand where they say, in order, and any text at all has some or none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), text => {
      let before = 0;
      for (const { word, from, to } of wordsOf(text)) {
        assert.ok(from >= before && to > from && to <= text.length && word !== '');
        before = to;
      }
    }),
  );
});

test('of a script without spaces every stretch is found, and exactly that is marked', () => {
  const text = 'きょう東京都庁の展望台でラーメンを食べました';
  const stretch = fc
    .tuple(fc.nat(text.length - 1), fc.nat(text.length - 1))
    .map(([a, b]) => [Math.min(a, b), Math.max(a, b) + 1] as const);
  fc.assert(
    fc.property(stretch, ([from, to]) => {
      const terms = termsOf([term(text.slice(from, to))]);
      assert.equal(pointsOf(terms, message(text)), 2);
      const marked = highlightsOf(terms, message(text)).map(range => text.slice(range.from, range.to));
      assert.ok(marked.some(part => part.includes(text.slice(from, to))));
    }),
  );
});

test('names and descriptions of files and answers of polls are found, and no phrase reaches from one into the next', () => {
  const file = {
    id,
    kind: 'image' as const,
    name: 'hinge-plan.pdf',
    mediaType: 'image/png',
    bytes: 1,
    alt: 'the blue door',
  };
  const option = (text: string) => ({ text, count: 0, first: [] });
  const said = message('which one', {
    attachments: [file],
    poll: { options: [option('oak'), option('walnut')], multiple: false },
  });
  const where = (q: string) => highlightsOf(termsOf([term(q)]), said).map(({ in: place, index }) => [place, index]);
  assert.deepEqual(where('plan'), [['name', 0]]);
  assert.deepEqual(where('door'), [['alt', 0]]);
  assert.deepEqual(where('walnut'), [['option', 1]]);
  assert.equal(pointsOf(termsOf([term('one hinge', true)]), said), undefined);
  assert.equal(pointsOf(termsOf([term('hinge plan', true)]), said), 2);
});

const letters = fc.array(fc.constantFrom<string>('a', 'b', 'c', 'ä', '木'), { minLength: 4, maxLength: 8 });
/** One letter left out, put in, or changed, or two neighbours changed places. */
const mistyped = letters.chain(word =>
  fc
    .record({
      at: fc.nat(word.length - 1),
      letter: fc.constantFrom('a', 'x'),
      how: fc.constantFrom('out', 'in', 'other', 'turned'),
    })
    .map(({ at, letter, how }) => {
      const next = word[at + 1];
      const wrong =
        how === 'out'
          ? word.toSpliced(at, 1)
          : how === 'in'
            ? word.toSpliced(at, 0, letter)
            : how === 'other' || next === undefined
              ? word.toSpliced(at, 1, letter)
              : word.toSpliced(at, 2, next, word[at] ?? '');
      return [word.join(''), wrong.join('')] as const;
    }),
);

test('one typing error is forgiven, and looked for where it can be; two are not', () => {
  fc.assert(
    fc.property(mistyped, ([word, wrong]) => {
      assert.ok(isTypo(word, wrong) && isTypo(wrong, word), `${word} ${wrong}`);
      const range = typoRange(wrong);
      if (!range) return;
      const count = [...word].length;
      const inRange = word.startsWith(range.start) || word.endsWith(range.end) || word === range.turned;
      assert.ok(inRange, `${word} for ${wrong}`);
      assert.ok(count >= range.letters[0] && count <= range.letters[1]);
    }),
    { numRuns: 2_000 },
  );
  for (const [one, other] of [
    ['hinge', 'hniges'],
    ['abcd', 'badc'],
    ['hinge', 'henges'],
  ] as const)
    assert.ok(!isTypo(one, other));
  assert.equal(typoRange('abc'), undefined);
  assert.equal(typoRange('order66'), undefined);
});

test('whatever holds a part holds all of its grams', () => {
  fc.assert(
    fc.property(letters, fc.nat(), fc.nat(), (word, a, b) => {
      const [from, to] = [Math.min(a % word.length, b % word.length), Math.max(a % word.length, b % word.length) + 1];
      const grams = new Set(gramsOf(word.join('')));
      for (const gram of gramsOf(word.slice(from, to).join(''))) assert.ok(grams.has(gram));
    }),
  );
});

test('days are those of the zone, also when its clocks change', () => {
  const now = Date.parse('2026-11-25T01:30:00Z');
  const span = (during: string, zone: string) => {
    const { from, to } = spanOf(
      { terms: [], in: [], from: [], mentions: [], has: [], is: [], faults: [], during },
      zone,
      now,
    );
    return [new Date(from).toISOString(), new Date(to).toISOString()];
  };
  assert.deepEqual(span('2026-11-25', 'UTC'), ['2026-11-25T00:00:00.000Z', '2026-11-26T00:00:00.000Z']);
  assert.deepEqual(span('today', 'America/New_York'), ['2026-11-24T05:00:00.000Z', '2026-11-25T05:00:00.000Z']);
  assert.deepEqual(span('yesterday', 'Asia/Tokyo'), ['2026-11-23T15:00:00.000Z', '2026-11-24T15:00:00.000Z']);
  assert.deepEqual(span('2026-03-29', 'Europe/Oslo'), ['2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z']);
  assert.deepEqual(span('2026-02', 'UTC'), ['2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z']);
  assert.deepEqual(span('2025', 'UTC'), ['2025-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z']);
});

test('the longest message costs a few milliseconds, of whatever signs or emoji it is', async () => {
  const fastest = async (text: string) => {
    const times: number[] = [];
    for (let i = 0; i < 5; i++) times.push(await busyMs(() => wordsOf(text)));
    return Math.min(...times);
  };
  for (const [sign, most] of [
    ['漢', 8], // 10 by the pattern
    ['한', 8],
    ['か', 8],
    ['😀', 40], // 140 where each is looked up among all that Unicode recommends
    ['👨\u200D', 40],
    ['👩🏽', 40],
    ['🇳', 40],
  ] as const) {
    const ms = await fastest(sign.repeat(8_000 / [...sign].length));
    assert.ok(ms < most, `${sign}: ${ms.toFixed(1)} ms`);
  }
});
