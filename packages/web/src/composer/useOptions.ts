import type { Timeline } from '@carpenter/client';
import { mayDo, type User } from '@carpenter/protocol';
import { findEmoji, toned } from '../emoji/catalogue.ts';
import { habits } from '../emoji/habits.ts';
import { useEmoji } from '../emoji/load.ts';
import { useClient, useMe, useObservable, usePeople } from '../hooks/client.ts';
import { useFoundUsers } from '../hooks/useFoundUsers.ts';
import { channelName } from '../markdown/names.ts';
import { words } from '../words/words.ts';
import { type Asked, begins } from './asked.ts';

export interface Option {
  readonly key: string;
  /** What it puts into the text. */
  readonly text: string;
  readonly name: string;
  readonly hint: string;
  /** Shown before the name: a face, or a sign. */
  readonly face?: User;
  readonly sign?: string;
}

const most = 8;
const none: readonly Option[] = [];

/** What could be meant. Members stand before others. */
export function useOptions(asked: Asked | undefined, timeline: Timeline): readonly Option[] {
  const people = usePersonOptions(asked?.kind === 'person' ? asked.query : undefined, timeline);
  const channels = useChannelOptions(asked?.kind === 'channel' ? asked.query : undefined);
  const emoji = useEmojiOptions(asked?.kind === 'emoji' ? asked.query : undefined);
  if (!asked) return none;
  return { person: people, channel: channels, emoji }[asked.kind];
}

const personOption = (user: User, hint: string): Option => ({
  key: user.id,
  text: `@${user.username} `,
  name: user.displayName,
  hint,
  face: user,
});

function usePersonOptions(query: string | undefined, timeline: Timeline): readonly Option[] {
  const me = useMe();
  const { of } = usePeople();
  const { conversation, members, membersComplete, mine } = timeline;
  const direct = conversation?.type === 'direct';
  // In a large room not everybody is known here: the server finds the rest.
  const found = useFoundUsers(query !== undefined && query !== '' && !direct ? query : undefined).users;
  if (query === undefined) return none;
  const fits = (user: User) => user.id !== me.id && (begins(user.displayName, query) || begins(user.username, query));
  const ids = direct ? (conversation.memberIds ?? []) : members.map(member => member.userId);
  const inside = ids.flatMap(id => of(id) ?? []).filter(fits);
  const there = new Set(inside.map(user => user.id));
  const outside = found.filter(user => fits(user) && !there.has(user.id));
  const all: readonly Option[] =
    direct || !mine || !mayDo(mine.role, 'mention.all')
      ? none
      : (['here', 'all'] as const)
          .filter(name => name.startsWith(query.toLowerCase()))
          .map(name => ({
            key: name,
            text: `@${name} `,
            name: `@${name}`,
            hint: words.suggest[name](conversation?.memberCount ?? 0),
            sign: '@',
          }));
  return [
    ...inside
      .toSorted((a, b) => a.displayName.localeCompare(b.displayName))
      .map(user => personOption(user, `@${user.username}`)),
    ...all,
    ...outside.map(user => personOption(user, membersComplete ? words.suggest.notHere : `@${user.username}`)),
  ].slice(0, most);
}

function useChannelOptions(query: string | undefined): readonly Option[] {
  const rows = useObservable(useClient().conversations);
  if (query === undefined) return none;
  return (rows ?? [])
    .filter(row => row.conversation.type === 'channel' && begins(row.title, query))
    .slice(0, most)
    .map(row => ({
      key: row.id,
      text: `#${channelName(row.title)} `,
      name: row.title,
      hint: row.conversation.topic ?? '',
      sign: '#',
    }));
}

function useEmojiOptions(query: string | undefined): readonly Option[] {
  const { catalogue } = useEmoji(query !== undefined);
  const { tone } = useObservable(habits);
  if (query === undefined || !catalogue) return none;
  return findEmoji(catalogue, query, most).map(emoji => ({
    key: emoji.sign,
    text: `${toned(emoji, tone)} `,
    name: `:${emoji.codes.find(code => code.includes(query.toLowerCase())) ?? emoji.codes[0]}:`,
    hint: emoji.name,
    sign: toned(emoji, tone),
  }));
}
