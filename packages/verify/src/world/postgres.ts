import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createLog, startEmbedded } from '@carpenter/server/operator';
import pg from 'pg';
import { within } from './within.ts';

/** The PostgreSQL that comes along, with its durability on, kept up by its supervisor as in every installation. */
export interface Postgres {
  /** For `pg`. */
  readonly url: string;
  /** Its Unix socket. */
  readonly socket: string;
  /** A connection of one's own; whoever asks ends it. */
  connect(): Promise<pg.Client>;
  /** One `ALTER SYSTEM`, at once in force. */
  set(setting: string): Promise<void>;
  /** SIGKILL for one backend that works for a node: all others are ended by PostgreSQL itself, and it recovers. */
  killBackend(): Promise<void>;
  /** SIGKILL for the server itself. */
  killPostmaster(): Promise<void>;
  /** Fast shutdown; its supervisor starts it again. */
  restart(): Promise<void>;
  /** Until it takes statements. */
  ready(withinMs: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startPostgres(dataDir: string): Promise<Postgres> {
  const { url, dataDir: base, stop } = await startEmbedded(dataDir, createLog('silent'));

  const { host, port } = new pg.Client({ connectionString: url });

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000, query_timeout: 5_000 });
    client.on('error', () => {}); // shows at the next statement
    await client.connect();
    return client;
  }

  async function ask<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
    const client = await connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end().catch(() => {}); // it may be gone by now
    }
  }

  function signal(name: NodeJS.Signals): void {
    const postmaster = Number.parseInt(readFileSync(join(base, 'postgres/postmaster.pid'), 'utf8'), 10);
    if (!(postmaster > 1)) throw new Error('PostgreSQL is not running.');
    process.kill(postmaster, name);
  }

  return {
    url,
    socket: join(host, `.s.PGSQL.${port}`),
    connect,
    async set(setting) {
      await ask(setting);
      await ask('SELECT pg_reload_conf()');
    },
    async killBackend() {
      const backends = await ask<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
          ORDER BY state = 'active' DESC, backend_start LIMIT 1`,
      );
      const [backend] = backends;
      if (!backend) throw new Error('PostgreSQL works for no node.');
      process.kill(backend.pid, 'SIGKILL');
    },
    async killPostmaster() {
      signal('SIGKILL');
    },
    async restart() {
      signal('SIGINT');
    },
    async ready(ms) {
      let because: unknown;
      const asking = within(ms, 'PostgreSQL did not come back', async over => {
        for (;;) {
          over.throwIfAborted();
          try {
            await ask('SELECT');
            return;
          } catch (error) {
            because = error;
            await pause(100); // it recovers
          }
        }
      });
      await asking.catch(error => {
        throw new Error(error.message, { cause: because });
      });
    },
    stop,
  };
}
