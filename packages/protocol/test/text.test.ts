import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { profile } from '../src/profile.ts';
import { canonicalUsername, codePoints, displayName, textFault, username } from '../src/text.ts';

/** Any string of JavaScript: half characters, controls and rare signs included. */
const anything = fc.string({ unit: fc.nat(0xffff).map(unit => String.fromCharCode(unit)), maxLength: 80, size: 'max' });
/** Made of what names are attacked with: combining and invisible signs, wide spaces, half characters. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'A',
        'é',
        'e\u0301',
        'ﬁ',
        'İ',
        'ß',
        '한',
        'ᄒ',
        'ᅡ',
        '👩‍👧',
        '\u200D',
        '\u200B',
        '\u202E',
        '\u3164',
      ),
      fc.constantFrom(' ', '\u00A0', '\u2003', '\u3000', '\n', '\0', '\uD83D', '\uDC69', '\u0345', '\u0323', '\u1E9B'),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
    ),
    { maxLength: 40, size: 'max' },
  )
  .map(parts => parts.join(''));
const texts = fc.oneof(anything, nasty);

test('a username has one form: making it canonical twice changes nothing more', () => {
  fc.assert(
    fc.property(texts, text => canonicalUsername(canonicalUsername(text)) === canonicalUsername(text)),
    { numRuns: 1_000 },
  );
});

test('a username that is taken is its own canonical form, in plain letters that nothing looks like', () => {
  const close = fc.string({ unit: fc.constantFrom(...'AaZz09_.-', 'é', 'а', 'K', ' ', '\u200B'), maxLength: 40 });
  fc.assert(
    fc.property(close, text => {
      const { success, data } = username.safeParse(text);
      if (!success) return;
      assert.equal(data, canonicalUsername(data));
      assert.match(data, /^[a-z0-9_.-]{3,32}$/);
    }),
  );
});

test('a display name has one form, which holds nothing that cannot be seen or stored', () => {
  fc.assert(
    fc.property(texts, text => {
      const { success, data } = displayName.safeParse(text);
      if (!success) return;
      assert.equal(displayName.parse(data), data);
      assert.equal(data.normalize('NFC'), data);
      assert.ok(data.isWellFormed() && codePoints(data) <= 64);
      assert.doesNotMatch(data, /[\p{Cc}\p{Zl}\p{Zp}\u200B\u202A-\u202E\u2066-\u2069]|^\s|\s$|\s\s/u);
    }),
    { numRuns: 1_000 },
  );
});

test('no name looks like another by what cannot be seen in it; emoji and joined letters are names', () => {
  const hidden = '\u034F \uFE0F \u200D \u115F \u1160 \u3164 \uFFA0 \u2800 \u17B4 \u180B \u00AD \u200B \u{E0061}'.split(
    ' ',
  );
  for (const sign of hidden)
    for (const name of [sign, `An${sign}a`, `Ana${sign}`, `${sign}👩‍👧`]) {
      assert.ok(!displayName.safeParse(name).success, JSON.stringify(name));
      assert.ok(!profile.safeParse({ pronouns: name }).success, JSON.stringify(name));
    }
  for (const name of ['Ana ❤️', '👩‍👧', '👨🏽‍💻 Ben', '🏴󠁧󠁢󠁷󠁬󠁳󠁿', '#️⃣', 'ශ්‍රීමාලි', 'क्‍ष', 'Ана', '김', 'Zoë'])
    assert.equal(displayName.parse(name), name.normalize('NFC'));
});

test('the length of a text is counted in code points, and said when it is too much', () => {
  const character = fc.constantFrom('a', 'ß', '語', '👍', '👩‍👧', '\u0301');
  fc.assert(
    fc.property(fc.array(character, { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 60 }), (parts, max) => {
      const text = `x${parts.join('')}`;
      const chars = [...text].length;
      assert.deepEqual(textFault(text, max), chars > max ? { chars } : undefined);
    }),
  );
});

test('what a text may not be is white space alone, NUL, or half a character; all else is taken as it is', () => {
  fc.assert(
    fc.property(texts, text => {
      const fault = textFault(text, 8_000);
      if (text.trim() === '') assert.equal(fault, 'empty');
      else if (text.includes('\0') || /\p{Surrogate}/u.test(text)) assert.equal(fault, 'unstorable');
      else assert.equal(fault, undefined);
    }),
    { numRuns: 1_000 },
  );
});
