import { type Attachment, type Id, type MediaKind, refuse, type SentMedia, type Seq } from '@carpenter/protocol';
import type { Connection } from './database.ts';
import { iso, type Time } from './rows.ts';

/**
 * Whoever put it here, and whoever may read a conversation in which it was sent or whose picture it is; those of public channels are for
 * all but guests, faces for all. $2: who asks.
 */
const readable = `(m.uploader_id = $2 OR EXISTS (SELECT 1 FROM users p WHERE p.picture_id = m.id) OR EXISTS (
    SELECT 1 FROM conversations c JOIN users a ON a.id = $2 AND a.role <> 'guest'
     WHERE c.picture_id = m.id AND c.visibility = 'public' AND c.deleted_at IS NULL) OR EXISTS (
    SELECT 1 FROM media_uses u
      JOIN conversations c ON c.id = u.conversation_id
      JOIN members r ON r.conversation_id = coalesce(c.parent_id, c.id) AND r.user_id = $2
     WHERE u.media_id = m.id))`;

/** What it is, for those who may have it. Indexes: media (id), media_uses (media_id), members. */
export async function readableMedia(db: Connection, id: Id, userId: Id): Promise<Attachment | undefined> {
  const { rows } = await db.query<{ attachment: Attachment }>({
    name: 'media.readable',
    text: `SELECT m.attachment FROM media m WHERE m.id = $1 AND m.state = 'ready' AND ${readable}`,
    values: [id, userId],
  });
  return rows[0]?.attachment;
}

/**
 * What a message will say of these files, in their order. In the transaction that stores it: they are held until its end, so
 * that no sweep takes one away meanwhile.
 * @throws {Refusal} media.unknown: one of them is not there, not whole yet, or not for this person
 */
export async function attachmentsOf(tx: Connection, userId: Id, mediaIds: readonly Id[]): Promise<Attachment[]> {
  const ids = [...new Set(mediaIds)];
  if (ids.length === 0) return [];
  const { rows } = await tx.query<{ attachment: Attachment }>({
    name: 'media.attachments',
    text: `UPDATE media m SET touched_at = greatest(m.touched_at, now())
             FROM (SELECT id FROM media WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE) held
            WHERE m.id = held.id AND m.state = 'ready' AND ${readable} RETURNING m.attachment`,
    values: [ids, userId],
  });
  const byId = new Map(rows.map(({ attachment }) => [attachment.id, attachment]));
  return ids.map(id => byId.get(id) ?? refuse('media.unknown', {}));
}

/** Written with the message: from now on its readers may have the files. */
export async function insertMediaUses(
  tx: Connection,
  mediaIds: readonly Id[],
  conversationId: Id,
  seq: Seq,
): Promise<void> {
  await tx.query({
    name: 'media_uses.insert',
    text: `WITH used AS (
             UPDATE media SET touched_at = 'infinity' WHERE id = ANY ($1::uuid[]) RETURNING id, kind
           )
           INSERT INTO media_uses (conversation_id, seq, place, media_id, kind)
           SELECT $2, $3, given.place, used.id, used.kind
             FROM unnest($1::uuid[]) WITH ORDINALITY AS given(id, place) JOIN used ON used.id = given.id
           ON CONFLICT DO NOTHING`,
    values: [[...new Set(mediaIds)], conversationId, seq],
  });
}

/** The picture of a conversation from now on; null: none any more. The former one goes with the next sweep, unless a message has it. */
export async function useAsPicture(tx: Connection, conversationId: Id, mediaId: Id | null): Promise<void> {
  await deleteMediaUses(tx, conversationId, pictureSeq);
  if (mediaId !== null) await insertMediaUses(tx, [mediaId], conversationId, pictureSeq);
}
/** In the place of a message's number. */
const pictureSeq = 0;

/** The message lost its content: nobody has its files by it any more, and those that are in no other go with the next sweep. */
export async function deleteMediaUses(tx: Connection, conversationId: Id, seq: Seq): Promise<void> {
  await tx.query({
    name: 'media_uses.delete',
    text: 'DELETE FROM media_uses WHERE conversation_id = $1 AND seq = $2',
    values: [conversationId, seq],
  });
}

