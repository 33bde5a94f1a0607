import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSearch } from '@carpenter/protocol';
import fc from 'fast-check';
import { match } from '../src/palette/match.ts';
import { chipsOf, hasFilter, joined, settled, split, without } from '../src/search/query.ts';

test('what stands in the address is words for the field and chips beside it, and comes together again as it was', () => {
  const parts = split('hinge from:marit,ada "soft close" has:link before:2026-11-01 -old');
  assert.equal(parts.text, 'hinge "soft close" -old');
  assert.deepEqual(
    chipsOf(parts.filters).map(({ filter, value }) => `${filter}:${value}`),
    ['from:marit', 'from:ada', 'has:link', 'before:2026-11-01'],
  );
  assert.equal(
    joined({ ...parts, filters: without(parts.filters, { filter: 'from', value: 'marit' }) }),
    'hinge "soft close" -old from:ada has:link before:2026-11-01',
  );
  assert.equal(
    joined({ text: '', filters: without(split('after:2026').filters, { filter: 'after', value: '2026' }) }),
    '',
  );
  assert.ok(hasFilter('x in:kitchen') && !hasFilter('x kitchen'));
  const typed = settled({ text: 'oak in:kitchen ', filters: split('from:me').filters });
  assert.deepEqual([typed.text, joined(typed)], ['oak ', 'oak in:kitchen from:me']);
  assert.equal(split('has:banana oak').text, 'oak has:banana', 'what is not understood stays where it can be mended');
  const words = fc.constantFrom(
    'oak',
    '"two words"',
    '-not',
    'from:ana',
    'in:"a room"',
    'has:file',
    'during:today',
    'is:x',
    'mentions:me',
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 8 }), list => {
      const query = parseSearch(list.join(' '));
      const again = parseSearch(joined(split(list.join(' '))));
      assert.deepEqual(
        { ...again, terms: again.terms.toSorted(byText) },
        { ...query, terms: query.terms.toSorted(byText) },
      );
    }),
  );
});
const byText = (a: { text: string }, b: { text: string }) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);

test('the palette prefers beginnings to beginnings of words, those to parts, and forgives accents and missing letters', () => {
  const score = (query: string, text: string) => match(query, text)?.score ?? -1;
  assert.ok(score('ki', 'Kitchen') > score('ki', 'Old kiln'));
  assert.ok(score('ki', 'Old kiln') > score('ki', 'Hiking'));
  assert.ok(score('ktn', 'Kitten') > 0);
  assert.equal(match('xyz', 'Kitchen'), undefined);
  assert.equal(match('kbl', 'Kitchen, blue and long'), undefined, 'letters from all over mean nothing');
  assert.deepEqual(match('zoe', 'Zoë')?.ranges, [{ from: 0, to: 3 }]);
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      (query, text) => {
        let before = 0;
        for (const { from, to } of match(query, text)?.ranges ?? []) {
          assert.ok(from >= before && to > from && to <= text.length);
          before = to;
        }
      },
    ),
  );
});
