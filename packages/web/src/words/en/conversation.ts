import { n, name, plural } from './grammar.ts';

// A conversation and its timeline.

export const header = {
  members: (count: number) => plural(count, 'member', 'members'),
  membersOnline: (count: number, online: number) => `${plural(count, 'member', 'members')}, ${n(online)} online`,
  about: (members: string, topic: string | undefined) => (topic ? `${members} · ${name(topic)}` : members),
  details: 'Details',
  backToList: 'Back to the list',
} as const;

export const timeline = {
  label: (where: string) => `Messages in ${name(where)}`,
  newSince: (time: string) => `New since ${time}`,
  newAbove: (count: number, time: string) => `${n(count)} new since ${time}`,
  jump: 'Jump to latest',
  jumpNew: (count: number) => `Jump to latest · ${n(count)} new`,
  begin: (where: string) => `This is the beginning of ${name(where)}.`,
  beginDirect: (who: string) => `This is the beginning of your conversation with ${name(who)}.`,
  loading: 'Loading messages…',
  older: 'Loading older messages…',
  olderFailed: 'Older messages could not be loaded.',
  retry: 'Try again',
  unnamed: '…',
  gone: 'This conversation is not here',
  goneLead: 'It does not exist, or you are no longer in it.',
  toList: 'Back to the list',
  toConversation: 'Open the conversation',
  noMessage: 'No such message',
  noMessageLead: 'It does not exist, or you may not read it.',
  back: 'Back to where you were',
  heard: (who: string, text: string) => `${name(who)}: ${text}`,
  heardMany: (count: number) => plural(count, 'new message', 'new messages'),
  today: 'Today',
  yesterday: 'Yesterday',
  todayAt: (time: string) => `today at ${time}`,
  tomorrowAt: (time: string) => `tomorrow at ${time}`,
  dayAt: (day: string, time: string) => `${day} at ${time}`,
  earlier: (more: number) => `Show ${plural(more, 'more change', 'more changes')}`,
} as const;

/** A name; without one it is whoever reads this. */
type Person = string | undefined;
const by = (who: Person) => (who === undefined ? 'You' : name(who));
const to = (whom: Person) => (whom === undefined ? 'you' : name(whom));

export const system = {
  created: (who: Person) => `${by(who)} opened this conversation`,
  pinned: (who: Person) => `${by(who)} pinned a message`,
  /** A kind that this version does not know. */
  other: (who: Person) => `${by(who)} changed something here`,
  joined: (who: Person) => `${by(who)} joined`,
  added: (who: Person, whom: Person) => `${by(who)} added ${to(whom)}`,
  left: (who: Person) => `${by(who)} left`,
  removed: (who: Person, whom: Person) => `${by(who)} removed ${to(whom)}`,
  renamed: (who: Person, called: string) => `${by(who)} named it “${name(called)}”`,
  topic: (who: Person, topic: string) =>
    topic === '' ? `${by(who)} took the topic away` : `${by(who)} set the topic: ${topic}`,
  archived: (who: Person) => `${by(who)} archived this conversation`,
  unarchived: (who: Person) => `${by(who)} opened this conversation again`,
} as const;

export const thread = {
  title: 'Thread',
  open: 'Reply in a thread',
  replies: (count: number) => plural(count, 'reply', 'replies'),
  last: (when: string) => `Last at ${when}`,
  /** Said before the number of replies, for ears. */
  before: 'Thread:',
  also: (where: string) => `Also send to ${name(where)}`,
  inThread: (text: string) => `in a thread: ${text}`,
  follow: 'Follow this thread',
  unfollow: 'Do not follow this thread',
  all: 'Threads',
  allLead: 'You follow a thread by writing in it, by being mentioned, or by pressing Follow.',
  none: 'You follow no threads yet.',
  more: 'Show more threads',
  mentions: 'Mentions',
  mentionsLead: 'Messages in which somebody means you.',
  noMentions: 'Nobody has mentioned you yet.',
  moreMentions: 'Show more mentions',
  failed: 'The threads could not be loaded.',
  mentionsFailed: 'The mentions could not be loaded.',
  unread: (count: number) => (count > 99 ? '99+' : n(count)),
  unreadSpoken: (count: number) => `${count > 99 ? 'more than 99' : n(count)} unread`,
} as const;

export const pins = {
  title: 'Pinned',
  open: (newest: string) => `Pinned: ${newest}`,
  failed: 'The pinned messages could not be loaded.',
} as const;
