import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Id, MemberRole } from '@carpenter/protocol';
import { createAccount } from '../packages/server/src/auth/accounts.ts';
import { hashPassword } from '../packages/server/src/auth/password.ts';
import { createTokens } from '../packages/server/src/auth/tokens.ts';
import { startEmbedded } from '../packages/server/src/embedded/start.ts';
import { v7 } from '../packages/server/src/ids.ts';
import { createLog } from '../packages/server/src/log.ts';
import { insertConversation } from '../packages/server/src/store/conversations.ts';
import { openPool, transaction } from '../packages/server/src/store/database.ts';
import { migrate } from '../packages/server/src/store/migrate.ts';
import { insertSession } from '../packages/server/src/store/sessions.ts';

/** Accounts, sessions and rooms are put in directly: a benchmark measures messages, not argon2. */
export interface World {
  readonly url: string;
  readonly people: readonly { readonly id: Id; readonly token: string }[];
  /** A group of these people, by index. */
  room(members: readonly number[]): Promise<Id>;
  /** CPU seconds that the server's process has used so far, PostgreSQL not included. */
  cpuSeconds(): number;
  /** Resident memory of the server's process, in MiB. */
  residentMiB(): number;
  end(): Promise<void>;
}

export const secret = 'a secret of the benchmarks, long enough';
const entry = fileURLToPath(new URL('./server.ts', import.meta.url));

/** A server as a process of its own, as it is delivered but for its rate limits, on an empty embedded PostgreSQL. */
export async function createWorld(count: number): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'carpenter-bench-'));
  chmodSync(folder, 0o711); // an unprivileged PostgreSQL has to pass through
  const log = createLog('warn');
  const embedded = await startEmbedded(folder, log);
  await migrate(embedded.url);
  const db = openPool(embedded.url, log);
  const passwordHash = await hashPassword('a long enough password');
  const tokens = createTokens(secret, 86_400);
  const people: { id: Id; token: string }[] = [];
  for (let i = 0; i < count; i++) {
    const username = `p${i}`.padEnd(3, '_');
    const { id } = await createAccount(db, { username, passwordHash });
    const session = { id: v7(), userId: id, device: 'bench' };
    await insertSession(db, session);
    people.push({ id, token: (await tokens.issueAccess({ userId: id, username, sessionId: session.id })).token });
  }
  const server = await startServer(embedded.url);
  const memberOf = (i: number): Id => people[i]?.id ?? '';

  return {
    url: server.url,
    people,
    async room(indexes) {
      const id = v7();
      const members = new Map<Id, MemberRole>(indexes.map(i => [memberOf(i), i === indexes[0] ? 'owner' : 'member']));
      await transaction(db, tx =>
        insertConversation(tx, { id, type: 'group', name: 'bench', createdBy: memberOf(indexes[0] ?? 0), members }),
      );
      return id;
    },
    cpuSeconds: () => cpuSecondsOf(server.child),
    residentMiB: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))?.[1]) / 1024,
    async end() {
      server.child.kill('SIGTERM');
      await new Promise(resolve => server.child.once('exit', resolve));
      await db.end();
      await embedded.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** As a process of its own, on this database. */
export async function startServer(databaseUrl: string): Promise<{ child: ChildProcess; url: string }> {
  const env = {
    ...process.env,
    PORT: '0',
    DATABASE_URL: databaseUrl,
    JWT_SECRET: secret,
    LOG_LEVEL: 'warn',
    RATE_FRAMES_PER_MINUTE: '10000000',
    RATE_BYTES_PER_MINUTE: '10000000000',
    RATE_REQUESTS_PER_MINUTE: '10000000',
    RATE_SEARCHES_PER_MINUTE: '10000000',
    RATE_ADDED_PER_HOUR: '10000000',
    MAX_CONNECTIONS_PER_ADDRESS: '1000000',
  };
  const child = spawn(process.execPath, ['--max-semi-space-size=4', entry], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', chunk => {
      said += chunk;
      const found = /Address\s+(http:\S+)/.exec(said)?.[1];
      if (found) resolve(found);
    });
    child.once('exit', code => reject(new Error(`the server ended with ${code}: ${said}`)));
  });
  return { child, url };
}

function cpuSecondsOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100; // utime, stime, in ticks of 10 ms
}
