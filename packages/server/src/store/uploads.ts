import type { Attachment, Id, SaidOfMedia } from '@carpenter/protocol';
import { type Connection, type Db, transaction } from './database.ts';

/** What came along with the announcement. */
export interface Told {
  /** What its uploader calls it; '' for nothing. */
  readonly mediaType: string;
  readonly said: SaidOfMedia;
}

export interface UploadRow {
  readonly id: Id;
  readonly name: string;
  readonly told: Told;
  readonly bytes: number;
  readonly received: number;
  /** When it is whole, looked at and kept. */
  readonly attachment?: Attachment;
}

export interface NewUpload {
  readonly id: Id;
  readonly uploaderId: Id;
  readonly name: string;
  readonly told: Told;
  readonly bytes: number;
}

/**
 * Takes room for a file, if there is any: one at a time for each person, so that two at once cannot both have the last of it.
 * @returns what stood in the way: how many bytes, or uploads, there are already
 */
export function insertUpload(
  db: Db,
  upload: NewUpload,
  max: { readonly quotaBytes: number; readonly unfinished: number },
): Promise<{ full: number } | { unfinished: number } | 'begun'> {
  return transaction(db, async tx => {
    await tx.query({
      name: 'uploads.one_at_a_time',
      text: `SELECT pg_advisory_xact_lock(hashtextextended('media of ' || $1, 0))`,
      values: [upload.uploaderId],
    });
    const { rows } = await tx.query<{ bytes: number; unfinished: number }>({
      name: 'uploads.room',
      text: `SELECT coalesce(sum(bytes), 0)::bigint AS bytes, count(*) FILTER (WHERE state = 'uploading') AS unfinished
               FROM media WHERE uploader_id = $1 AND state <> 'gone'`,
      values: [upload.uploaderId],
    });
    const { bytes = 0, unfinished = 0 } = rows[0] ?? {};
    if (unfinished >= max.unfinished) return { unfinished };
    if (bytes + upload.bytes > max.quotaBytes) return { full: bytes };
    await tx.query({
      name: 'uploads.insert',
      text: `INSERT INTO media (id, uploader_id, state, name, bytes, told) VALUES ($1, $2, 'uploading', $3, $4, $5)`,
      values: [upload.id, upload.uploaderId, upload.name, upload.bytes, JSON.stringify(upload.told)],
    });
    return 'begun';
  });
}

/** Undefined: not there, or not of this person. */
export async function uploadOf(db: Connection, id: Id, uploaderId: Id): Promise<UploadRow | undefined> {
  const { rows } = await db.query<Omit<UploadRow, 'attachment'> & { attachment: Attachment | null }>({
    name: 'uploads.of',
    text: `SELECT id, name, told, bytes, received, attachment FROM media
            WHERE id = $1 AND uploader_id = $2 AND state IN ('uploading', 'ready')`,
    values: [id, uploaderId],
  });
  const [row] = rows;
  if (!row) return undefined;
  const { attachment, ...rest } = row;
  return { ...rest, ...(attachment && { attachment }) };
}

export interface Part {
  readonly start: number;
  readonly bytes: number;
  readonly key: string;
}

/** @returns false when the upload does not go on at `start` any more: another one was faster, or it is gone */
export async function addPart(db: Connection, id: Id, part: Part): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'uploads.add_part',
    text: `WITH grown AS (
             UPDATE media SET received = received + $3, touched_at = now()
              WHERE id = $1 AND state = 'uploading' AND received = $2 AND received + $3 <= bytes RETURNING id
           )
           INSERT INTO media_parts (media_id, start, bytes, key) SELECT id, $2, $3, $4 FROM grown`,
    values: [id, part.start, part.bytes, part.key],
  });
  return rowCount === 1;
}

/** In their order. */
export async function partsOf(db: Connection, id: Id): Promise<Part[]> {
  const { rows } = await db.query<Part>({
    name: 'uploads.parts',
    text: 'SELECT start, bytes, key FROM media_parts WHERE media_id = $1 ORDER BY start',
    values: [id],
  });
  return rows;
}

