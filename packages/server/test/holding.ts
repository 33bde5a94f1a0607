import type { TestContext } from 'node:test';
import pg from 'pg';

/** A stranger's transaction that keeps what it locks until it is let go. */
export async function holding(t: TestContext, databaseUrl: string, sql: string, values: unknown[] = []) {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => {}); // the database is dropped under it where a test fails
  await client.connect();
  await client.query('BEGIN');
  await client.query(sql, values);
  const letGo = () => client.end();
  t.after(letGo);
  return letGo;
}
