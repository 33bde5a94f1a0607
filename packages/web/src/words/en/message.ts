import { n, name, names, plural } from './grammar.ts';

// A message and what is done with it.

export const message = {
  edited: '(edited)',
  editedAt: (time: string) => `Edited ${time}`,
  deleted: 'This message was deleted.',
  mine: '(you)',
  queued: 'Waiting for the connection',
  turn: 'Waiting for an earlier message',
  sent: 'Sending',
  delivered: 'Delivered',
  deliveredAt: (time: string) => `Delivered: stored on the server at ${time}`,
  read: 'Read',
  readBy: (count: number) => `Read by ${n(count)}`,
  readByNames: (who: readonly string[]) => `Read by ${names(who)}`,
  onDeviceOf: (who: readonly string[]) => `On a device of ${names(who)}`,
  failed: (reason: string) => `Not sent: ${reason}`,
  retry: 'Retry',
  edit: 'Edit',
  discard: 'Delete',
  actions: (who: string) => `Actions for the message of ${name(who)}`,
  editThis: 'Edit message',
  copyThis: 'Copy text',
  unreadFrom: 'Mark unread from here',
  deleteThis: 'Delete message',
  copied: 'Text copied',
  react: 'Add a reaction',
  reply: 'Reply',
  forward: 'Forward',
  pin: 'Pin for everybody',
  unpin: 'Unpin',
  copyLink: 'Copy link',
  linkCopied: 'Link copied',
  more: 'More actions',
  notDone: (reason: string) => `That did not work: ${reason}`,
  quoteSpoken: (who: string | undefined, text: string) =>
    who === undefined ? `Answers: ${text}` : `Answers ${name(who)}: ${text}`,
  forwardedFrom: (who: string, when: string) => `Forwarded, by ${name(who)}, ${when}`,
  copyFailed: 'The browser did not let this page copy.',
  deletedToast: 'Message deleted',
  deleteFailed: (reason: string) => `Not deleted: ${reason}`,
  editFailed: (reason: string) => `Not changed: ${reason}`,
  editLabel: 'Change the message',
  save: 'Save',
  editHint: { enter: 'Esc to cancel, Enter to save', 'ctrl-enter': 'Esc to cancel, Ctrl Enter to save' },
  markedUnread: 'Marked as unread',
  spoken: (who: string, time: string, text: string, state: string | undefined) =>
    `${name(who)}, ${time}: ${text}${state ? `, ${state}` : ''}`,
} as const;

export const markdown = {
  spoiler: 'Hidden words, press to read',
  copyCode: 'Copy code',
  codeCopied: 'Copied',
  allLines: (count: number) => `Show all ${plural(count, 'line', 'lines')}`,
} as const;

export const reaction = {
  title: 'Who reacted',
  which: 'Reactions',
  nobody: 'Nobody yet.',
  by: (who: readonly string[], more: number) => names(more > 0 ? [...who, plural(more, 'other', 'others')] : who),
  tip: (who: string, emoji: string) => `${who}: ${emoji}`,
  spoken: (emoji: string, count: number, who: string) => `${emoji} ${n(count)}, ${who}`,
  countSpoken: (count: number) => `(${plural(count, 'reaction', 'reactions')})`,
  with: (emoji: string) => `React with ${emoji}`,
  takeBack: (emoji: string) => `Take ${emoji} back`,
} as const;

export const poll = {
  make: 'Make a poll',
  ask: 'Ask',
  question: 'Question',
  option: (number: number) => `Answer ${n(number)}`,
  multiple: 'More than one answer may be chosen',
  needQuestion: 'A poll needs a question.',
  needOptions: 'A poll needs at least two answers.',
  sameOptions: 'Two answers are the same.',
  how: (multiple: boolean) => (multiple ? 'Choose one or more' : 'Choose one'),
  closed: (when: string) => `Closed ${when}`,
  close: 'Close poll',
  who: 'Who voted',
  votes: (count: number) => plural(count, 'vote', 'votes'),
  sum: (count: number) => `${plural(count, 'vote', 'votes')} in all`,
  summary: (question: string) => `Poll: ${question}`,
} as const;

export const history = {
  title: 'What it said before',
  open: 'See earlier versions',
  changed: (when: string) => `Changed ${when}`,
  written: (when: string) => `Written ${when}`,
} as const;

export const forward = {
  title: 'Forward to',
  find: 'Find a conversation',
  done: (where: string) => `Forwarded to ${name(where)}`,
} as const;
