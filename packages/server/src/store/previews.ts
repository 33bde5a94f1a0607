import { createHash } from 'node:crypto';
import type { Attachment, Id, Preview, Seq } from '@carpenter/protocol';
import type { Connection, Db } from './database.ts';

/** An address may be longer than an index takes. */
const pageOf = (url: string): Buffer => createHash('sha256').update(url).digest();

/** What is remembered of a page. `null`: it has nothing to show. Undefined: not known, or too old. */
export async function cachedPreview(db: Connection, url: string): Promise<Preview | null | undefined> {
  const { rows } = await db.query<{ preview: Preview | null }>({
    name: 'previews.cached',
    text: `SELECT preview FROM link_previews p WHERE page = $1 AND expires_at > now()
              AND (preview->>'imageId' IS NULL
                   OR EXISTS (SELECT 1 FROM media m WHERE m.id = (preview->>'imageId')::uuid AND m.state = 'ready'))`,
    values: [pageOf(url)],
  });
  return rows[0]?.preview;
}

export async function rememberPreview(
  db: Connection,
  url: string,
  preview: Preview | null,
  seconds: number,
): Promise<void> {
  await db.query({
    name: 'previews.remember',
    text: `INSERT INTO link_previews (page, preview, expires_at) VALUES ($1, $2, now() + $3 * interval '1 s')
           ON CONFLICT (page) DO UPDATE SET preview = excluded.preview, fetched_at = now(), expires_at = excluded.expires_at`,
    values: [pageOf(url), preview && JSON.stringify(preview), seconds],
  });
}

/** A picture that this server fetched by itself: nobody's, until a message uses it. */
export async function insertFetchedPicture(db: Db, attachment: Attachment): Promise<void> {
  await db.query({
    name: 'previews.insert_picture',
    text: `INSERT INTO media (id, uploader_id, state, name, bytes, kind, attachment) VALUES ($1, NULL, 'ready', $2, $3, 'image', $4)`,
    values: [attachment.id, attachment.name, attachment.bytes, JSON.stringify(attachment)],
  });
}

/** Behind the files that people sent, and of a kind of its own: a gallery does not show it. */
const place = 100;

/** From now on the readers of this message may have the picture; without one, none of a preview. */
export async function usePicture(tx: Connection, conversationId: Id, seq: Seq, mediaId: Id | undefined): Promise<void> {
  await tx.query({
    name: 'previews.unuse',
    text: `WITH gone AS (
             DELETE FROM media_uses WHERE conversation_id = $1 AND seq = $2 AND place = $3 RETURNING media_id
           )
           UPDATE media SET touched_at = '-infinity'
            WHERE id IN (SELECT media_id FROM gone) AND NOT EXISTS (
              SELECT 1 FROM media_uses u WHERE u.media_id = media.id AND (u.conversation_id, u.seq) <> ($1, $2))`,
    values: [conversationId, seq, place],
  });
  if (mediaId === undefined) return;
  await tx.query({
    name: 'previews.use',
    text: `WITH used AS (UPDATE media SET touched_at = 'infinity' WHERE id = $4 AND state = 'ready' RETURNING id)
           INSERT INTO media_uses (conversation_id, seq, place, media_id, kind) SELECT $1, $2, $3, id, 'preview' FROM used`,
    values: [conversationId, seq, place, mediaId],
  });
}

/** Its sender wants none. */
export async function previewRefused(db: Connection, conversationId: Id, seq: Seq): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'previews.refused',
    text: `SELECT 1 FROM messages WHERE conversation_id = $1 AND seq = $2 AND preview = 'false'`,
    values: [conversationId, seq],
  });
  return rowCount === 1;
}

/** None comes any more. Nobody sees a difference, so no `rev` is given. */
export async function refusePreview(tx: Connection, conversationId: Id, seq: Seq): Promise<void> {
  await tx.query({
    name: 'previews.refuse',
    text: `UPDATE messages SET preview = 'false' WHERE conversation_id = $1 AND seq = $2`,
    values: [conversationId, seq],
  });
}