export async function countParts(db: Connection, id: Id): Promise<number> {
  const { rows } = await db.query<{ n: number }>({
    name: 'uploads.count_parts',
    text: 'SELECT count(*) AS n FROM media_parts WHERE media_id = $1',
    values: [id],
  });
  return rows[0]?.n ?? 0;
}

/** @returns false when it was finished, or thrown away, meanwhile */
export async function finishUpload(db: Connection, attachment: Attachment): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'uploads.finish',
    text: `WITH done AS (
             UPDATE media SET state = 'ready', kind = $2, bytes = $3, received = $3, name = $4, attachment = $5, told = '{}',
                              touched_at = now()
              WHERE id = $1 AND state = 'uploading' RETURNING id
           ), parts AS (
             DELETE FROM media_parts WHERE media_id IN (SELECT id FROM done)
           )
           SELECT id FROM done`,
    values: [attachment.id, attachment.kind, attachment.bytes, attachment.name, JSON.stringify(attachment)],
  });
  return rowCount === 1;
}

/** From now on nobody has it; its bytes are removed next, its row with the sweep. @returns false: not there, or a message has it */
export async function dropMedia(db: Connection, id: Id, uploaderId: Id): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'uploads.drop',
    text: `UPDATE media SET state = 'gone', touched_at = now() WHERE id = $1 AND uploader_id = $2 AND state <> 'gone'
              AND NOT EXISTS (SELECT 1 FROM media_uses u WHERE u.media_id = media.id)
              AND NOT EXISTS (SELECT 1 FROM users p WHERE p.picture_id = media.id)`,
    values: [id, uploaderId],
  });
  return rowCount === 1;
}

/** The last of it. */
export async function forgetMedia(db: Connection, id: Id): Promise<void> {
  await db.query({ name: 'media.forget', text: `DELETE FROM media WHERE id = $1 AND state = 'gone'`, values: [id] });
}

/** Its uploader has it in a draft, in a conversation where they can still send it. Indexes: drafts (user_id, …), members. */
const inDraft = `EXISTS (
    SELECT 1 FROM drafts d
      JOIN conversations c ON c.id = d.conversation_id
      JOIN members r ON r.conversation_id = coalesce(c.parent_id, c.id) AND r.user_id = d.user_id
     WHERE d.user_id = m.uploader_id AND m.id = ANY (d.attachments))`;
/** Its uploader has written a message for later with it, or one that could not be sent and waits for them. Index: scheduled_of_user. */
const forLater = `EXISTS (
    SELECT 1 FROM scheduled s WHERE s.user_id = m.uploader_id AND s.plan->'attachments' ? m.id::text)`;

/**
 * Takes up to `limit` files out of reach that are in no message, draft or message for later and were not touched for so many days, and names those again whose
 * removal was interrupted. One put into a message at this moment is held by its transaction, and stays. Index: media (touched_at);
 * those that are in a message stand at its end.
 */
export async function takeUnused(db: Connection, days: number, limit: number): Promise<Id[]> {
  const { rows } = await db.query<{ id: Id }>({
    name: 'media.take_unused',
    text: `UPDATE media SET state = 'gone', touched_at = now() WHERE id IN (
             SELECT m.id FROM media m
              WHERE m.touched_at < now() - interval '10 minutes'
                AND (m.state = 'gone' OR m.touched_at < now() - make_interval(days => $1))
                AND NOT EXISTS (SELECT 1 FROM media_uses u WHERE u.media_id = m.id)
                AND NOT EXISTS (SELECT 1 FROM users p WHERE p.picture_id = m.id)
                AND (m.state = 'gone' OR NOT (${inDraft} OR ${forLater}))
              ORDER BY m.touched_at LIMIT $2 FOR UPDATE SKIP LOCKED)
           RETURNING id`,
    values: [days, limit],
  });
  return rows.map(row => row.id);
}
