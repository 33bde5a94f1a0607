import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { closeByCode, closeReason, closes, retryAfterOf } from '../src/closes.ts';

const unit = fc.oneof(
  fc.nat(0xffff).map(code => String.fromCharCode(code)), // half characters, too
  fc.constantFrom('a', ' ', 'é', '語', '👍', '👩‍👧'),
);
const words = fc.string({ unit, maxLength: 200, size: 'max' });
const waits = fc.option(fc.integer({ min: 0, max: 999_999_999 }), { nil: undefined });

test('a close reason fits into its frame: at most 123 bytes, and never half a character at the end', () => {
  fc.assert(
    fc.property(words, waits, (text, wait) => {
      const reason = closeReason(text, wait);
      const bytes = new TextEncoder().encode(reason);
      assert.ok(bytes.length <= 123, `${bytes.length} bytes`);
      assert.equal(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), reason);
    }),
    { numRuns: 1_000 },
  );
});

test('the wait in a close reason is read back as it was written, whatever words stand before it', () => {
  fc.assert(
    fc.property(words, waits, (text, wait) => {
      assert.equal(retryAfterOf(closeReason(text, wait)), wait);
    }),
  );
});

test('every end has a code of its own, words that fit, and is found by its code', () => {
  const all = Object.values(closes);
  assert.equal(new Set(all.map(({ code }) => code)).size, all.length);
  for (const close of all) {
    assert.equal(closeByCode(close.code), close);
    assert.equal(
      closeReason(close.words, 999_999),
      `${close.words} retry-after-ms=999999`,
      'nothing has to be cut off',
    );
    assert.match(close.words, /^[A-Z].*\.$/);
  }
});

test('a code that is not ours has no meaning here', () => {
  for (const code of [0, 1005, 1006, 3000, 4000, 4999]) assert.equal(closeByCode(code), undefined);
});
