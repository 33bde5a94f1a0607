import { readdir, readFile } from 'node:fs/promises';
import type pg from 'pg';
import { CannotStart } from '../cannot-start.ts';
import { openConnection } from './database.ts';

const folder = new URL('./migrations/', import.meta.url);
/** Any number: it only has to be the same for all nodes. "carp" in ASCII. */
const lockKey = 0x63617270;

/**
 * Brings the schema up to date: numbered files, each once, each in its own transaction. Nodes that start together wait for
 * one another (advisory lock). @returns the names of the files that ran now
 * @throws CannotStart where a newer Carpenter was here; nothing was changed
 */
export async function migrate(url: string): Promise<string[]> {
  const client = await openConnection(url, 'carpenter migrate', {}, 600_000);
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lockKey]);
    await client.query(`CREATE TABLE IF NOT EXISTS migrations (
      name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`);
    const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations');
    const done = new Set(rows.map(row => row.name));
    const files = (await readdir(folder)).filter(name => name.endsWith('.sql')).sort();
    const newer = [...done].filter(name => !files.includes(name)).sort();
    if (newer.length > 0) {
      throw new CannotStart(
        `The database was used by a newer Carpenter (it knows ${newer.join(', ')}). Start that version, or a later one.`,
      );
    }
    const missing = files.filter(name => !done.has(name));
    for (const name of missing) await applyFile(client, name);
    // Plans made on tables that were never analysed can be badly wrong, and cached ones live on.
    if (missing.length > 0) await client.query('ANALYZE');
    return missing;
  } finally {
    await client.end();
  }
}

async function applyFile(client: pg.Client, name: string): Promise<void> {
  const sql = await readFile(new URL(name, folder), 'utf8');
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query('INSERT INTO migrations (name) VALUES ($1)', [name]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {}); // the first error is the one to tell
    throw new Error(`Migration ${name} failed and changed nothing.`, { cause: error });
  }
}
