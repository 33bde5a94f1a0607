import {
  type ConversationState,
  fixed,
  type Head,
  type Id,
  type MemberRole,
  type Message,
  type Mine,
} from '@carpenter/protocol';
import type { Connection } from './database.ts';
import {
  type ConversationRow,
  conversationColumns,
  iso,
  type MemberRow,
  type MessageRow,
  messageColumns,
  placeOf,
  type SettingsRow,
  settingsColumns,
  toConversation,
  toMessage,
  toReceipt,
  toSettings,
} from './rows.ts';
import { askedTogether } from './together.ts';
import { withinChars } from './within-chars.ts';

interface HeadedRow extends ConversationRow, SettingsRow {
  meta_rev: number;
  last_seq: number;
  rev: number;
  role: MemberRole;
  read_seq: number;
  delivered_seq: number;
  unread_from: number | null;
  unread: number;
  mentions: number;
  following: boolean;
}

interface StateRow extends HeadedRow {
  last_message: MessageRow | null;
  receipts: Pick<MemberRow, 'user_id' | 'read_seq' | 'delivered_seq'>[] | null;
}

/**
 * Unread: text by others after my mark, deleted left out, and what people wrote whom I (`reader`) have blocked; counting stops at
 * `fixed.unreadMax`. In order, and with a limit that PostgreSQL knows when it plans: so it reads the index from the mark on and
 * stops, in place of collecting everything behind it.
 */
const byWhomIHear = (reader: string) =>
  `u.sender_id <> ALL (ARRAY(SELECT blocked_id FROM blocks WHERE user_id = ${reader}))`;
const unreadCount = (reader: string) => `(SELECT count(*) FROM (
    SELECT 1 FROM messages u
     WHERE u.conversation_id = me.conversation_id AND u.seq > coalesce(me.unread_from - 1, me.read_seq)
       AND u.sender_id <> me.user_id AND u.type = 'text' AND u.deleted_at IS NULL AND ${byWhomIHear(reader)}
     ORDER BY u.seq LIMIT ${fixed.unreadMax}) unread)`;

/**
 * Those of them that mention me. Who is named in a thread is told and counted there, not in the line of the conversation too.
 * Index: messages_mentioning.
 */
const mentionCount = (reader: string) => `(SELECT count(*) FROM (
    SELECT 1 FROM messages u
     WHERE u.conversation_id = me.conversation_id AND u.seq > coalesce(me.unread_from - 1, me.read_seq)
       AND u.mentions && ARRAY[me.user_id::text, 'here', 'all'] AND u.mentions IS NOT NULL
       AND (u.from_thread IS NULL OR u.mentions && ARRAY['here', 'all'])
       AND u.sender_id <> me.user_id AND u.deleted_at IS NULL AND ${byWhomIHear(reader)}
     ORDER BY u.seq LIMIT ${fixed.unreadMax}) mentioning)`;

const headedColumns = (reader: string) => `${conversationColumns}, c.meta_rev, h.last_seq, h.rev, h.last_message_at,
         me.role, me.read_seq, me.delivered_seq, me.unread_from, ${settingsColumns('me')},
         ${unreadCount(reader)} AS unread, ${mentionCount(reader)} AS mentions`;

const stateColumns = `${headedColumns('$1')},
         (SELECT to_jsonb(l) FROM (SELECT ${messageColumns} FROM messages
           WHERE conversation_id = h.conversation_id AND seq = h.last_seq) l) AS last_message,
         CASE WHEN c.type = 'direct' THEN (SELECT jsonb_agg(to_jsonb(r)) FROM (SELECT user_id,
           shown_read_seq(user_id, read_seq, $1) AS read_seq, delivered_seq FROM members WHERE conversation_id = c.id) r) END AS receipts`;

/** Of all conversations of $1, threads among them. */
const stateSelect = `SELECT ${stateColumns}, c.type = 'thread' AS following
    FROM members me
    JOIN conversations c ON c.id = me.conversation_id
    JOIN conversation_heads h ON h.conversation_id = me.conversation_id
   WHERE me.user_id = $1`;