/** Only what nobody has seen yet changes. Undefined: no such file of mine, or a message has it. */
export async function describeMedia(
  db: Connection,
  id: Id,
  userId: Id,
  { name, alt }: { readonly name?: string | undefined; readonly alt?: string | undefined },
): Promise<Attachment | undefined> {
  const { rows } = await db.query<{ attachment: Attachment }>({
    name: 'media.describe',
    text: `UPDATE media m
              SET name = coalesce($3, m.name), touched_at = now(),
                  attachment = jsonb_strip_nulls(m.attachment || jsonb_build_object(
                    'name', coalesce($3, m.name), 'alt', nullif(coalesce($4, m.attachment->>'alt'), '')))
            WHERE m.id = $1 AND m.uploader_id = $2 AND m.state = 'ready'
              AND NOT EXISTS (SELECT 1 FROM media_uses u WHERE u.media_id = m.id)
              AND NOT EXISTS (SELECT 1 FROM users p WHERE p.picture_id = m.id)
        RETURNING m.attachment`,
    values: [id, userId, name ?? null, alt ?? null],
  });
  return rows[0]?.attachment;
}

/** Bytes of all files of a person, unfinished ones as announced. Index only: media (uploader_id) with bytes and state. */
export async function usedBytes(db: Connection, userId: Id): Promise<number> {
  const { rows } = await db.query<{ bytes: number }>({
    name: 'media.used',
    text: "SELECT coalesce(sum(bytes), 0)::bigint AS bytes FROM media WHERE uploader_id = $1 AND state <> 'gone'",
    values: [userId],
  });
  return rows[0]?.bytes ?? 0;
}

export interface MediaPlace {
  readonly seq: Seq;
  readonly place: number;
}

/**
 * Files of these kinds sent in a conversation, latest first, after `after`. Each kind is read by itself in its order, so that a page
 * costs a page of each, however many there are. Index: media_uses (conversation_id, kind, seq, place).
 */
export async function mediaIn(
  db: Connection,
  conversationId: Id,
  kinds: readonly MediaKind[],
  after: MediaPlace | undefined,
  limit: number,
): Promise<(SentMedia & MediaPlace)[]> {
  const { rows } = await db.query<SentRow>({
    name: 'media_uses.in',
    text: `SELECT u.seq, u.place, m.sender_id, m.created_at, f.attachment
             FROM (SELECT of_kind.* FROM unnest($5::text[]) AS k(kind) CROSS JOIN LATERAL (
                     SELECT * FROM media_uses
                      WHERE conversation_id = $1 AND kind = k.kind AND (seq, place) < ($2, $3)
                      ORDER BY seq DESC, place DESC LIMIT $4) of_kind
                    ORDER BY seq DESC, place DESC LIMIT $4) u
             JOIN messages m ON m.conversation_id = u.conversation_id AND m.seq = u.seq
             JOIN media f ON f.id = u.media_id
            ORDER BY u.seq DESC, u.place DESC`,
    values: [conversationId, after?.seq ?? Number.MAX_SAFE_INTEGER, after?.place ?? 0, limit, [...new Set(kinds)]],
  });
  return rows.map(row => ({
    seq: row.seq,
    place: row.place,
    sender: row.sender_id,
    createdAt: iso(row.created_at),
    attachment: row.attachment,
  }));
}

interface SentRow {
  seq: number;
  place: number;
  sender_id: Id;
  created_at: Time;
  attachment: Attachment;
}

/** A file that I uploaded myself; held until the transaction ends, so that no sweep takes it away meanwhile. */
export async function holdMine(tx: Connection, userId: Id, id: Id): Promise<Attachment | undefined> {
  const { rows } = await tx.query<{ attachment: Attachment }>({
    name: 'media.hold_mine',
    text: `SELECT attachment FROM media WHERE id = $1 AND uploader_id = $2 AND state = 'ready' FOR UPDATE`,
    values: [id, userId],
  });
  return rows[0]?.attachment;
}

/** My face from now on; null takes it away. The former one is not needed any more, unless a message has it. */
export async function setPicture(tx: Connection, userId: Id, mediaId: Id | null): Promise<void> {
  await tx.query({
    name: 'media.set_picture',
    text: `WITH former AS (SELECT picture_id AS id FROM users WHERE id = $1 FOR UPDATE),
                set AS (UPDATE users SET picture_id = $2 WHERE id = $1),
                used AS (UPDATE media SET touched_at = 'infinity' WHERE id = $2)
           UPDATE media SET touched_at = '-infinity' FROM former
            WHERE media.id = former.id AND former.id IS DISTINCT FROM $2
              AND NOT EXISTS (SELECT 1 FROM media_uses u WHERE u.media_id = media.id)`,
    values: [userId, mediaId],
  });
}
