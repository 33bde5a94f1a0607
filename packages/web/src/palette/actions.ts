import type { Client, ConversationRow } from '@carpenter/client';
import {
  AtSign,
  CheckCheck,
  Hash,
  Keyboard,
  type LucideIcon,
  MessagesSquare,
  Monitor,
  MoonStar,
  Search,
  SlidersHorizontal,
  SquarePen,
  Sun,
} from 'lucide-react';
import type { Go, Place } from '../place.ts';
import { words } from '../words/words.ts';

/** Something one can do, by its name. */
export interface Action {
  readonly key: string;
  readonly title: string;
  readonly note?: string;
  /** Other words that find it. */
  readonly also?: string;
  readonly icon: LucideIcon;
  readonly run: () => void;
}
interface Needs {
  readonly client: Client;
  readonly go: Go;
  readonly place: Place;
  readonly rows: readonly ConversationRow[];
  readonly onBegin: () => void;
  readonly onShortcuts: () => void;
}

export function actionsOf({ client, go, place, rows, onBegin, onShortcuts }: Needs): Action[] {
  const { does } = words.palette;
  const here = place.at === 'conversation' ? rows.find(row => row.id === place.id) : undefined;
  const theme = (value: 'light' | 'dark' | 'system') => () =>
    void client.personal.prefer({ theme: value }).catch(() => {});
  return [
    ...(here && here.unread > 0
      ? [
          {
            key: 'read',
            title: does.markRead(here.title),
            icon: CheckCheck,
            run: () => client.conversation(here.id).markRead(Number.MAX_SAFE_INTEGER),
          },
        ]
      : []),
    ...(here
      ? [
          {
            key: 'search-here',
            title: does.searchHere(here.title),
            icon: Search,
            run: () => go.to({ at: 'search', q: `in:${here.id}`, sort: 'newest' }),
          },
        ]
      : []),
    { key: 'begin', title: does.begin, icon: SquarePen, run: onBegin },
    { key: 'mentions', title: does.mentions, icon: AtSign, run: () => go.to({ at: 'mentions' }) },
    { key: 'threads', title: does.threads, icon: MessagesSquare, run: () => go.to({ at: 'threads' }) },
    { key: 'channels', title: does.channels, icon: Hash, run: () => go.to({ at: 'channels' }) },
    {
      key: 'settings',
      title: does.settings,
      also: does.settingsAlso,
      icon: SlidersHorizontal,
      run: () => go.to({ at: 'settings' }),
    },
    { key: 'shortcuts', title: does.shortcuts, icon: Keyboard, run: onShortcuts },
    { key: 'light', title: does.light, also: does.themeAlso, icon: Sun, run: theme('light') },
    { key: 'dark', title: does.dark, also: does.themeAlso, icon: MoonStar, run: theme('dark') },
    { key: 'system', title: does.system, also: does.themeAlso, icon: Monitor, run: theme('system') },
  ];
}