/** A thread may be read without being followed; then nothing in it is unread. */
const fromReadable = (reader: string, conversation: string) => `FROM conversations c
    JOIN conversation_heads h ON h.conversation_id = c.id
    JOIN members a ON a.conversation_id = coalesce(c.parent_id, c.id) AND a.user_id = ${reader}
    LEFT JOIN members f ON f.conversation_id = c.id AND f.user_id = ${reader}
   CROSS JOIN LATERAL (
     SELECT c.id AS conversation_id, a.user_id, a.role, f.unread_from, f.user_id IS NOT NULL AS following,
            f.notify, f.muted_until, f.keywords, f.pinned, coalesce(f.archived, false) AS archived, f.folder,
            coalesce(f.settings_rev, 0) AS settings_rev,
            coalesce(f.read_seq, h.last_seq) AS read_seq, coalesce(f.delivered_seq, h.last_seq) AS delivered_seq) me
   WHERE c.id = ${conversation}`;

/** Where somebody stands in a conversation they may read, with the `rev` of its own last change. Undefined: not in it. */
export async function stateOf(
  db: Connection,
  userId: Id,
  conversationId: Id,
): Promise<{ state: ConversationState; metaRev: number } | undefined> {
  const { rows } = await db.query<StateRow>({
    name: 'states.one',
    text: `SELECT ${stateColumns}, me.following ${fromReadable('$1', '$2')}`,
    values: [userId, conversationId],
  });
  return rows[0] && { state: toState(rows[0]), metaRev: rows[0].meta_rev };
}

type Headed = Pick<ConversationState, 'conversation' | 'lastSeq' | 'rev' | 'mine'>;

/** Where a conversation stands for somebody who may read it, and what changed in it. */
export interface Missed extends Headed {
  /** Of the last change of the conversation itself. */
  readonly metaRev: number;
  /** Messages changed after `since`, oldest change first; none of them beyond `rev`. */
  readonly messages: readonly Message[];
}

export interface WhatChanged {
  readonly userId: Id;
  readonly conversationId: Id;
  readonly since: number;
  /** Messages at most. */
  readonly limit: number;
}

/**
 * Everybody who comes back asks this of each of their conversations. One statement for all of an answer, and so one moment.
 * Index: messages (conversation_id, rev). The questions are JSON, since PostgreSQL would plan anew each time that it knows how long an array
 * is; with OFFSET it looks the few rows of each up, though it was planned while the tables were empty.
 * Undefined: not in it.
 */
export const changedAfter = askedTogether(async (db, asked: readonly WhatChanged[]) => {
  const { rows } = await db.query<HeadedRow & { n: number; messages: MessageRow[] | null }>({
    name: 'states.changed',
    text: `SELECT q.n, found.*
             FROM jsonb_to_recordset($1) AS q (n int, user_id uuid, conversation_id uuid, since bigint, most int)
            CROSS JOIN LATERAL (
              SELECT ${headedColumns('q.user_id')}, me.following,
                     (SELECT jsonb_agg(to_jsonb(m) ORDER BY m.rev) FROM (SELECT ${messageColumns} FROM messages
                       WHERE conversation_id = q.conversation_id AND rev > q.since ORDER BY rev LIMIT q.most) m) AS messages
              ${fromReadable('q.user_id', 'q.conversation_id')}
              OFFSET 0) found`,
    values: [
      JSON.stringify(
        asked.map(({ userId, conversationId, since, limit }, n) => ({
          n,
          user_id: userId,
          conversation_id: conversationId,
          since,
          most: limit,
        })),
      ),
    ],
  });
  const found: (Missed | undefined)[] = asked.map(() => undefined);
  for (const row of rows) {
    found[row.n] = { ...headed(row), metaRev: row.meta_rev, messages: (row.messages ?? []).map(toMessage) };
  }
  return found;
});

export interface ListPlace {
  /** ISO 8601 in UTC, with microseconds. */
  readonly at: string;
  readonly id: Id;
}

/** A page of somebody's conversation list, latest first, beginning after `after`; shorter where last messages are long. */
export async function statesPage(
  db: Connection,
  userId: Id,
  after: ListPlace | undefined,
  limit: number,
): Promise<{ states: ConversationState[]; next?: ListPlace }> {
  const { rows } = await db.query<StateRow & { place: string }>({
    name: after ? 'states.page_after' : 'states.page',
    text: `SELECT s.*, ${placeOf('s.last_message_at')} AS place FROM (${stateSelect} AND c.parent_id IS NULL
             ${after ? 'AND (h.last_message_at, c.id) < ($3::timestamptz, $4::uuid)' : ''}
             ORDER BY h.last_message_at DESC, c.id DESC LIMIT $2) s`,
    values: [userId, limit + 1, ...(after ? [after.at, after.id] : [])],
  });
  const page = withinChars(rows.slice(0, limit), row => [row.last_message]);
  const last = page.at(-1);
  return {
    states: page.map(toState),
    ...(rows.length > page.length && last && { next: { at: last.place, id: last.id } }),
  };
}

