import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Id } from '@carpenter/protocol';
import type pg from 'pg';
import { type Entry, entryOf, quote } from '../search/document.ts';
import { gramsOf } from '../search/vocabulary.ts';
import { type Aside, type Changed, holdAsides } from './aside.ts';
import { type Db, transaction } from './database.ts';

/** Keeps `message_search` in step with what is written. What it has not reached yet is found by reading it (search.ts). */
export const searchIndex: Aside = { name: 'search', handle: index };

interface Place {
  readonly conversationId: Id;
  readonly seq: number;
}

async function index(tx: pg.ClientBase, changed: readonly Changed[]): Promise<void> {
  const texts = changed.filter(({ message }) => message.type === 'text');
  if (texts.length === 0) return;
  const roots = await rootsOf(tx, [...new Set(texts.map(({ message }) => message.conversationId))]);
  const entries: NewEntry[] = [];
  for (const { message } of texts) {
    if (message.deletedAt !== undefined) continue;
    const root = roots.get(message.conversationId) ?? message.conversationId;
    entries.push({ message, root, ...entryOf(message, root) });
    await othersTurn(); // a portion of the longest messages is a second of work
  }
  const former = await wordsAt(tx, placesOf(texts.filter(({ fresh }) => !fresh)));
  await removeEntries(tx, placesOf(texts.filter(({ message }) => message.deletedAt !== undefined)));
  await writeEntries(tx, entries);
  const present = new Set(entries.flatMap(({ words }) => words));
  for (const words of inPieces([...present])) await addWords(tx, words);
  for (const words of inPieces(former.filter(word => !present.has(word)))) await forgetWords(tx, words);
}

/** A message can bring thousands of words that nobody said before: no statement takes long for that. */
const wordsAtOnce = 1_000;
const inPieces = (words: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(words.length / wordsAtOnce) }, (_, i) =>
    words.slice(i * wordsAtOnce, (i + 1) * wordsAtOnce),
  );

const placesOf = (changed: readonly Changed[]): Place[] => changed.map(({ message }) => message);

/** Of each conversation the one whose members may read it. */
async function rootsOf(tx: pg.ClientBase, ids: readonly Id[]): Promise<Map<Id, Id>> {
  const { rows } = await tx.query<{ id: Id; root_id: Id }>(
    'SELECT id, coalesce(parent_id, id) AS root_id FROM conversations WHERE id = ANY ($1::uuid[])',
    [ids],
  );
  return new Map(rows.map(row => [row.id, row.root_id]));
}

async function wordsAt(tx: pg.ClientBase, places: readonly Place[]): Promise<string[]> {
  if (places.length === 0) return [];
  const { rows } = await tx.query<{ word: string }>(
    `SELECT DISTINCT w.word FROM unnest($1::uuid[], $2::bigint[]) AS p(conversation_id, seq)
       JOIN message_search USING (conversation_id, seq), unnest(tsvector_to_array(words)) AS w(word)`,
    [places.map(p => p.conversationId), places.map(p => p.seq)],
  );
  return rows.map(row => row.word).filter(word => !word.startsWith('/'));
}

async function removeEntries(tx: pg.ClientBase, places: readonly Place[]): Promise<void> {
  if (places.length === 0) return;
  await tx.query(
    `DELETE FROM message_search s USING unnest($1::uuid[], $2::bigint[]) AS p(conversation_id, seq)
      WHERE s.conversation_id = p.conversation_id AND s.seq = p.seq`,
    [places.map(p => p.conversationId), places.map(p => p.seq)],
  );
}

type NewEntry = Entry & { readonly message: Changed['message']; readonly root: Id };

