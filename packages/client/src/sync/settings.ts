import type { Mine, MySettings } from '@carpenter/protocol';

type Set<T> = { readonly [K in keyof T]?: T[K] | null | undefined };
/** What is absent stays; null (or `archived: false`) takes a setting away. */
export type SettingsPatch = Set<Omit<MySettings, 'settingsRev' | 'archived'>> & { readonly archived?: boolean };

/** How I keep a conversation, apart from where I stand in it. */
export function settingsOf(mine: Mine): MySettings {
  const { notify, mutedUntil, keywords, pinned, archived, folder, settingsRev } = mine;
  return present({ notify, mutedUntil, keywords, pinned, archived, folder, settingsRev });
}

/** The same place in a conversation, kept in another way. */
export function withSettings(mine: Mine, settings: MySettings): Mine {
  const { notify, mutedUntil, keywords, pinned, archived, folder, settingsRev, ...rest } = mine;
  return { ...rest, ...settings };
}

/** What a change will come to, as far as one can tell before the server has answered. */
export function patched(settings: MySettings, patch: SettingsPatch): MySettings {
  const { archived, ...others } = patch;
  const given = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
  const flag = archived === undefined ? {} : { archived: archived || null };
  return present({ ...settings, ...given, ...flag });
}

export const isNewer = (
  there: { settingsRev?: number | undefined },
  here: { settingsRev?: number | undefined },
): boolean => (there.settingsRev ?? 0) > (here.settingsRev ?? 0);

/** Without what is not set. */
function present(all: { [K in keyof MySettings]?: MySettings[K] | null | undefined }): MySettings {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== null));
}
