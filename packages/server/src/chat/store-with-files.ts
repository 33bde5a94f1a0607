import type { Id } from '@carpenter/protocol';
import type pg from 'pg';
import { type NewMessage, type Place, storeOne } from '../store/append.ts';
import { attachmentsOf, insertMediaUses } from '../store/media.ts';

/**
 * Stores a message with what it says of its files, so that its readers may have them from that moment on.
 * @returns the message as it was stored, and where; undefined: not a member
 * @throws {Refusal} media.unknown
 */
export async function storeWithFiles(
  tx: pg.ClientBase,
  fresh: NewMessage,
  files: readonly Id[],
): Promise<{ fresh: NewMessage; place: Place } | undefined> {
  const attachments = await attachmentsOf(tx, fresh.senderId, files);
  const whole = attachments.length > 0 ? { ...fresh, extra: { ...fresh.extra, attachments } } : fresh;
  const place = await storeOne(tx, whole);
  if (place === 'not_member') return undefined;
  if (!place.known && files.length > 0) await insertMediaUses(tx, files, fresh.conversationId, place.seq);
  return { fresh: whole, place };
}