export interface ThreadPlace extends ListPlace {
  readonly unread: boolean;
}

/** A page of the threads somebody follows, with what they hang on: unread ones first, then latest first. */
export async function threadsPage(
  db: Connection,
  userId: Id,
  after: ThreadPlace | undefined,
  limit: number,
): Promise<{ threads: { state: ConversationState; root: Message }[]; next?: ThreadPlace }> {
  const { rows } = await db.query<StateRow & { place: string; any_unread: boolean; root: MessageRow }>({
    name: after ? 'states.threads_after' : 'states.threads',
    text: `SELECT t.*, ${placeOf('t.last_message_at')} AS place,
                  (SELECT to_jsonb(r) FROM (SELECT ${messageColumns} FROM messages
                    WHERE conversation_id = t.parent_id AND seq = t.parent_seq) r) AS root
             FROM (SELECT s.*, s.unread > 0 AS any_unread FROM (${stateSelect} AND c.parent_id IS NOT NULL) s) t
            ${after ? 'WHERE (t.any_unread, t.last_message_at, t.id) < ($3, $4::timestamptz, $5::uuid)' : ''}
            ORDER BY t.any_unread DESC, t.last_message_at DESC, t.id DESC LIMIT $2`,
    values: [userId, limit + 1, ...(after ? [after.unread, after.at, after.id] : [])],
  });
  const page = withinChars(rows.slice(0, limit), row => [row.root, row.last_message]);
  const last = page.at(-1);
  return {
    threads: page.map(row => ({ state: toState(row), root: toMessage(row.root) })),
    ...(rows.length > page.length && last && { next: { unread: last.any_unread, at: last.place, id: last.id } }),
  };
}

const headed = (row: HeadedRow): Headed => ({
  conversation: toConversation(row),
  lastSeq: row.last_seq,
  rev: row.rev,
  mine: toMine(row),
});

function toState(row: StateRow): ConversationState {
  return {
    ...headed(row),
    ...(row.last_message && { lastMessage: toMessage(row.last_message) }),
    ...(row.receipts && { receipts: row.receipts.map(toReceipt) }),
  };
}

const toMine = (row: HeadedRow): Mine => ({
  role: row.role,
  readSeq: row.read_seq,
  deliveredSeq: row.delivered_seq,
  ...(row.unread_from !== null && { unreadFrom: row.unread_from }),
  unread: row.unread,
  mentions: row.mentions,
  ...toSettings(row),
  ...(row.type === 'thread' && { following: row.following }),
});

interface HeadRow {
  conversation_id: Id;
  parent_id: Id | null;
  last_seq: number;
  rev: number;
  unread: number;
  mentions: number;
  read_seq: number;
  settings_rev: number;
}

/**
 * Counters of my conversations that changed since `at`; of all without it. The margin covers transactions that were
 * under way at `at` and committed later.
 */
export async function headsOf(
  db: Connection,
  userId: Id,
  at: string | undefined,
): Promise<{ at: string; heads: Head[] }> {
  const now = await db.query<{ now: Date }>('SELECT now()');
  const { rows } = await db.query<HeadRow>({
    name: at ? 'heads.since' : 'heads.all',
    text: `SELECT me.conversation_id, c.parent_id, h.last_seq, h.rev, me.read_seq, me.settings_rev, ${unreadCount('$1')} AS unread,
                  ${mentionCount('$1')} AS mentions
             FROM members me JOIN conversation_heads h ON h.conversation_id = me.conversation_id
             JOIN conversations c ON c.id = me.conversation_id
            WHERE me.user_id = $1 ${at ? "AND greatest(h.changed_at, me.marked_at) > $2::timestamptz - interval '15 s'" : ''}`,
    values: [userId, ...(at ? [at] : [])],
  });
  return {
    at: iso(now.rows[0]?.now ?? new Date()),
    heads: rows.map(row => ({
      conversationId: row.conversation_id,
      ...(row.parent_id && { parentId: row.parent_id }),
      lastSeq: row.last_seq,
      rev: row.rev,
      unread: row.unread,
      mentions: row.mentions,
      readSeq: row.read_seq,
      ...(row.settings_rev > 0 && { settingsRev: row.settings_rev }),
    })),
  };
}
