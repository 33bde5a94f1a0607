import type { Event, Id, Me, Unsent } from '@carpenter/protocol';
import { besideOf } from '../beside.ts';
import { ClientError, noSession } from '../error.ts';
import type { People } from '../people.ts';
import type { Retries } from '../retries.ts';
import type { Session } from '../session.ts';
import type { Storage } from '../types/basics.ts';
import type { Uploads } from '../uploads/uploads.ts';
import { createBookmarks } from './bookmarks.ts';
import { createDrafts } from './drafts.ts';
import { looked } from './looked.ts';
import { createPreferences } from './preferences.ts';
import { createLater } from './scheduled.ts';
import type { Personal } from './types.ts';

/** What is mine alone, kept true while this account is signed in. */
export interface OwnPersonal extends Personal {
  event(event: Event): void;
  /** There is a connection (again). */
  online(): void;
  close(): Promise<void>;
}

/** @param now  the server's clock, in ms */
export function createPersonal(needs: {
  me: Me;
  session: Session;
  storage: Storage;
  people: People;
  uploads: Uploads;
  retries: Retries;
  now: () => number;
}): OwnPersonal {
  const { me, session, storage, people, uploads, retries, now } = needs;
  const { ask } = session;
  const preferences = createPreferences({ me, session, storage, retries });
  const drafts = createDrafts({ ask, now, retries });
  const later = createLater(ask, retries);
  const bookmarks = createBookmarks(ask, people.know, retries);

  return {
    settings: preferences.settings,
    prefer: preferences.prefer,
    async setStatus(status) {
      session.changeMe(await ask('setStatus', { body: status }));
    },
    async clearStatus() {
      session.changeMe(await ask('clearStatus', {}));
    },

    drafts: drafts.all,
    keepDraft: drafts.keep,
    draftStored: drafts.stored,
    knowDrafts: drafts.know,
    flushDrafts: drafts.flush,

    scheduled: later.list,
    async schedule(conversationId, text, sendAt, more = {}) {
      const files = (more.uploads ?? []).map(id => uploads.find(id)?.status);
      const ready = files.flatMap(file => (file?.is === 'ready' ? [file.attachment.id] : []));
      if (ready.length < files.length) throw new ClientError('waiting.uploads', 'Its files are still on their way.');
      const attachments = [...(more.attachments ?? []), ...ready];
      const beside = besideOf({ ...more, ...(attachments.length > 0 && { attachments }) });
      const body = { text, ...beside, sendAt: sendAt.toISOString() };
      const scheduled = await ask('schedule', { params: { id: conversationId }, body });
      for (const id of more.uploads ?? []) uploads.forget(id);
      later.take(scheduled);
      return scheduled;
    },
    async reschedule(id, { text, sendAt }) {
      const body = { ...(text !== undefined && { text }), ...(sendAt && { sendAt: sendAt.toISOString() }) };
      later.take(await ask('reschedule', { params: { id }, body }));
    },
    async withdraw(id) {
      await ask('withdraw', { params: { id } });
      later.gone(id);
    },

    toDo: bookmarks.lists.toDo,
    done: bookmarks.lists.done,
    moreBookmarks: bookmarks.more,
    async bookmark(conversationId, seq, change = {}) {
      bookmarks.take(await ask('bookmark', { params: { id: conversationId, seq }, body: change }));
    },
    async removeBookmark(conversationId, seq) {
      await ask('removeBookmark', { params: { id: conversationId, seq } });
      bookmarks.gone(conversationId, seq);
    },

    event(event) {
      switch (event.type) {
        case 'me.updated':
          return session.changeMe(event.user);
        case 'draft.updated':
          return drafts.heard(event);
        case 'scheduled.updated':
        case 'scheduled.removed':
          return later.heard(event);
        case 'bookmark.updated':
        case 'bookmark.removed':
          return bookmarks.heard(event);
      }
    },
    online() {
      preferences.online();
      drafts.online();
      later.list.online();
      for (const list of Object.values(bookmarks.lists)) list.online();
    },
    async close() {
      drafts.close();
      await preferences.close();
    },
  };
}

const none: ReadonlyMap<Id, Unsent> = new Map();

/** The same as whoever is signed in has it. `follow` says who that is. */
export function openPersonal(present: () => Personal | undefined) {
  const views = {
    settings: looked((p: Personal) => p.settings, undefined),
    drafts: looked((p: Personal) => p.drafts, none),
    scheduled: looked((p: Personal) => p.scheduled, undefined),
    toDo: looked((p: Personal) => p.toDo, undefined),
    done: looked((p: Personal) => p.done, undefined),
  };
  const personal: Personal = {
    ...actsOf(present),
    settings: views.settings.view,
    drafts: views.drafts.view,
    scheduled: views.scheduled.view,
    toDo: views.toDo.view,
    done: views.done.view,
  };
  return {
    personal,
    follow() {
      for (const view of Object.values(views)) view.follow(present());
    },
  };
}

/** The acts of whoever is signed in at that moment. */
function actsOf(present: () => Personal | undefined): Omit<Personal, Looked> {
  const now = (): Personal => {
    const personal = present();
    if (!personal) throw noSession();
    return personal;
  };
  return {
    prefer: async change => now().prefer(change),
    setStatus: async status => now().setStatus(status),
    clearStatus: async () => now().clearStatus(),
    keepDraft: (id: Id, draft, writtenAt) => present()?.keepDraft(id, draft, writtenAt),
    draftStored: id => present()?.draftStored(id) ?? false,
    knowDrafts: drafts => present()?.knowDrafts(drafts),
    flushDrafts: () => present()?.flushDrafts(),
    schedule: async (id, text, sendAt, more) => now().schedule(id, text, sendAt, more),
    reschedule: async (id, change) => now().reschedule(id, change),
    withdraw: async id => now().withdraw(id),
    moreBookmarks: async which => now().moreBookmarks(which),
    bookmark: async (id, seq, change) => now().bookmark(id, seq, change),
    removeBookmark: async (id, seq) => now().removeBookmark(id, seq),
  };
}
type Looked = 'settings' | 'drafts' | 'scheduled' | 'toDo' | 'done';
