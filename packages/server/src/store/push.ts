import type { Id } from '@carpenter/protocol';
import type { Connection, Db } from './database.ts';
import { iso, only, type Time } from './rows.ts';

export interface PushKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** The keys of this installation; those offered where there are none yet, whichever node comes first. */
export async function keepPushKeys(db: Db, offered: PushKeys): Promise<PushKeys> {
  await db.query('INSERT INTO push_keys (public_key, private_key) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    offered.publicKey,
    offered.privateKey,
  ]);
  const { rows } = await db.query<{ public_key: string; private_key: string }>('SELECT * FROM push_keys');
  const row = only(rows);
  return { publicKey: row.public_key, privateKey: row.private_key };
}

/** A browser that takes pushes. */
export interface Subscription {
  readonly id: Id;
  readonly userId: Id;
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
  /** What its owner calls it. */
  readonly device: string;
  /** Why its push service did not take the last push, or that it took long over it. */
  readonly trouble?: string;
}
interface SubscriptionRow {
  id: Id;
  user_id: Id;
  endpoint: string;
  p256dh: string;
  auth: string;
  device: string;
  trouble: string | null;
}
const toSubscription = ({ user_id: userId, trouble, ...row }: SubscriptionRow): Subscription => ({
  ...row,
  userId,
  ...(trouble !== null && { trouble }),
});

/** Logged out, it takes none: its login has ended. */
const live = `push_subscriptions p JOIN auth_sessions s ON s.id = p.session_id AND s.ended_at IS NULL`;
const columns = 'p.id, p.user_id, p.endpoint, p.p256dh, p.auth, s.device, p.trouble';

/** One endpoint belongs to whoever asked last in that browser; of more than `max` devices the oldest go. @returns its id */
export async function putSubscription(
  db: Db,
  given: { id: Id; userId: Id; sessionId: Id; endpoint: string; p256dh: string; auth: string },
  max: number,
): Promise<Id> {
  const { rows } = await db.query<{ id: Id }>({
    name: 'push.put',
    text: `INSERT INTO push_subscriptions (id, user_id, session_id, endpoint, p256dh, auth) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (endpoint) DO UPDATE SET user_id = excluded.user_id, session_id = excluded.session_id,
             p256dh = excluded.p256dh, auth = excluded.auth
           RETURNING id`,
    values: [given.id, given.userId, given.sessionId, given.endpoint, given.p256dh, given.auth],
  });
  await db.query({
    name: 'push.trim',
    text: `DELETE FROM push_subscriptions WHERE id IN (
             SELECT id FROM push_subscriptions WHERE user_id = $1 ORDER BY created_at DESC, id DESC OFFSET $2)`,
    values: [given.userId, max],
  });
  return only(rows).id;
}

/** Those of these people, by person and age. Index: push_subscriptions_of. */
export async function subscriptionsOf(db: Connection, userIds: readonly Id[]): Promise<Subscription[]> {
  const { rows } = await db.query<SubscriptionRow>({
    name: 'push.of',
    text: `SELECT ${columns} FROM ${live} WHERE p.user_id = ANY ($1::uuid[]) ORDER BY p.user_id, p.created_at`,
    values: [userIds],
  });
  return rows.map(toSubscription);
}

export async function subscriptionById(db: Connection, id: Id): Promise<Subscription | undefined> {
  const { rows } = await db.query<SubscriptionRow>({
    name: 'push.by_id',
    text: `SELECT ${columns} FROM ${live} WHERE p.id = $1`,
    values: [id],
  });
  return rows[0] && toSubscription(rows[0]);
}

/** My devices as I see them. */
export async function devicesOf(db: Connection, userId: Id, sessionId: Id) {
  const { rows } = await db.query<SubscriptionRow & { created_at: Time; told_at: Time | null; current: boolean }>({
    name: 'push.devices',
    text: `SELECT ${columns}, p.created_at, p.told_at, p.session_id = $2 AS current
             FROM ${live} WHERE p.user_id = $1 ORDER BY p.created_at`,
    values: [userId, sessionId],
  });
  return rows.map(row => ({
    id: row.id,
    device: row.device,
    createdAt: iso(row.created_at),
    ...(row.told_at && { toldAt: iso(row.told_at) }),
    ...(row.trouble !== null && { trouble: row.trouble }),
    current: row.current,
  }));
}

/** @returns whether there was one */
export async function deleteSubscription(db: Connection, id: Id, userId: Id): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'push.delete',
    text: 'DELETE FROM push_subscriptions WHERE id = $1 AND user_id = $2',
    values: [id, userId],
  });
  return rowCount === 1;
}

/** How the last push to each went. One that was taken may be trouble, too: it took long. */
export async function notePushes(
  db: Connection,
  outcomes: readonly { readonly id: Id; readonly taken: boolean; readonly trouble: string | undefined }[],
): Promise<void> {
  await db.query({
    name: 'push.note',
    text: `UPDATE push_subscriptions p SET trouble = o.trouble, told_at = CASE WHEN o.taken THEN now() ELSE p.told_at END
             FROM unnest($1::uuid[], $2::bool[], $3::text[]) AS o(id, taken, trouble) WHERE p.id = o.id`,
    values: [
      outcomes.map(({ id }) => id),
      outcomes.map(({ taken }) => taken),
      outcomes.map(({ trouble }) => trouble ?? null),
    ],
  });
}

/** What stands on their screens from now on. */
export async function notePushed(db: Connection, conversationId: Id, seqs: ReadonlyMap<Id, number>): Promise<void> {
  await db.query({
    name: 'pushed.note',
    text: `INSERT INTO pushed (user_id, conversation_id, seq) SELECT id, $1, seq FROM unnest($2::uuid[], $3::bigint[]) AS p(id, seq)
           ON CONFLICT (user_id, conversation_id) DO UPDATE SET seq = greatest(pushed.seq, excluded.seq)`,
    values: [conversationId, [...seqs.keys()], [...seqs.values()]],
  });
}

/** Which of these reading marks takes a notification off a screen. Each is answered once, to one node. */
export async function takePushed(
  db: Connection,
  read: readonly { userId: Id; conversationId: Id; readSeq: number }[],
): Promise<{ userId: Id; conversationId: Id }[]> {
  const { rows } = await db.query<{ user_id: Id; conversation_id: Id }>({
    name: 'pushed.take',
    text: `DELETE FROM pushed p USING unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS r(user_id, conversation_id, seq)
            WHERE p.user_id = r.user_id AND p.conversation_id = r.conversation_id AND p.seq <= r.seq
        RETURNING p.user_id, p.conversation_id`,
    values: [read.map(r => r.userId), read.map(r => r.conversationId), read.map(r => r.readSeq)],
  });
  return rows.map(row => ({ userId: row.user_id, conversationId: row.conversation_id }));
}
