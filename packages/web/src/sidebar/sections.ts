import type { ConversationRow } from '@carpenter/client';

export interface Section {
  /** Unique in the list. */
  readonly key: string;
  readonly kind: 'pinned' | 'folder' | 'others' | 'archived';
  /** Of a folder. */
  readonly name?: string;
  readonly rows: readonly ConversationRow[];
}

const byName = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });
const placeOf = (row: ConversationRow) => row.mine.pinned ?? Number.POSITIVE_INFINITY;

/**
 * Pinned ones in their own order, folders by name, the others as they come, archived ones last. What is empty is left out, and so
 * are direct conversations with people one has blocked, and threads.
 */
export function sectionsOf(all: readonly ConversationRow[]): readonly Section[] {
  const rows = all.filter(row => !row.blocked && row.conversation.type !== 'thread');
  const archived = rows.filter(row => row.mine.archived);
  const there = rows.filter(row => !row.mine.archived);
  const pinned = there.filter(row => row.mine.pinned !== undefined).toSorted((a, b) => placeOf(a) - placeOf(b));
  const rest = there.filter(row => row.mine.pinned === undefined);
  const folders = Map.groupBy(
    rest.filter(row => row.mine.folder !== undefined),
    row => row.mine.folder ?? '',
  );
  const others = rest.filter(row => row.mine.folder === undefined);
  const sections: Section[] = [
    { key: 'pinned', kind: 'pinned', rows: pinned },
    ...[...folders]
      .sort(([a], [b]) => byName.compare(a, b))
      .map(([name, of]) => ({ key: `folder ${name}`, kind: 'folder' as const, name, rows: of })),
    { key: 'others', kind: 'others', rows: others },
    { key: 'archived', kind: 'archived', rows: archived },
  ];
  return sections.filter(section => section.rows.length > 0);
}

/** All folders in use, by name. */
export const foldersOf = (rows: readonly ConversationRow[]): readonly string[] =>
  [...new Set(rows.flatMap(row => row.mine.folder ?? []))].sort(byName.compare);

/**
 * Where to pin so that a conversation moves one place up or down among the pinned ones; undefined at the end.
 * Numbers have room between them, so that one move changes one conversation.
 */
export function pinBeside(pinned: readonly ConversationRow[], id: string, step: -1 | 1): number | undefined {
  const at = pinned.findIndex(row => row.id === id);
  const over = pinned[at + step];
  const beyond = pinned[at + 2 * step];
  if (at === -1 || !over) return undefined;
  return beyond ? (placeOf(over) + placeOf(beyond)) / 2 : placeOf(over) + step;
}

/** Where to pin so that it stands last among the pinned ones. */
export const pinLast = (rows: readonly ConversationRow[]): number =>
  Math.max(0, ...rows.flatMap(row => row.mine.pinned ?? [])) + 1;
