import { app, connection, fail } from './en/app.ts';
import { commands, composer, emoji, format, suggest } from './en/composer.ts';
import { header, pins, system, thread, timeline } from './en/conversation.ts';
import { palette, search } from './en/finding.ts';
import { media } from './en/media.ts';
import { forward, history, markdown, message, poll, reaction } from './en/message.ts';
import { notify } from './en/notify.ts';
import { bookmarks, later, status } from './en/own.ts';
import { details, rooms, safety } from './en/rooms.ts';
import { password, settings, shortcuts } from './en/settings.ts';
import { begin, keep, list, presence } from './en/sidebar.ts';
import { auth, invite, welcome } from './en/sign-in.ts';

/**
 * Everything the page says, in English. One entry per thing said, never joined from pieces; what varies comes in as an
 * argument, plurals are decided here. Plain, short, in the present; "you" for the reader; buttons are verbs.
 * First what is so, then what happens to the data, then what to do.
 */
export const en = {
  app,
  auth,
  list,
  presence,
  begin,
  palette,
  search,
  welcome,
  header,
  timeline,
  message,
  suggest,
  format,
  commands,
  emoji,
  markdown,
  reaction,
  poll,
  history,
  forward,
  pins,
  thread,
  fail,
  system,
  composer,
  media,
  connection,
  details,
  rooms,
  keep,
  invite,
  safety,
  password,
  settings,
  status,
  later,
  bookmarks,
  notify,
  shortcuts,
} as const;

export type Words = typeof en;
