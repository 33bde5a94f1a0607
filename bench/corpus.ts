import type { Id } from '@carpenter/protocol';
import { v7 } from '../packages/server/src/ids.ts';
import type { Connection } from '../packages/server/src/store/database.ts';
import { chanceOf } from '../packages/server/test/chance.ts';

/** A firm's talk, made up and always the same: words by Zipf's law, a few rooms with most of it, two years long. */
export interface Corpus {
  readonly people: readonly Id[];
  readonly rooms: readonly Id[];
  /** By how often they are used, the commonest first. */
  readonly words: readonly string[];
  /** In 12 of the rooms, large and small. */
  readonly somebody: Id;
  /** In all of them. */
  readonly everywhere: Id;
}

const wordCount = 150_000;
const days = 730;

/** Puts `count` messages into an empty, migrated database, past the lanes. */
export async function fillCorpus(db: Connection, count: number, rooms = 1_000, people = 1_000): Promise<Corpus> {
  const random = chanceOf(42);
  const words = [...makeWords(random)];
  const userIds = Array.from({ length: people }, v7);
  const roomIds = Array.from({ length: rooms }, v7);
  await db.query(
    `INSERT INTO users (id, username, display_name, role)
     SELECT id, 'person' || n, 'Person ' || n, CASE n WHEN 1 THEN 'owner' ELSE 'member' END FROM unnest($1::uuid[]) WITH ORDINALITY AS u(id, n)`,
    [userIds],
  );
  await db.query(
    `INSERT INTO conversations (id, type, name, member_count, meta_rev, created_by)
     SELECT id, 'group', 'Room ' || n, 1, 1, $2 FROM unnest($1::uuid[]) WITH ORDINALITY AS r(id, n)`,
    [roomIds, userIds[0]],
  );
  const [everywhere = '', somebody = ''] = userIds;
  const mine = roomIds.filter((_, i) => i % 83 === 7); // large ones and small ones
  await join(db, everywhere, roomIds);
  await join(db, somebody, mine);

  const seqs = new Map<Id, number>();
  const began = Date.now() - days * 86_400_000;
  for (let from = 0; from < count; from += 5_000) {
    const batch = Array.from({ length: Math.min(5_000, count - from) }, (_, i) => {
      const room = roomIds[zipf(random, rooms)] ?? '';
      const seq = (seqs.get(room) ?? 0) + 1;
      seqs.set(room, seq);
      const sender = userIds[Math.floor(random() * people)] ?? '';
      const at = new Date(began + ((from + i) / count) * days * 86_400_000).toISOString();
      return { room, seq, sender, at, text: sentence(random, words) };
    });
    await db.query(
      `INSERT INTO messages (conversation_id, seq, rev, id, client_id, sender_id, text, created_at)
       SELECT room, seq, seq, gen_random_uuid(), gen_random_uuid(), sender, text, at
         FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::timestamptz[]) AS m(room, seq, sender, text, at)`,
      [
        batch.map(m => m.room),
        batch.map(m => m.seq),
        batch.map(m => m.sender),
        batch.map(m => m.text),
        batch.map(m => m.at),
      ],
    );
  }
  await db.query(
    `INSERT INTO conversation_heads (conversation_id, last_seq, rev)
     SELECT r.id, coalesce(max(m.seq), 0), coalesce(max(m.rev), 1) FROM conversations r LEFT JOIN messages m ON m.conversation_id = r.id GROUP BY r.id`,
  );
  return { people: userIds, rooms: roomIds, words, somebody, everywhere };
}

async function join(db: Connection, userId: Id, rooms: readonly Id[]): Promise<void> {
  await db.query(
    `INSERT INTO members (conversation_id, user_id, role) SELECT id, $2, 'member' FROM unnest($1::uuid[]) AS r(id)`,
    [rooms, userId],
  );
}

type Random = () => number;

/** 0 … n-1, the first far more often than the last. */
const zipf = (random: Random, n: number): number => Math.min(n - 1, Math.floor((n + 1) ** random()) - 1);

function makeWords(random: Random): Set<string> {
  const pick = (list: string) => list[Math.floor(random() * list.length)] ?? '';
  const syllable = () => pick('bcdfghjklmnprstvwz') + pick('aeiouäö') + (random() < 0.4 ? pick('nrstl') : '');
  const words = new Set<string>();
  while (words.size < wordCount) {
    const length = 1 + Math.floor(random() * (words.size < 500 ? 2 : 5));
    words.add(Array.from({ length }, syllable).join(''));
  }
  return words;
}

const sentence = (random: Random, words: readonly string[]): string =>
  Array.from({ length: 3 + Math.floor(random() * 25) }, () => words[zipf(random, wordCount)]).join(' ');
