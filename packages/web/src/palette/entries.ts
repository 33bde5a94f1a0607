import type { ConversationRow } from '@carpenter/client';
import type { Conversation, User } from '@carpenter/protocol';
import type { FoundFile } from '../search/foundFiles.ts';
import { words } from '../words/words.ts';
import type { Action } from './actions.ts';
import { type Match, match } from './match.ts';

/** One line of the palette. */
export type Entry = { readonly key: string; readonly title: string; readonly note: string; readonly match: Match } & (
  | { readonly kind: 'conversation'; readonly row: ConversationRow }
  | { readonly kind: 'person'; readonly user: User }
  | { readonly kind: 'action'; readonly action: Action }
  /** A public one that I am not in. */
  | { readonly kind: 'channel'; readonly channel: Conversation }
  | { readonly kind: 'file'; readonly found: FoundFile }
  | { readonly kind: 'allFiles'; readonly q: string }
  | { readonly kind: 'messages'; readonly q: string }
);
export interface Section {
  readonly title: string;
  readonly entries: readonly Entry[];
}
export interface Sources {
  readonly query: string;
  readonly rows: readonly ConversationRow[];
  /** Those that are known here, then those that the server found. */
  readonly users: readonly User[];
  readonly actions: readonly Action[];
  /** Public channels that the server found. */
  readonly channels: readonly Conversation[];
  readonly files: readonly FoundFile[];
  /** Who somebody is, and how a conversation is called here. */
  readonly nameOf: (id: string) => string;
  readonly titleOf: (conversation: Conversation) => string;
  /** Keys chosen before, the latest first, with how often. */
  readonly used: ReadonlyMap<string, number>;
  readonly me: string;
}
const perSection = 6;
const filesMax = 4;

/**
 * What the palette shows for what is typed. `>` actions only, `@` people, `#` conversations. What only the server knows stands last, so
 * that its coming moves nothing.
 */
export function sectionsOf({
  query,
  rows,
  users,
  actions,
  channels,
  files,
  used,
  me,
  nameOf,
  titleOf,
}: Sources): Section[] {
  const { palette } = words;
  const only = /^[>@#]/.exec(query)?.[0];
  const text = (only ? query.slice(1) : query).trim();
  const found = (entries: readonly (Entry | undefined)[]) =>
    entries
      .filter(entry => entry !== undefined)
      .sort((a, b) => weight(b, used) - weight(a, used))
      .slice(0, perSection);

  const conversations = rows.map(row => {
    const fits = match(text, row.title) ?? (row.peer && match(text, row.peer.username));
    return (
      fits && ({ kind: 'conversation', key: row.id, title: row.title, note: noteOf(row), match: fits, row } as const)
    );
  });
  const withRow = new Set(rows.flatMap(row => (row.peer ? [row.peer.id] : [])));
  const people = users
    .filter(user => user.id !== me && (only === '@' || !withRow.has(user.id)))
    .map(user => {
      const fits = match(text, user.displayName) ?? match(text, user.username) ?? { score: 0, ranges: [] };
      return {
        kind: 'person',
        key: user.id,
        title: user.displayName,
        note: `@${user.username}`,
        match: fits,
        user,
      } as const;
    });
  const acts = actions.map(action => {
    const fits = match(text, action.title) ?? (match(text, action.also ?? '') && { score: 10, ranges: [] });
    return (
      fits &&
      ({ kind: 'action', key: action.key, title: action.title, note: action.note ?? '', match: fits, action } as const)
    );
  });

  const inRows = new Set(rows.map(row => row.id));
  const toJoin = channels
    .filter(({ id }) => !inRows.has(id))
    .map((channel): Entry | undefined => {
      const title = channel.name ?? '';
      const fits = match(text, title) ?? (match(text, channel.topic ?? '') && { score: 10, ranges: [] });
      const note = channel.topic || words.header.members(channel.memberCount);
      return fits && { kind: 'channel', key: channel.id, title, note, match: fits, channel };
    });
  const sent = files.slice(0, filesMax).map(
    (one): Entry => ({
      kind: 'file',
      key: `${one.message.id}-${one.file.id}`, // part of an id in the page, so without white space
      title: one.file.name,
      note: palette.fileNote(nameOf(one.message.sender), titleOf(one.root)),
      match: { score: 0, ranges: one.ranges },
      found: one,
    }),
  );

  if (query === '') {
    const recent = [...conversations].filter(entry => entry !== undefined);
    const order = [...used.keys()];
    const place = (entry: Entry) => (order.includes(entry.key) ? order.indexOf(entry.key) : order.length);
    return [
      { title: palette.recent, entries: recent.sort((a, b) => place(a) - place(b)).slice(0, perSection) },
      { title: palette.actions, entries: found(acts) },
    ].filter(section => section.entries.length > 0);
  }
  const messages = {
    kind: 'messages',
    key: 'messages',
    title: palette.messagesFor(text),
    note: '',
    match: { score: 0, ranges: [] },
    q: text,
  } as const;
  const allFiles: Entry = { ...messages, kind: 'allFiles', key: 'files', title: palette.allFiles(text) };
  return [
    { title: palette.conversations, entries: only === undefined || only === '#' ? found(conversations) : [] },
    { title: palette.people, entries: only === undefined || only === '@' ? found(people) : [] },
    { title: palette.actions, entries: only === undefined || only === '>' ? found(acts) : [] },
    { title: palette.messages, entries: only === undefined && text !== '' ? [messages] : [] },
    { title: palette.channels, entries: only === undefined || only === '#' ? found(toJoin) : [] },
    { title: palette.files, entries: only === undefined && sent.length > 0 ? [...sent, allFiles] : [] },
  ].filter(section => section.entries.length > 0);
}

/** What is used often comes first among what fits about as well. */
const weight = (entry: Entry, used: ReadonlyMap<string, number>): number =>
  entry.match.score + Math.min(15, 5 * Math.log2(1 + (used.get(entry.key) ?? 0)));

const noteOf = ({ conversation, peer }: ConversationRow): string =>
  peer ? `@${peer.username}` : (conversation.topic ?? words.header.members(conversation.memberCount));
