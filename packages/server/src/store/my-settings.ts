import type { Id, MySettings, NotifyLevel } from '@carpenter/protocol';
import type { Connection } from './database.ts';
import { type SettingsRow, settingsColumns, toSettings } from './rows.ts';

/** What is absent stays; null takes a setting away. */
export interface SettingsPatch {
  readonly notify?: NotifyLevel | null | undefined;
  readonly mutedUntil?: string | null | undefined;
  readonly keywords?: readonly string[] | null | undefined;
  readonly pinned?: number | null | undefined;
  readonly archived?: boolean | undefined;
  readonly folder?: string | null | undefined;
}

/** Marked as changed, so that `heads` names it to devices that were away. @returns undefined for somebody who is not in it */
export async function updateSettings(
  db: Connection,
  conversationId: Id,
  userId: Id,
  patch: SettingsPatch,
): Promise<MySettings | undefined> {
  const given = (value: unknown) => value !== undefined;
  const { rows } = await db.query<SettingsRow>({
    name: 'members.update_settings',
    text: `UPDATE members m
              SET notify = CASE WHEN $3 THEN $4 ELSE m.notify END,
                  muted_until = CASE WHEN $5 THEN $6 ELSE m.muted_until END,
                  keywords = CASE WHEN $7 THEN $8 ELSE m.keywords END,
                  pinned = CASE WHEN $9 THEN $10 ELSE m.pinned END,
                  archived = coalesce($11, m.archived),
                  folder = CASE WHEN $12 THEN $13 ELSE m.folder END,
                  settings_rev = m.settings_rev + 1, marked_at = now()
            WHERE m.conversation_id = $1 AND m.user_id = $2 RETURNING ${settingsColumns('m')}`,
    values: [
      conversationId,
      userId,
      given(patch.notify),
      patch.notify ?? null,
      given(patch.mutedUntil),
      patch.mutedUntil ?? null,
      given(patch.keywords),
      patch.keywords?.length ? patch.keywords : null,
      given(patch.pinned),
      patch.pinned ?? null,
      patch.archived ?? null,
      given(patch.folder),
      patch.folder ?? null,
    ],
  });
  return rows[0] && toSettings(rows[0]);
}
