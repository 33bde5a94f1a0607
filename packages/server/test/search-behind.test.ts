import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTurns } from '../src/search/in-turns.ts';
import { openConnection } from '../src/store/database.ts';
import { notIndexed } from '../src/store/search.ts';
import { house } from './house.ts';
import { account, group } from './people.ts';
import { sent } from './sent.ts';

test('while the index is behind, a search reads no more than the newest of long messages, and says so', async t => {
  const { url, databaseUrl } = await house(t);
  const ana = await account(url, 'ana');
  const [long, short] = [await group(ana, []), await group(ana, [])];
  await sent(ana, long, 'the first');
  await Promise.all(Array.from({ length: 40 }, () => sent(ana, long, 'x'.repeat(8_000))));
  const { seq } = await sent(ana, long, 'the last');
  await Promise.all(Array.from({ length: 3 }, () => sent(ana, short, 'short')));

  const db = await openConnection(databaseUrl, 'carpenter test', {});
  t.after(() => db.end());
  await db.query('BEGIN');
  await db.query('LOCK TABLE asides IN EXCLUSIVE MODE'); // until here the index does not go on
  await db.query('DELETE FROM asides');
  const some = await notIndexed(db, ana.id, [long]);
  const chars = some.found.reduce((sum, { message }) => sum + message.text.length, 0);
  assert.ok(chars > 200_000 && chars < 300_000, `${chars} characters`);
  assert.equal(some.all, false);
  assert.equal(some.found[0]?.message.seq, seq);
  const all = await notIndexed(db, ana.id, [short]);
  const texts = all.found.filter(({ message }) => message.type === 'text');
  assert.deepEqual([texts.length, all.all], [3, true]);
});

test('whatever takes long is done in portions that let others in', async () => {
  let others = 0;
  let stop = false;
  const other = () => {
    others++;
    if (!stop) setImmediate(other);
  };
  other();
  const busy = (n: number) => {
    const end = performance.now() + 12;
    while (performance.now() < end);
    return n * 2;
  };
  assert.deepEqual(await inTurns([1, 2, 3, 4, 5], busy), [2, 4, 6, 8, 10]);
  stop = true;
  assert.ok(others >= 5, `others came ${others} times`);
});
