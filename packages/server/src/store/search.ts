import type { Conversation, Id, Message, SearchFind, SearchSort } from '@carpenter/protocol';
import pg from 'pg';
import { nilId } from '../ids.ts';
import { gramsOf, typoRange } from '../search/vocabulary.ts';
import { type Connection, type Db, transaction } from './database.ts';
import {
  type ConversationRow,
  conversationColumns,
  iso,
  type MessageRow,
  messageColumns,
  type Time,
  toConversation,
  toMessage,
} from './rows.ts';

/** Where a hit stands in the order of all hits: points first where the best are wanted, then time. */
export interface HitPlace {
  readonly points: number;
  readonly at: string;
  readonly conversationId: Id;
  readonly seq: number;
}
/** `rootId`: the conversation whose members may read it. */
export interface FoundMessage {
  readonly message: Message;
  readonly rootId: Id;
}

/** Of the words that hold a part so many are looked for, the shortest: each costs the index a look of its own. */
const partsMax = 32;
const startsMax = 64;
/** Words that are looked through for each end of a word with a typing error: all of one search together. */
const likeMax = 20_000;
/** What is not indexed yet and is read through, at most: messages, and characters of them. Each search reads it anew. */
const tailMax = 5_000;
const tailMaxChars = 256 * 1024;
/** The best are chosen among so many of the newest that match. */
const bestOf = 1_000;

/** Conversations, threads left out, that somebody may read. */
export async function rootsReadBy(db: Connection, userId: Id): Promise<Id[]> {
  const { rows } = await db.query<{ conversation_id: Id }>({
    name: 'search.roots',
    text: `SELECT m.conversation_id FROM members m JOIN conversations c ON c.id = m.conversation_id
            WHERE m.user_id = $1 AND c.parent_id IS NULL`,
    values: [userId],
  });
  return rows.map(row => row.conversation_id);
}

/** Those of my conversations with these ids, names, or (direct ones) the other's names, however they are written. */
export async function conversationsNamed(db: Connection, userId: Id): Promise<{ id: Id; names: string[] }[]> {
  const { rows } = await db.query<{ id: Id; names: (string | null)[] }>({
    name: 'search.names',
    text: `SELECT c.id, array_remove(ARRAY[c.id::text, c.name, u.username, u.display_name], NULL) AS names
             FROM members me JOIN conversations c ON c.id = me.conversation_id AND c.parent_id IS NULL
             LEFT JOIN users u ON c.type = 'direct' AND u.id = replace(replace(c.direct_key, me.user_id::text, ''), ':', '')::uuid
            WHERE me.user_id = $1`,
    values: [userId],
  });
  return rows.map(({ id, names }) => ({ id, names: names.filter(name => name !== null) }));
}

/** People with exactly this username, id, or display name. */
export async function peopleNamed(db: Connection, names: readonly string[]): Promise<{ id: Id; names: string[] }[]> {
  const { rows } = await db.query<{ id: Id; username: string; display_name: string }>({
    name: 'search.people',
    text: `SELECT id, username, display_name FROM users
            WHERE username = ANY ($1::text[]) OR id::text = ANY ($1::text[]) OR lower(display_name) = ANY ($1::text[]) LIMIT 100`,
    values: [names],
  });
  return rows.map(row => ({ id: row.id, names: [row.id, row.username, row.display_name] }));
}

/** Words that hold this part elsewhere than at their beginning, the shortest first. Index: search_words (grams). */
export async function wordsWith(db: Connection, part: string): Promise<string[]> {
  const { rows } = await db.query<{ word: string }>({
    name: 'search.parts',
    text: `SELECT word FROM search_words WHERE grams @> $1::text[] AND strpos(word, $2) > 1 ORDER BY length(word), word LIMIT $3`,
    values: [gramsOf(part), part, partsMax],
  });
  return rows.map(row => row.word);
}

/**
 * All words that begin so; undefined where they are too many to name. Named ones are far cheaper than a beginning, for which the
 * index gathers every message of every such word before it looks at anything else.
 */
