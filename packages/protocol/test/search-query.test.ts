import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { emptySearch, parseSearch, type SearchQuery, searchFilters, writeSearch } from '../src/search-query.ts';

const found = (text: string): Partial<SearchQuery> => {
  const query = parseSearch(text);
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value.length > 0));
};
const word = (text: string, also = {}) => ({ text, exact: false, not: false, ...also });

test('what people type is read as words, phrases, what must not be there, and filters', () => {
  assert.deepEqual(found('hinge  side'), { terms: [word('hinge'), word('side')] });
  assert.deepEqual(found('"hinge side" -left -"old plan"'), {
    terms: [
      word('hinge side', { exact: true }),
      word('left', { not: true }),
      word('old plan', { exact: true, not: true }),
    ],
  });
  assert.deepEqual(found('from:@marit from:ada in:#general, has:links is:Pinned mentions:me'), {
    from: ['marit', 'ada'],
    in: ['general'],
    has: ['link'],
    is: ['pinned'],
    mentions: ['me'],
    faults: [{ filter: 'in', value: '' }],
  });
  assert.deepEqual(found('in:"Kitchen Birch Lane" From:marit,ada before:2026-11 after：2025 during:Today'), {
    in: ['Kitchen Birch Lane'],
    from: ['marit', 'ada'],
    before: '2026-11',
    after: '2025',
    during: 'today',
  });
  assert.deepEqual(found('see https://example.org/a:b web-client “smart quotes” "never closed'), {
    terms: [
      word('see'),
      word('https://example.org/a:b'),
      word('web-client'),
      word('smart quotes', { exact: true }),
      word('never closed', { exact: true }),
    ],
  });
  assert.deepEqual(found(' - "" “” '), { terms: [word('-')] });
});

test('what a filter does not know is told as such, and is no word that is looked for', () => {
  assert.deepEqual(found('has:banana is:x before:2026-02-30 after:soon during:1969 -from:bot hinge'), {
    terms: [word('hinge')],
    faults: [
      { filter: 'has', value: 'banana' },
      { filter: 'is', value: 'x' },
      { filter: 'before', value: '2026-02-30' },
      { filter: 'after', value: 'soon' },
      { filter: 'during', value: '1969' },
      { filter: 'from', value: '-bot' },
    ],
  });
});

const typed = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.constantFrom('"', '-', ':', ' ', '“', ',', '@', 'me', '2026-11-25', 'today', 'link', 'pinned'),
      fc.constantFrom(...searchFilters.map(filter => `${filter}:`)),
    ),
    { maxLength: 12 },
  )
  .map(parts => parts.join(''));

test('whatever is typed can be read, and written so that it means the same', () => {
  fc.assert(
    fc.property(typed, text => {
      const query = parseSearch(text);
      assert.deepEqual(parseSearch(writeSearch(query)), query);
    }),
    { numRuns: 2_000 },
  );
  assert.equal(writeSearch(emptySearch), '');
});
