import { listOf, n, name, plural } from './grammar.ts';

// Where one writes.

export const composer = {
  placeholder: (where: string) => `Message ${name(where)}`,
  label: (where: string) => `Write to ${name(where)}`,
  send: 'Send',
  emoji: 'Choose an emoji',
  left: (count: number) => `${plural(count, 'character', 'characters')} left`,
  over: (count: number) => `${plural(count, 'character', 'characters')} over the limit`,
  draftSaved: 'Draft saved',
  threadPlaceholder: () => 'Reply in thread',
  threadLabel: (where: string) => `Reply in the thread in ${name(where)}`,
  reply: 'Replying',
  replyTo: (who: string) => `Replying to ${name(who)}:`,
  endReply: 'Do not reply',
  preview: (host: string) => `With a preview of ${host}, if it has one`,
  notKept: 'This browser keeps nothing for this page: what is not sent goes when you close the tab.',
  typingOne: (who: string) => `${name(who)} is typing`,
  typingTwo: (one: string, other: string) => `${name(one)} and ${name(other)} are typing`,
  typingMany: (count: number) => `${n(count)} people are typing`,
  gone: 'You are no longer in this conversation. What was written stays for those who are.',
} as const;

export const suggest = {
  label: 'Suggestions',
  count: (count: number) => `${plural(count, 'suggestion', 'suggestions')}, arrows choose, Tab takes one`,
  here: (count: number) => `Those of ${plural(count, 'member', 'members')} who are here now`,
  all: (count: number) => `Everybody: ${plural(count, 'member', 'members')}`,
  notHere: 'Not in this conversation',
  askAll: (count: number) => `Notify ${plural(count, 'person', 'people')}?`,
  askAllLead: 'Your message calls everybody here. Nothing is sent until you say so.',
  callAll: 'Send and notify',
} as const;

export const format = {
  label: 'Format what is selected',
  does: {
    bold: 'Bold',
    italic: 'Italic',
    strike: 'Struck through',
    code: 'Code',
    quote: 'Quote',
    bullets: 'List',
    numbers: 'Numbered list',
    link: 'Link',
  },
} as const;

/** Written in the field: a slash and a word. */
export const commands = {
  usage: {
    topic: '/topic words',
    invite: '/invite @name',
    join: '/join #channel',
    leave: '/leave',
    mute: '/mute 2h, today or off',
    me: '/me words',
    shrug: '/shrug words',
  },
  does: {
    topic: 'Say what this conversation is about',
    invite: 'Bring people in',
    join: 'Join a public channel',
    leave: 'Leave this conversation',
    mute: 'No notifications from here',
    me: 'Say in italics what you do',
    shrug: 'Put a shrug behind your words',
  },
  unknown: (word: string) => `There is no command /${word}. To send it as a text, begin with two slashes.`,
  incomplete: (usage: string) => `Not done. Write it like this: ${usage}`,
  notIn: {
    direct: (command: string) => `/${command} does not work between two people.`,
    group: (command: string) => `/${command} does not work in groups.`,
    channel: (command: string) => `/${command} does not work in channels.`,
    thread: (command: string) => `/${command} does not work in threads.`,
  },
  onlyFor: (command: string, roles: readonly string[]) => `/${command} is for ${listOf(roles)} here.`,
  roles: { owner: 'owners', admin: 'admins', moderator: 'moderators', member: 'members', guest: 'guests' },
  notForGuests: (command: string) => `/${command} is not for guests.`,
  notLater: 'Commands act at once, they cannot be sent later.',
  failed: (why: string) => `Not done: ${why}`,
  unmuted: 'Not muted any more',
} as const;

export const emoji = {
  pick: 'Choose an emoji',
  search: 'Search emoji',
  found: 'Found',
  recent: 'Recently used',
  none: (query: string) => `No emoji is called “${query}”.`,
  loading: 'Loading emoji…',
  failed: 'The emoji could not be loaded. Reload the page to try again; drafts are kept.',
  tone: 'Skin tone',
  tones: ['No skin tone', 'Light', 'Medium light', 'Medium', 'Medium dark', 'Dark'],
  /** By the numbers of Unicode; 2 are the tones themselves. */
  groups: [
    'Faces and feelings',
    'People',
    '',
    'Animals and nature',
    'Food and drink',
    'Travel and places',
    'Activities',
    'Objects',
    'Symbols',
    'Flags',
  ],
} as const;
