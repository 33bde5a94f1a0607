import type { Id, Receipt } from '@carpenter/protocol';
import type pg from 'pg';
import type { Logger } from 'pino';
import { openConnection } from './database.ts';

/** A member's watermarks after they grew. `small`: the room's members hear of it. */
export interface Marked extends Receipt {
  readonly conversationId: Id;
  readonly unreadFrom?: number;
  readonly small: boolean;
  /** They keep it to themselves how far they have read. */
  readonly hidden: boolean;
  /** Members of a small room who do not want to know it of others, as they keep it to themselves. */
  readonly blind: readonly Id[];
}
export interface Mark {
  readonly conversationId: Id;
  readonly userId: Id;
  readonly readSeq: number;
  readonly deliveredSeq: number;
}

/**
 * Watermarks on their way to PostgreSQL: merged per member, written in one statement once a second, and before a read that has to know them. They may be late;
 * a crash loses the last second of them, never a message.
 */
export interface Marks {
  /** Answers after the write: false where there is no such member. */
  note(mark: Mark): Promise<boolean>;
  /** Everything noted so far is written. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

interface Pending {
  mark: Mark;
  readonly settle: ((member: boolean) => void)[];
  readonly fail: ((error: unknown) => void)[];
}

export function openMarks(url: string, smallRoom: number, log: Logger, tell: (marked: Marked[]) => void): Marks {
  let pending = new Map<string, Pending>();
  let client: pg.Client | undefined;
  let writing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let lastWrite = Number.NEGATIVE_INFINITY;

  function schedule(): void {
    if (timer || writing || pending.size === 0) return;
    // the first after a quiet second goes out nearly at once
    timer = setTimeout(write, Math.max(firstAfterMs, lastWrite + everyMs - performance.now()));
  }

  function write(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing ??= flush().finally(() => {
      writing = undefined;
      schedule();
    });
    return writing;
  }

  async function flush(): Promise<void> {
    const batch = pending;
    pending = new Map();
    lastWrite = performance.now();
    if (batch.size === 0) return;
    try {
      client ??= await openConnection(url, 'carpenter marks', marksSettings);
      const { members, marked } = await writeMarks(
        client,
        [...batch.values()].map(p => p.mark),
        smallRoom,
      );
      tell(marked);
      for (const [key, { settle }] of batch) for (const done of settle) done(members.has(key));
    } catch (error) {
      log.warn({ err: error, marks: batch.size }, 'receipts could not be written');
      client?.end().catch(() => {}); // broken: only its socket matters
      client = undefined;
      for (const { fail } of batch.values()) for (const done of fail) done(error);
    }
  }

  return {
    note: mark =>
      new Promise((resolve, reject) => {
        const key = keyOf(mark);
        const known = pending.get(key);
        if (known) known.mark = merge(known.mark, mark);
        const entry = known ?? { mark, settle: [], fail: [] };
        entry.settle.push(resolve);
        entry.fail.push(reject);
        if (!known) pending.set(key, entry);
        schedule();
      }),
    async settled() {
      await writing;
      if (pending.size > 0) write();
      await writing; // begun by whoever waited beside us, perhaps
    },
    async close() {
      await writing;
      await write();
      clearTimeout(timer);
      await client?.end();
    },
  };
}

// A row that somebody holds must not keep all receipts waiting: those of this moment fail, and come with the next ones.
const marksSettings = { synchronous_commit: 'off', jit: 'off', statement_timeout: '5000', lock_timeout: '2000' };
const everyMs = 1_000;
const firstAfterMs = 20;
const keyOf = (mark: { conversationId: Id; userId: Id }) => `${mark.conversationId}:${mark.userId}`;
const merge = (a: Mark, b: Mark): Mark => ({
  ...a,
  readSeq: Math.max(a.readSeq, b.readSeq),
  deliveredSeq: Math.max(a.deliveredSeq, b.deliveredSeq),
});

interface MarkRow {
  conversation_id: Id;
  user_id: Id;
  read_seq: number;
  delivered_seq: number;
  unread_from: number | null;
  changed: boolean;
  small: boolean;
  hidden: boolean;
  blind: Id[] | null;
}

/** Watermarks only grow, never pass the last message; reading at or behind a private "unread from" mark takes it away. */
async function writeMarks(client: pg.ClientBase, marks: Mark[], smallRoom: number) {
  const { rows } = await client.query<MarkRow>({
    name: 'marks.write',
    text: `WITH given AS (
             SELECT m.conversation_id, m.user_id,
                    greatest(m.read_seq, least(g.read_seq, h.last_seq)) AS read_seq,
                    greatest(m.delivered_seq, least(greatest(g.delivered_seq, g.read_seq), h.last_seq)) AS delivered_seq,
                    CASE WHEN g.read_seq >= m.unread_from THEN NULL ELSE m.unread_from END AS unread_from, g.read_seq AS asked,
                    m.read_seq AS old_read, m.delivered_seq AS old_delivered, m.unread_from AS old_from
               FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[]) AS g(conversation_id, user_id, read_seq, delivered_seq)
               JOIN members m ON m.conversation_id = g.conversation_id AND m.user_id = g.user_id
               JOIN conversation_heads h ON h.conversation_id = g.conversation_id
           ), changed AS (
             UPDATE members m
                SET read_seq = greatest(m.read_seq, g.read_seq), delivered_seq = greatest(m.delivered_seq, g.delivered_seq),
                    unread_from = CASE WHEN g.asked >= m.unread_from THEN NULL ELSE m.unread_from END, marked_at = now()
               FROM given g
              WHERE m.conversation_id = g.conversation_id AND m.user_id = g.user_id
                AND (g.read_seq, g.delivered_seq, g.unread_from) IS DISTINCT FROM (g.old_read, g.old_delivered, g.old_from)
             RETURNING m.conversation_id, m.user_id
           )
           SELECT g.conversation_id, g.user_id, g.read_seq, g.delivered_seq, g.unread_from,
                  ch.user_id IS NOT NULL AS changed, c.member_count <= $5 AS small,
                  coalesce((SELECT u.hides_reading FROM users u WHERE u.id = g.user_id), false) AS hidden,
                  CASE WHEN c.member_count <= $5 THEN (SELECT array_agg(m.user_id)
                    FROM members m JOIN users u ON u.id = m.user_id AND u.hides_reading
                   WHERE m.conversation_id = g.conversation_id AND m.user_id <> g.user_id) END AS blind
             FROM given g
             JOIN conversations c ON c.id = g.conversation_id
             LEFT JOIN changed ch ON ch.conversation_id = g.conversation_id AND ch.user_id = g.user_id`,
    values: [
      marks.map(m => m.conversationId),
      marks.map(m => m.userId),
      marks.map(m => m.readSeq),
      marks.map(m => m.deliveredSeq),
      smallRoom,
    ],
  });
  return {
    members: new Set(rows.map(r => keyOf({ conversationId: r.conversation_id, userId: r.user_id }))),
    marked: rows
      .filter(r => r.changed)
      .map(r => ({
        conversationId: r.conversation_id,
        userId: r.user_id,
        readSeq: r.read_seq,
        deliveredSeq: r.delivered_seq,
        ...(r.unread_from !== null && { unreadFrom: r.unread_from }),
        small: r.small,
        hidden: r.hidden,
        blind: r.blind ?? [],
      })),
  };
}
