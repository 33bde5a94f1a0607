import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { CannotStart } from './cannot-start.ts';

const oldestMajor = 15;
const patienceMs = 30_000;
const progressEveryMs = 5_000;

/** Waits for a PostgreSQL that somebody else runs: containers start in any order.
 *  @throws CannotStart after 30 s without an answer, or at once when the answer is a no; without the password */
export async function reachDatabase(url: string, log: Logger, patience = patienceMs): Promise<void> {
  const where = withoutPassword(url);
  const deadline = performance.now() + patience;
  let progress = performance.now() + progressEveryMs;
  for (;;) {
    const answer = await ask(url);
    if (answer === 'ready') return;
    if ('refusal' in answer) throw new CannotStart(`The database ${where} refuses: ${answer.refusal}`);
    if (performance.now() >= deadline) {
      throw new CannotStart(`The database ${where} could not be reached within ${patience / 1_000} s (${answer.reason}). \
Is it running, and is DATABASE_URL right?`);
    }
    if (performance.now() >= progress) {
      log.info(`waiting for the database ${where}: ${answer.reason}`);
      progress += progressEveryMs;
    }
    await pause(500);
  }
}

type Answer = 'ready' | { reason: string } | { refusal: string };

async function ask(url: string): Promise<Answer> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {}); // shows at the query, too
  try {
    await client.connect();
    const { rows } = await client.query<{ number: number }>(
      `SELECT current_setting('server_version_num')::int AS number`,
    );
    const major = Math.floor((rows[0]?.number ?? 0) / 10_000);
    if (major >= oldestMajor) return 'ready';
    return { refusal: `it is PostgreSQL ${major}; Carpenter needs ${oldestMajor} or later.` };
  } catch (error) {
    return judge(error);
  } finally {
    await client.end().catch(() => {}); // it never came up
  }
}

/** No such user, password, database, or not let in: waiting would not change it. */
const no = /^(28|3D)/;

function judge(error: unknown): Answer {
  if (!(error instanceof Error)) throw error;
  const { code, reason } = causeOf(error);
  return code && no.test(code) ? { refusal: reason } : { reason };
}

/** Node tries all addresses of a name and then throws an AggregateError without words. */
function causeOf(error: Error): { code: string | undefined; reason: string } {
  const first = error instanceof AggregateError ? error.errors.find(one => one instanceof Error) : error;
  const told = first instanceof Error ? first : error;
  return { code: 'code' in told && typeof told.code === 'string' ? told.code : undefined, reason: told.message };
}

/** How to call the database in words. The password may also stand among the parameters. */
export function withoutPassword(url: string): string {
  return url.replace(/^(\w+:\/\/[^:@/?]*):.*@/, '$1@').replace(/\?.*$/, '');
}
