import { n, plural } from './grammar.ts';

// What stands around everything: opening, closing, the connection, and why something did not work.

export const app = {
  name: 'Carpenter',
  /** Title of the tab: what wants to be read, and where one is. */
  title: (where: string | undefined, unread: number, quiet = false) =>
    `${unread > 0 ? `(${unread > 99 ? '99+' : n(unread)}) ` : quiet ? '• ' : ''}${where ? `${where} · ` : ''}Carpenter`,
  opening: 'Opening…',
  skipToConversations: 'Skip to conversations',
  skipToMessages: 'Skip to messages',
  skipToComposer: 'Skip to writing',
  close: 'Close',
  cancel: 'Cancel',
  undo: 'Undo',
  back: 'Back',
  broken: 'Something in this app went wrong. Reload to repair it; drafts are kept.',
  reload: 'Reload',
  somebody: 'Somebody',
  /** A number as people write it. */
  count: (count: number) => n(count),
  you: 'You',
} as const;

const again = (seconds: number) => (seconds > 0 ? `Trying again in ${n(seconds)} s.` : 'Trying again now.');
/** What becomes of what waits. */
const then = (unsent: number) => (unsent === 0 ? '' : ` ${plural(unsent, 'message', 'messages')} will be sent then.`);

export const connection = {
  connecting: { lead: 'Connecting…', rest: '' },
  offline: (unsent: number) => ({
    lead: 'You are offline.',
    rest:
      unsent === 0
        ? 'Whatever you write will be sent when you are back.'
        : `${plural(unsent, 'message', 'messages')} will be sent when you are back.`,
  }),
  lost: (seconds: number, unsent: number) => ({
    lead: 'Connection lost.',
    rest: `${again(seconds)}${then(unsent)}`,
  }),
  lostSpoken: (unsent: number) => ({ lead: 'Connection lost.', rest: `Trying again.${then(unsent)}` }),
  longLost: (since: string, unsent: number) => ({
    lead: `No connection since ${since}.`,
    rest:
      unsent === 0
        ? 'Others do not see yet what you write.'
        : `Others do not see yet what you write: ${plural(unsent, 'message', 'messages')} will be sent when it is back.`,
  }),
  restarting: (seconds: number, unsent: number) => ({
    lead: 'The server is restarting.',
    rest: `${seconds > 0 ? `Back in about ${n(seconds)} s.` : 'Back in a moment.'}${then(unsent)}`,
  }),
  busy: (seconds: number, unsent: number) => ({
    lead: 'The server is busy.',
    rest: `${again(seconds)}${then(unsent)}`,
  }),
  degraded: (seconds: number, unsent: number) => ({
    lead: 'The server cannot reach its database.',
    rest: `Nothing is lost. ${again(seconds)}${then(unsent)}`,
  }),
  foreign: (seconds: number, unsent: number) => ({
    lead: 'Something other than Carpenter answers here.',
    rest: `Perhaps this network wants you to sign in first. ${again(seconds)}${then(unsent)}`,
  }),
  suspended: { lead: 'This account is suspended.', rest: 'Ask whoever runs this server.' },
  elsewhere: { lead: 'This device was signed out from another one.', rest: '' },
  expired: (unsent: number) => ({
    lead: 'You were signed out because you had been away for long.',
    rest: unsent > 0 ? `Your ${plural(unsent, 'unsent message is', 'unsent messages are')} kept.` : '',
  }),
  slow: { lead: 'Your connection could not keep up.', rest: 'Catching up now.' },
  tooFast: (seconds: number) => ({ lead: 'That was too fast.', rest: `Sending goes on in ${n(seconds)} s.` }),
  broken: { lead: 'Something in this app went wrong.', rest: 'Reload to repair it; drafts are kept.' },
  tryNow: 'Try now',
  signIn: 'Sign in',
  signOut: 'Sign out',
  reload: 'Reload',
  back: (sent: number) => (sent === 0 ? 'Back online.' : `Back online. ${plural(sent, 'message', 'messages')} sent.`),
} as const;

/** Ends the sentence that "Not sent:" begins. */
export const fail = {
  tooLong: (over: number) => `it is too long (${plural(over, 'character', 'characters')} over).`,
  tooLongSimply: 'it is too long.',
  notMember: 'you are no longer in this conversation.',
  tooFast: (seconds: number) => `too many at once. It goes out in ${n(seconds)} s.`,
  server: 'the server had a problem. Nothing is lost, try again.',
  unstorable: 'it holds characters that cannot be stored.',
  empty: 'it is empty.',
  unreachable: 'the server did not answer.',
  foreign: 'something other than Carpenter answered. Perhaps this network wants you to sign in first.',
  deleted: 'it was deleted in the meantime.',
  other: (words: string) => words,
} as const;