/** A change that is none for the index, a reaction for one, writes nothing. */
async function writeEntries(tx: pg.ClientBase, entries: readonly NewEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await tx.query(
    `INSERT INTO message_search AS s (conversation_id, seq, root_id, sender_id, created_at, words, files)
     SELECT conversation_id, seq, root_id, sender_id, created_at, words::tsvector, files::tsvector
       FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::text[], $7::text[])
            AS e(conversation_id, seq, root_id, sender_id, created_at, words, files)
     ON CONFLICT (conversation_id, seq) DO UPDATE SET words = excluded.words, files = excluded.files
      WHERE s.words <> excluded.words OR s.files IS DISTINCT FROM excluded.files`,
    [
      entries.map(e => e.message.conversationId),
      entries.map(e => e.message.seq),
      entries.map(e => e.root),
      entries.map(e => e.message.sender),
      entries.map(e => e.message.createdAt),
      entries.map(e => e.vector),
      entries.map(e => e.files ?? null),
    ],
  );
}

async function addWords(tx: pg.ClientBase, words: readonly string[]): Promise<void> {
  const { rows } = await tx.query<{ word: string }>(
    'SELECT word FROM unnest($1::text[]) AS w(word) WHERE NOT EXISTS (SELECT 1 FROM search_words s WHERE s.word = w.word)',
    [words],
  );
  if (rows.length === 0) return;
  const news = rows.map(({ word }) => ({ word, grams: gramsOf(word) }));
  await tx.query(
    `INSERT INTO search_words (word, grams)
     SELECT word, grams FROM jsonb_to_recordset($1::jsonb) AS w(word text, grams text[]) ON CONFLICT DO NOTHING`,
    [JSON.stringify(news)],
  );
}

/** What nobody says any more, or only in `besides`, is not kept: it may have been a secret. */
async function forgetWords(tx: pg.ClientBase, words: readonly string[], besides?: Id): Promise<void> {
  if (words.length === 0) return;
  // The planner takes a few long messages for a small table, and would look through the words of all of them for each word.
  await tx.query('SET LOCAL enable_seqscan = off');
  await tx.query(
    `DELETE FROM search_words w USING unnest($1::text[], $2::text[]) AS f(word, query)
      WHERE w.word = f.word
        AND NOT EXISTS (SELECT 1 FROM message_search s
                         WHERE s.words @@ f.query::tsquery AND s.conversation_id IS DISTINCT FROM $3::uuid)
        AND NOT EXISTS (SELECT 1 FROM message_search s
                         WHERE s.files @@ f.query::tsquery AND s.conversation_id IS DISTINCT FROM $3::uuid)`,
    [words, words.map(quote), besides ?? null],
  );
}

const entriesAtOnce = 100;

/**
 * Empties the index of a deleted conversation, whose messages are gone, and forgets the words that were said nowhere else. Nothing is
 * indexed meanwhile: so what was read of it before is found, and no word is forgotten that somebody is just saying.
 */
export async function forgetConversation(db: Db, conversationId: Id): Promise<void> {
  const judged = new Set<string>();
  for (;;) {
    const { count, words } = await transaction(db, async tx => {
      await holdAsides(tx);
      const gone = await takeEntries(tx, conversationId);
      const news = gone.words.filter(word => !judged.has(word));
      for (const some of inPieces(news)) await forgetWords(tx, some, conversationId);
      return gone;
    });
    for (const word of words) judged.add(word);
    if (count < entriesAtOnce) return;
  }
}

async function takeEntries(tx: pg.ClientBase, conversationId: Id): Promise<{ count: number; words: string[] }> {
  const { rows } = await tx.query<{ count: number; words: string[] }>(
    `WITH gone AS (
       DELETE FROM message_search
        WHERE ctid = ANY (ARRAY(SELECT ctid FROM message_search WHERE conversation_id = $1 LIMIT $2)) RETURNING words)
     SELECT (SELECT count(*) FROM gone) AS count,
            ARRAY(SELECT DISTINCT w.word FROM gone, unnest(tsvector_to_array(words)) AS w(word)
                   WHERE NOT starts_with(w.word, '/')) AS words`,
    [conversationId, entriesAtOnce],
  );
  return rows[0] ?? { count: 0, words: [] };
}
