import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { waveformOf } from '../src/media/record.ts';
import { barsOf, boxOf, clockOf, columnsOf } from '../src/media/sizes.ts';

test('the place of a picture fits the timeline, is never a hair, and has the shape of the picture', () => {
  assert.deepEqual(boxOf({ width: 4_000, height: 3_000 }), { width: 480, ratio: 4 / 3 });
  assert.deepEqual(boxOf({ width: 300, height: 600 }), { width: 180, ratio: 0.5 });
  assert.deepEqual(boxOf({ width: 5_976, height: 12_997 }).width, 165);
  const side = fc.integer({ min: 1, max: 100_000 });
  fc.assert(
    fc.property(side, side, (width, height) => {
      const box = boxOf({ width, height });
      assert.ok(box.width >= 56 && box.width <= 480);
      assert.ok(box.width / box.ratio <= 360.001 || box.width === 56);
      if (width / height > 0.4 && width / height < 4) assert.equal(box.ratio, width / height);
    }),
  );
});

test('a waveform of any length becomes as many bars as there is room for, and its peak stays', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 400 }), levels => {
      const wave = waveformOf(levels);
      assert.ok(wave.length <= 100 && wave.every(step => step >= 0 && step <= 100));
      if (Math.max(...levels) >= 20) assert.equal(Math.max(...wave), 100);
      const bars = barsOf(wave, 48);
      assert.equal(bars.length, 48);
      if (wave.length >= 48) assert.equal(Math.max(...bars), Math.max(...wave));
    }),
  );
});

test('times are written as players write them, and grids are as wide as they are many', () => {
  assert.deepEqual([0, 999, 59_600, 3_600_000].map(clockOf), ['0:00', '0:01', '1:00', '60:00']);
  assert.deepEqual([2, 3, 4, 5, 10].map(columnsOf), [2, 3, 2, 3, 3]);
});
