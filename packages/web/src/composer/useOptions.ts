import type { Timeline } from '@carpenter/client';
import { type Conversation, mayDo, type User } from '@carpenter/protocol';
import { findEmoji, toned } from '../emoji/catalogue.ts';
import { habits } from '../emoji/habits.ts';
import { useEmoji } from '../emoji/load.ts';
import { useClient, useMe, useObservable, usePeople } from '../hooks/client.ts';
import { useFound } from '../hooks/useFound.ts';
import { useFoundUsers } from '../hooks/useFoundUsers.ts';
import { channelName } from '../markdown/names.ts';
import { words } from '../words/words.ts';
import { type Asked, begins } from './asked.ts';
import { commandNames, hindrance } from './commands.ts';
import { publicChannels } from './publicChannels.ts';
import { useWhere } from './useCommands.ts';

export interface Option {
  readonly key: string;
  /** What it puts into the text. */
  readonly text: string;
  readonly name: string;
  readonly hint: string;
  /** Shown before the name: a face, a sign, or nothing. */
  readonly face?: User;
  readonly sign?: string;
}

const most = 8;
const none: readonly Option[] = [];

/** What could be meant. Members stand before others. */
export function useOptions(asked: Asked | undefined, timeline: Timeline): readonly Option[] {
  const of = (kind: Asked['kind']) => (asked?.kind === kind ? asked.query : undefined);
  const options = {
    person: usePersonOptions(of('person'), timeline),
    stranger: useStrangerOptions(of('stranger'), timeline),
    channel: useChannelOptions(of('channel')),
    public: usePublicOptions(of('public')),
    emoji: useEmojiOptions(of('emoji')),
    command: useCommandOptions(of('command'), timeline),
  };
  return asked ? options[asked.kind] : none;
}

/** Commands that one may use here, each with a line of help. */
function useCommandOptions(query: string | undefined, timeline: Timeline): readonly Option[] {
  const where = useWhere(timeline);
  if (query === undefined || !where) return none;
  return commandNames
    .filter(name => name.startsWith(query.toLowerCase()) && !hindrance(name, where))
    .map(name => ({
      key: name,
      text: `/${name} `,
      name: words.commands.usage[name],
      hint: words.commands.does[name],
    }));
}

/** Those who are not here yet. */
function useStrangerOptions(query: string | undefined, { members }: Timeline): readonly Option[] {
  const here = new Set(members.map(member => member.userId));
  const { users } = useFoundUsers(query);
  if (query === undefined) return none;
  return users
    .filter(user => !here.has(user.id) && answersTo(user, query))
    .slice(0, most)
    .map(user => personOption(user, `@${user.username}`));
}

function usePublicOptions(query: string | undefined): readonly Option[] {
  const client = useClient();
  const { found } = useFound(query, typed => publicChannels(client, typed));
  if (query === undefined) return none;
  const begin = channelName(query);
  return found
    .filter(({ name = '' }) => channelName(name).startsWith(begin))
    .slice(0, most)
    .map(channelOption);
}

/** What the server found may be of what was typed before. */
const answersTo = ({ displayName, username }: User, query: string): boolean =>
  begins(displayName, query) || begins(username, query);

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
  const fits = (user: User) => user.id !== me.id && answersTo(user, query);
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
    .map(row => channelOption(row.conversation));
}

const channelOption = ({ id, name = '', topic = '' }: Conversation): Option => ({
  key: id,
  text: `#${channelName(name)} `,
  name,
  hint: topic,
  sign: '#',
});

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
