import { id, username } from '@carpenter/protocol';
import { type AuditLine, readAudit } from '@carpenter/server/operator';
import { withDatabase } from './database.ts';
import { UsageError } from './usage-error.ts';

const units = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90m`, `12h`, `7d` back from now, or a day or moment in ISO 8601. */
export function readSince(text: string, now = Date.now()): Date {
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (unit === 'm' || unit === 'h' || unit === 'd') return new Date(now - Number(count) * units[unit]);
  const at = new Date(text);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(at.valueOf())) return at;
  throw new UsageError(`--since is like 7d, 12h or 2026-11-30, not "${text}".`);
}

interface Asked {
  readonly user?: string | undefined;
  readonly what?: string | undefined;
  readonly conversation?: string | undefined;
  readonly since?: string | undefined;
  readonly limit?: string | undefined;
  readonly json?: boolean | undefined;
}

/** The latest lines of the audit log, oldest first: for people on a terminal, one JSON object a line otherwise. */
export async function showAudit({ user, what, conversation, since, limit = '1000', json }: Asked): Promise<number> {
  const name = user === undefined ? undefined : username.safeParse(user).data;
  if (user !== undefined && name === undefined) throw new UsageError(`--user is a username, not "${user}".`);
  if (conversation !== undefined && !id.safeParse(conversation).success) {
    throw new UsageError('--conversation is the id of one, as in its address.');
  }
  if (!/^[1-9]\d{0,6}$/.test(limit)) throw new UsageError('--limit is a number of lines.');
  const from = since === undefined ? undefined : readSince(since);
  const filter = { username: name, what, conversationId: conversation, since: from };
  return withDatabase(async ({ db }) => {
    const lines = await readAudit(db, { ...filter, limit: Number(limit) });
    const show = json || !process.stdout.isTTY ? JSON.stringify : inWords;
    for (const line of lines) console.log(show(line));
    return 0;
  });
}

function inWords({ at, what, by, operator, address, onUser, onConversation, details }: AuditLine): string {
  const person = (who: AuditLine['by']) => who && (who.username ?? who.userId);
  return [
    at.replace('T', ' ').replace(/\.\d+Z$/, 'Z'),
    what.padEnd(24),
    (person(by) ?? (operator && `operator ${operator}`) ?? '-').padEnd(20),
    (address ?? '-').padEnd(16),
    ...(onUser ? [`on ${person(onUser)}`] : []),
    ...(onConversation ? [`in ${onConversation}`] : []),
    ...Object.entries(details).flatMap(([name, value]) => {
      const all = [value].flat();
      return all.length > 0 ? [`${name}=${all.join(',')}`] : [];
    }),
  ].join('  ');
}
