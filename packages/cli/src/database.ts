import { userInfo } from 'node:os';
import {
  createLog,
  type Db,
  joinEmbedded,
  migrate,
  openPool,
  reachDatabase,
  readConfig,
} from '@carpenter/server/operator';

/** Who runs this, for the audit log. */
export function operator(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`; // in a container, where no name belongs to it
  }
}

export interface Opened {
  db: Db;
  /** What had to be done to bring the database up to date. */
  migrated: readonly string[];
}

/** Does `work` on the server's database, brought up to date: the one of DATABASE_URL, or the embedded one. That one is
 *  started for as long as the work takes, unless a server runs it already. */
export async function withDatabase<T>(work: (opened: Opened) => Promise<T>): Promise<T> {
  const { databaseUrl, dataDir } = readConfig(process.env);
  const log = createLog('error');
  if (databaseUrl) {
    await reachDatabase(databaseUrl, log);
    return workOn(databaseUrl, work);
  }
  const embedded = await joinEmbedded(dataDir, log);
  try {
    return await workOn(embedded.url, work);
  } finally {
    await embedded.stop();
  }
}

async function workOn<T>(url: string, work: (opened: Opened) => Promise<T>): Promise<T> {
  const migrated = await migrate(url);
  const db = openPool(url, createLog('error'));
  try {
    return await work({ db, migrated });
  } finally {
    await db.end();
  }
}