export async function wordsFrom(db: Connection, start: string): Promise<string[] | undefined> {
  const { rows } = await db.query<{ word: string }>({
    name: 'search.starts',
    text: 'SELECT word FROM search_words WHERE word >= $1 AND word < $2 ORDER BY word LIMIT $3',
    values: [start, behind(start), startsMax + 1],
  });
  return rows.length > startsMax ? undefined : rows.map(row => row.word);
}

/** The first text behind all that begin so, by code points. */
const behind = (start: string): string => {
  const letters = [...start];
  const last = letters.pop()?.codePointAt(0) ?? 0;
  return letters.join('') + String.fromCodePoint(last === 0xd7ff ? 0xe000 : Math.min(last + 1, 0x10ffff));
};

/**
 * Words among which are those that this one may have been before one typing error. Of very many that begin or end like it only the
 * first are looked at: all share these words, and somebody may have filled them.
 * Indexes: search_words (word), (reverse(word)).
 * @param among so many such words one search asks for
 */
export async function wordsLike(db: Connection, word: string, among = 1): Promise<string[]> {
  const range = typoRange(word);
  if (!range) return [];
  const [from, to] = range.letters;
  const end = [...range.end].reverse().join('');
  const { rows } = await db.query<{ word: string }>({
    name: 'search.like',
    text: `SELECT word FROM (
             (SELECT word FROM search_words WHERE word >= $1 AND word < $2 ORDER BY word LIMIT $7)
             UNION
             (SELECT word FROM search_words
               WHERE reverse(word) COLLATE "C" >= $3 AND reverse(word) COLLATE "C" < $4
               ORDER BY reverse(word) COLLATE "C" LIMIT $7)
             UNION
             SELECT word FROM search_words WHERE word = $8) like_it
            WHERE length(word) BETWEEN $5 AND $6`,
    values: [
      ...[range.start, behind(range.start), end, behind(end), from, to],
      ...[Math.ceil(likeMax / among), range.turned],
    ],
  });
  return rows.map(row => row.word);
}

/**
 * Messages that the index does not know as they are now, of conversations that may be behind and that somebody may read: the
 * newest of them. Indexes: members, asides, messages (conversation_id, rev).
 */
export async function notIndexed(
  db: Connection,
  userId: Id,
  behind: readonly Id[],
): Promise<{ found: FoundMessage[]; all: boolean }> {
  if (behind.length === 0) return { found: [], all: true };
  const { rows } = await db.query<MessageRow & { root_id: Id; chars: number }>({
    name: 'search.tail',
    text: `SELECT * FROM (
           SELECT t.*, sum(length(t.text)) OVER (ORDER BY t.created_at DESC ROWS UNBOUNDED PRECEDING) AS chars
             FROM unnest($2::uuid[]) AS b(id)
             JOIN conversations c ON c.id = b.id
             JOIN members me ON me.conversation_id = coalesce(c.parent_id, c.id) AND me.user_id = $1
             LEFT JOIN asides a ON a.name = 'search' AND a.conversation_id = b.id,
             LATERAL (SELECT ${messageColumns}, coalesce(c.parent_id, c.id) AS root_id FROM messages
                       WHERE conversation_id = b.id AND rev > coalesce(a.rev, 0) ORDER BY rev DESC LIMIT $3) t) read
            WHERE chars - length(text) < $4 ORDER BY chars LIMIT $3`,
    values: [userId, behind, tailMax, tailMaxChars],
  });
  const found = rows.map(row => ({ message: toMessage(row), rootId: row.root_id }));
  return { found, all: rows.length < tailMax && Number(rows.at(-1)?.chars ?? 0) < tailMaxChars };
}

export interface Sought {
  readonly userId: Id;
  /** Default: messages. */
  readonly find?: SearchFind;
  /** A tsquery: words and marks. */
  readonly query: string;
  /** What the points are counted by: one for each of these that fits. */
  readonly counted: readonly string[];
  readonly sort: SearchSort;
  /** Milliseconds; `to` is exclusive. */
  readonly from: number;
  readonly to: number;
  readonly after?: HitPlace | undefined;
  readonly limit: number;
}

