import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { codePoints, fileName, saidOfMedia } from '../src/index.ts';

test('whatever a file is called, its name is one that can be saved, and cleaning it again changes nothing', () => {
  const sneaky = fc.constantFrom('../', '..\\', '\0', '\r\n', '\u202E', '\uFEFF', '.', ' ', '/', 'é', 'e\u0301', '🪚');
  const any = fc.array(fc.oneof(sneaky, fc.string({ unit: 'binary' })), { maxLength: 60 }).map(parts => parts.join(''));
  fc.assert(
    fc.property(any, given => {
      const name = fileName.parse(given.slice(0, 4_096));
      assert.equal(fileName.parse(name), name);
      assert.ok(name.length > 0 && codePoints(name) <= 200);
      assert.doesNotMatch(name, /[\\/\p{Cc}\p{Cf}\p{Cs}]/u);
      assert.doesNotMatch(name, /^\./);
      assert.ok(name.isWellFormed());
    }),
  );
});

test('an ending survives the cut of a long name', () => {
  assert.equal(fileName.parse(`${'a'.repeat(500)}.tar.gz`), `${'a'.repeat(197)}.gz`);
});

test('what an uploader says of a file is JSON within limits, else it is refused', () => {
  assert.deepEqual(saidOfMedia.parse('{"voice":true,"waveform":[0,100]}'), { voice: true, waveform: [0, 100] });
  for (const wrong of ['', '{', '[]', '{"waveform":[101]}', '{"width":0}', '{"durationMs":-1}', '{"alt":"a\\u0000"}']) {
    assert.equal(saidOfMedia.safeParse(wrong).success, false, wrong);
  }
});
