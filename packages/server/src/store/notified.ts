import type { ConversationType, Decision, Id, Message, MySettings, Preferences, Seq } from '@carpenter/protocol';
import type { Connection } from './database.ts';
import { iso, type Time } from './rows.ts';

/** What is known of one person about one message: enough to decide. */
export interface Listener {
  readonly userId: Id;
  readonly readSeq: number;
  readonly following: boolean;
  /** How they keep the conversation; of a thread, the one it hangs in. */
  readonly kept: Pick<MySettings, 'notify' | 'mutedUntil' | 'keywords'>;
  readonly preferences: Preferences;
  readonly blocked: boolean;
}
interface ListenerRow {
  user_id: Id;
  read_seq: number;
  following: boolean;
  notify: MySettings['notify'] | null;
  muted_until: Time | null;
  keywords: string[] | null;
  preferences: Preferences;
  blocked: boolean;
}
const toListener = (row: ListenerRow): Listener => ({
  userId: row.user_id,
  readSeq: row.read_seq,
  following: row.following,
  kept: {
    ...(row.notify && { notify: row.notify }),
    ...(row.muted_until && { mutedUntil: iso(row.muted_until) }),
    ...(row.keywords && { keywords: row.keywords }),
  },
  preferences: row.preferences,
  blocked: row.blocked,
});

/** `a`: the membership that lets them read; `f`: in a thread, their following it. $1 conversation, $2 sender, $3 the thread that it came from. */
const listenerSelect = `SELECT a.user_id, coalesce(f.read_seq, 0) AS read_seq, CASE WHEN $3::uuid IS NOT NULL THEN EXISTS (SELECT FROM members t WHERE t.conversation_id = $3 AND t.user_id = a.user_id)
              ELSE c.type <> 'thread' OR f.user_id IS NOT NULL END AS following,
         a.notify, a.muted_until, a.keywords, u.preferences, b.user_id IS NOT NULL AS blocked
    FROM conversations c
    JOIN members a ON a.conversation_id = coalesce(c.parent_id, c.id)
    JOIN users u ON u.id = a.user_id AND u.suspended_at IS NULL
    LEFT JOIN members f ON f.conversation_id = c.id AND f.user_id = a.user_id
    LEFT JOIN blocks b ON b.user_id = a.user_id AND b.blocked_id = $2
   WHERE c.id = $1`;

type Told = Pick<Message, 'conversationId' | 'sender' | 'fromThread'>;

/** Everybody in it who has a device that takes pushes, and those who are meant by name; not the sender. */
export async function listenersOf(
  db: Connection,
  { conversationId, sender, fromThread }: Told,
  named: readonly Id[],
): Promise<Listener[]> {
  const { rows } = await db.query<ListenerRow>({
    // without a name: planned each time, as rooms are of three people or of ten thousand
    text: `${listenerSelect} AND a.user_id <> $2
       AND a.user_id IN (SELECT unnest($4::uuid[]) UNION ALL SELECT s.user_id FROM push_subscriptions s)`,
    values: [conversationId, sender, fromThread?.conversationId ?? null, named],
  });
  return rows.map(toListener);
}

export async function listenerIn(
  db: Connection,
  { conversationId, sender, fromThread }: Told,
  userId: Id,
): Promise<Listener | undefined> {
  const { rows } = await db.query<ListenerRow>({
    name: 'notified.listener',
    text: `${listenerSelect} AND a.user_id = $4`,
    values: [conversationId, sender, fromThread?.conversationId ?? null, userId],
  });
  return rows[0] && toListener(rows[0]);
}

/** Those of the conversations in which anybody has a device that takes pushes. */
export async function listenedTo(db: Connection, conversationIds: readonly Id[]): Promise<Set<Id>> {
  const { rows } = await db.query<[Id]>({
    text: `SELECT c.id FROM conversations c WHERE c.id = ANY ($1::uuid[]) AND EXISTS (
             SELECT 1 FROM push_subscriptions s JOIN members m ON m.user_id = s.user_id
              WHERE m.conversation_id = coalesce(c.parent_id, c.id))`,
    values: [conversationIds],
    rowMode: 'array',
  });
  return new Set(rows.map(([id]) => id));
}

/** What a notification says of where and by whom; `answers`: who wrote the message that it answers. */
export interface Place {
  readonly type: ConversationType;
  readonly name: string | null;
  readonly senderName: string;
  readonly answers: Id | null;
  readonly parentId: Id | null;
  readonly parentSeq: Seq | null;
}
export async function placeOf(
  db: Connection,
  { conversationId, sender, replyTo }: Pick<Message, 'conversationId' | 'sender' | 'replyTo'>,
): Promise<Place | undefined> {
  const { rows } = await db.query<Place>({
    name: 'notified.place',
    text: `SELECT c.type, r.name, u.display_name AS "senderName", c.parent_id AS "parentId", c.parent_seq AS "parentSeq",
                  (SELECT sender_id FROM messages WHERE conversation_id = c.id AND seq = $3) AS answers
             FROM conversations c JOIN conversations r ON r.id = coalesce(c.parent_id, c.id), users u
            WHERE c.id = $1 AND u.id = $2`,
    values: [conversationId, sender, replyTo ?? null],
  });
  return rows[0];
}

/** A decision as it was made then, and to how many devices it was handed. */
export type KeptDecision = Decision & { readonly devices?: number };

export async function keepDecisions(
  db: Connection,
  conversationId: Id,
  seq: Seq,
  decisions: Readonly<Record<Id, KeptDecision>>,
): Promise<void> {
  await db.query({
    name: 'notified.keep',
    text: `INSERT INTO notified (conversation_id, seq, decisions) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
    values: [conversationId, seq, JSON.stringify(decisions)],
  });
}

export async function keptDecision(
  db: Connection,
  conversationId: Id,
  seq: Seq,
  userId: Id,
): Promise<{ at: string; decision: KeptDecision } | undefined> {
  const { rows } = await db.query<{ at: Time; decision: KeptDecision | null }>({
    name: 'notified.kept',
    text: `SELECT at, decisions->$3 AS decision FROM notified WHERE conversation_id = $1 AND seq = $2`,
    values: [conversationId, seq, userId],
  });
  const [row] = rows;
  return row?.decision ? { at: iso(row.at), decision: row.decision } : undefined;
}