/**
 * Hits of the index, best or newest first. Only in conversations that somebody is in at this moment: that is decided here.
 * Index: message_search (words), or (files) among files.
 */
export async function indexedHits(db: Db, sought: Sought): Promise<(HitPlace & { rootId: Id })[]> {
  const { userId, find, query, counted, sort, from, to, after, limit } = sought;
  const best = sort === 'best';
  const column = columnOf(find);
  const points =
    best && counted.length > 0 ? counted.map((_, i) => `(s.${column} @@ $${i + 10}::tsquery)::int`).join(' + ') : '0';
  // It is planned each time, as a word may be in one message or in all of them. IS TRUE: the rooms are hashed once and
  // looked up for each hit; as a join it was turned round where nothing is known of the tables, and asked the index once a room.
  const search = {
    text: `SELECT * FROM (
             SELECT s.conversation_id, s.seq, s.root_id, s.created_at, ${points} AS points
               FROM message_search s
              WHERE s.${column} @@ $2::tsquery AND s.created_at >= $3 AND s.created_at < $4
                AND (s.root_id IN (SELECT conversation_id FROM members WHERE user_id = $1)) IS TRUE
              ${best ? `ORDER BY s.created_at DESC LIMIT ${bestOf}` : ''}) hit
            WHERE (points, created_at, conversation_id, seq) < ($5::int, $6::timestamptz, $7::uuid, $8::bigint)
            ORDER BY points DESC, created_at DESC, conversation_id DESC, seq DESC LIMIT $9`,
    values: [
      userId,
      query,
      new Date(from),
      new Date(to),
      after?.points ?? 2_147_483_647,
      after?.at ?? 'infinity',
      after?.conversationId ?? nilId,
      after?.seq ?? 0,
      limit,
      ...(best ? counted : []),
    ],
  };
  const { rows } = await transaction(db, async tx => {
    await tx.query('SET LOCAL plan_cache_mode = force_custom_plan');
    return tx.query<{ conversation_id: Id; seq: number; root_id: Id; created_at: Time; points: number }>(search);
  });
  return rows.map(row => ({
    conversationId: row.conversation_id,
    seq: row.seq,
    rootId: row.root_id,
    at: iso(row.created_at),
    points: row.points,
  }));
}

const columnOf = (find: SearchFind | undefined) => (find === 'files' ? 'files' : 'words');

/** About how many messages of everybody the index will give out: the planner's guess, which costs nothing but planning. */
export async function roughlyMatching(db: Connection, query: string, find?: SearchFind): Promise<number> {
  const { rows } = await db.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
    `EXPLAIN (FORMAT json) SELECT 1 FROM message_search WHERE ${columnOf(find)} @@ ${literal(query)}::tsquery`,
  );
  return rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
}
// EXPLAIN takes no parameters where there is no value to plan with.
const literal = (text: string): string => pg.escapeLiteral(text);

/** In the order of the places. Index: messages (conversation_id, seq). */
export async function messagesAtPlaces(
  db: Connection,
  places: readonly { readonly conversationId: Id; readonly seq: number }[],
): Promise<Message[]> {
  const { rows } = await db.query<MessageRow>({
    name: 'messages.at_places',
    text: `SELECT m.* FROM unnest($1::uuid[], $2::bigint[]) WITH ORDINALITY AS p(conversation_id, seq, n),
             LATERAL (SELECT ${messageColumns} FROM messages WHERE conversation_id = p.conversation_id AND seq = p.seq) m
            ORDER BY p.n`,
    values: [places.map(place => place.conversationId), places.map(place => place.seq)],
  });
  return rows.map(toMessage);
}

export async function conversationsByIds(db: Connection, ids: readonly Id[]): Promise<Conversation[]> {
  const { rows } = await db.query<ConversationRow>({
    name: 'conversations.by_ids',
    text: `SELECT ${conversationColumns} FROM conversations c WHERE c.id = ANY ($1::uuid[])`,
    values: [ids],
  });
  return rows.map(toConversation);
}
