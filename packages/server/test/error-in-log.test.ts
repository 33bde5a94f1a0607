import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import pg from 'pg';
import { z } from 'zod';
import { errorInLog, errorInWords } from '../src/error-in-log.ts';
import { NotSent } from '../src/mail/post.ts';
import { database } from './house.ts';

const thrownBy = async (work: () => unknown): Promise<Error> => {
  try {
    await work();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  return assert.fail('nothing was thrown');
};

test('an error in the log says what it is and where it was thrown, and nothing that it was given', async t => {
  const db = new pg.Client({ connectionString: await database(t, () => db.end()) });
  await db.connect();
  await db.query('CREATE TABLE notes (id int PRIMARY KEY, text text CHECK (length(text) < 5))');
  const secret = 'between-us';
  const errors: Record<string, Error> = {
    'a row that was refused': await thrownBy(() => db.query('INSERT INTO notes VALUES (1, $1)', [secret])),
    'a value that is no number': await thrownBy(() => db.query('SELECT $1::text::int', [secret])),
    'JSON that is none': await thrownBy(() => JSON.parse(secret)),
    'JSON that PostgreSQL does not take': await thrownBy(() => db.query('SELECT $1::text::json', [secret])),
    'what does not fit a schema': await thrownBy(() =>
      z.strictObject({ a: z.literal('b') }).parse({ [secret]: secret }),
    ),
    'an address that is none': await thrownBy(() => new URL(secret)),
    'a request to what is no address': await thrownBy(() => fetch(`http://${secret}:${secret}`)),
    'an argument that is none': await thrownBy(() => readFile(`${secret}\0`)),
    'an answer of a mail server': new NotSent(`The mail server says: 550 <${secret}@example.org> unknown.`, true),
    'an answer of a mail server as the library has it': Object.assign(
      new Error(`Can't send mail - all recipients were rejected: 550 <${secret}@example.org> unknown`),
      { code: 'EENVELOPE', responseCode: 550 },
    ),
    'properties of a library': Object.assign(new Error('unexpected answer'), {
      endpoint: `https://push.example/${secret}`,
      body: secret,
      parameters: [secret],
    }),
  };
  for (const [what, error] of Object.entries(errors)) {
    for (const one of [error, new Error('around it', { cause: error }), new AggregateError([error], 'several')]) {
      const told = JSON.stringify(errorInLog(one)) + errorInWords(one);
      assert.ok(!told.includes(secret), `${what}: ${told}`);
      assert.match(told, /error-in-log\.test\.ts|node:internal|pg/, what);
    }
  }
  const { 'a row that was refused': refused, 'properties of a library': own } = errors;
  const { code, table, constraint, message } = errorInLog(refused);
  assert.deepEqual([code, table, constraint], ['23514', 'notes', 'notes_text_check']);
  assert.match(message, /violates check constraint/);
  assert.equal(errorInLog(own).message, 'unexpected answer', 'words of ours stay');

  const round = new Error('round');
  round.cause = round;
  assert.ok(JSON.stringify(errorInLog(round)).length < 10_000);
  assert.deepEqual(errorInLog(secret).type, 'string');
});
