import { setTimeout as pause } from 'node:timers/promises';
import type { Health } from './http/probes.ts';
import type { Db } from './store/database.ts';

/** How this node is: what `/readyz` tells. */
export interface HealthOf {
  read(): Promise<Health>;
  ready(): void;
  drain(): void;
  draining(): boolean;
}

const settings = ['fsync', 'synchronous_commit', 'full_page_writes', 'synchronous_standby_names'];
/** Probes come from several sides: they share an answer for so long. */
const sharedMs = 1_000;
/** A database that takes longer is away. */
const answerWithinMs = 1_000;

export function createHealth(db: Db): HealthOf {
  let phase: 'starting' | 'ready' | 'draining' = 'starting';
  let shared: { at: number; durability: Promise<Record<string, string> | undefined> } | undefined;
  let asking: Promise<Record<string, string> | undefined> | undefined; // one at a time: a database that is frozen keeps it for long

  /** Undefined: the database does not answer. */
  async function ask(): Promise<Record<string, string> | undefined> {
    try {
      const { rows } = await db.query<{ name: string; setting: string }>(
        'SELECT name, setting FROM pg_settings WHERE name = ANY ($1)',
        [settings],
      );
      return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
    } catch {
      return undefined; // that it is away is the answer; the pool has logged why
    }
  }

  /** Whoever probes has little patience. */
  function soon(): Promise<Record<string, string> | undefined> {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return Promise.race([asking, pause(answerWithinMs, undefined, { ref: false })]);
  }

  return {
    async read() {
      const now = performance.now();
      if (!shared || now - shared.at > sharedMs) shared = { at: now, durability: soon() };
      const durability = await shared.durability;
      const database = durability ? 'up' : 'down';
      const state = phase === 'ready' && !durability ? 'degraded' : phase;
      return { ready: phase === 'ready', state, database, ...(durability && { durability }) };
    },
    ready: () => {
      phase = 'ready';
    },
    drain: () => {
      phase = 'draining';
    },
    draining: () => phase === 'draining',
  };
}
