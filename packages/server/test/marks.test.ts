import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import pg from 'pg';
import { openMarks } from '../src/store/marks.ts';
import { hourAhead } from './clock.ts';
import { house, log, migrated } from './house.ts';
import { account, direct } from './people.ts';

test('whoever reads after a receipt sees it, also when several read while an earlier one is being written; one that is held up holds up no other', async t => {
  const url = await migrated(t, async () => {
    await marks.close();
    await Promise.all([besides.end(), other.end()]);
  });
  const besides = new pg.Client({ connectionString: url });
  await besides.connect();
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  const marks = openMarks(url, 100, log, () => {});
  const [room, ben] = ['01a00000-0000-7000-8000-000000000001', '01a00000-0000-7000-8000-000000000002'];
  await besides.query(
    `INSERT INTO conversations (id, type, name, member_count, meta_rev, created_by) VALUES ($1, 'group', 'g', 2, 1, $1)`,
    [room],
  );
  await besides.query('INSERT INTO conversation_heads (conversation_id, last_seq, rev) VALUES ($1, 9, 9)', [room]);
  await besides.query(
    `INSERT INTO members (conversation_id, user_id, role) VALUES ($1, $1, 'owner'), ($1, $2, 'member')`,
    [room, ben],
  );
  const note = (userId: string) => marks.note({ conversationId: room, userId, readSeq: 5, deliveredSeq: 5 });

  await other.query('BEGIN');
  await other.query('SELECT 1 FROM members WHERE user_id = $1 FOR UPDATE', [ben]); // the second write waits for this
  const first = note(room);
  const begun = marks.settled();
  await new Promise(setImmediate); // the first write is under way
  const second = note(ben);
  const seen: string[] = [];
  const readers = [marks.settled(), marks.settled()].map((settled, i) => settled.then(() => seen.push(`reader ${i}`)));
  await Promise.all([first, begun]);
  await besides.query('SELECT 1'); // time enough for whoever does not wait
  assert.deepEqual(seen, []);
  await other.query('COMMIT');
  await Promise.all([second, ...readers]);
  const { rows } = await besides.query('SELECT read_seq FROM members');
  assert.deepEqual(rows, [{ read_seq: 5 }, { read_seq: 5 }]);

  // a row that somebody goes on holding does not keep the receipts of all others waiting for long
  await other.query('BEGIN');
  await other.query('SELECT 1 FROM members WHERE user_id = $1 FOR UPDATE', [ben]);
  const sixth = (userId: string) => marks.note({ conversationId: room, userId, readSeq: 6, deliveredSeq: 6 });
  await assert.rejects(sixth(ben), { code: '55P03' });
  assert.ok(await sixth(room));
  await other.query('COMMIT');
});

test('a clock that was ahead and is set right holds up no receipt', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const conversationId = await direct(ana, ben);
  for (const text of ['one', 'two']) {
    await ana.http('POST', `/conversations/${conversationId}/messages`, { clientId: randomUUID(), text });
  }
  const [a, b] = [await ana.connect(t), await ben.connect(t)];
  const reads = async (seq: number) => {
    b.say({ type: 'receipt.read', conversationId, seq });
    await a.next('receipt', receipt => receipt.userId === ben.id && receipt.readSeq === seq);
  };
  const setRight = hourAhead(t);
  await reads(1);
  setRight();
  await reads(2);
});
