import type { Id } from '@carpenter/protocol';
import { type Account, createAccount } from './account.ts';
import { createConnection } from './connection.ts';
import { noSession } from './error.ts';
import { createHttp } from './http.ts';
import { mediaClient } from './media-client.ts';
import { notificationsClient } from './notifications-client.ts';
import { cell, derived } from './observable.ts';
import { openPersonal } from './personal/personal.ts';
import { roomsClient } from './rooms-client.ts';
import { createSession } from './session.ts';
import { snapshotKey } from './snapshot.ts';
import { openStorage } from './storage/storage.ts';
import { openSurroundings } from './surroundings.ts';
import { openTabs } from './tabs.ts';
import type { Observable } from './types/basics.ts';
import type { Client, ClientOptions } from './types/client.ts';
import type { ConversationHandle, ThreadRow } from './types/conversations.ts';
import { openFiles } from './uploads/files.ts';
import { createTus } from './uploads/tus.ts';
import { emptyTimeline } from './views/timeline.ts';

/** One account's view of one server. It takes up the login of last time, and connects, by itself. */
export function createClient(options: ClientOptions): Client {
  const { url, now = Date.now, random = Math.random } = options;
  const base = url.replace(/\/+$/, '');
  const inBrowser = typeof document !== 'undefined';
  const name = `carpenter ${base}`;
  const storage = openStorage(options.storage, name);
  const files = openFiles(name);
  const tabs = openTabs(name);
  const surroundings = openSurroundings();
  const tokens = options.tokens ?? (inBrowser ? 'cookie' : 'storage');
  const session = createSession({ http: createHttp(base), storage, tabs, tokens, now });
  const tus = createTus(base, session);
  const connection = createConnection({
    base,
    session,
    surroundings,
    now,
    random,
    onReady: event => account?.ready(event),
    onEvent: event => account?.event(event),
  });
  let account: Account | undefined;
  let ended: Promise<void> = Promise.resolve();

  /** Looks through to the account of the moment. */
  function through<T>(of: (account: Account) => Observable<T>, without: T) {
    const view = derived<T>(() => (account ? of(account).get() : without));
    return { view, follow: (next: Account) => of(next).subscribe(view.stale) };
  }
  const views = {
    conversations: through(a => a.conversations, undefined),
    followed: through<readonly ThreadRow[]>(a => a.followed, []),
    noticed: through(a => a.noticed, undefined),
    outbox: through(a => a.outbox.messages, []),
    uploads: through(a => a.uploads.all, []),
    users: through(a => a.people.users, new Map()),
    presence: through(a => a.people.presence, new Map()),
    server: through(a => a.server, undefined),
    blocked: through<ReadonlySet<Id>>(a => a.blocked, new Set()),
    reportNews: through(a => a.reportNews, 0),
  };

  const personal = openPersonal(() => account?.personal);

  /** Signed out, here or from elsewhere: this device keeps nothing of what others wrote. What was not sent waits for the next login. */
  async function forget({ me, close }: Account): Promise<void> {
    await close();
    await storage.write(snapshotKey(me), undefined);
  }

  function follow(): void {
    const state = session.state.get();
    const id = state.phase === 'signedIn' ? state.me.id : undefined;
    if (id !== undefined && id === account?.me) return;
    connection.stop();
    if (account) ended = forget(account);
    account = undefined;
    if (state.phase === 'signedIn') {
      const snapshots = inBrowser && options.storage === undefined;
      account = createAccount({ me: state.me, session, tus, files, connection, storage, tabs, now, random, snapshots });
      for (const { follow } of Object.values(views)) follow(account);
      connection.start();
    }
    for (const { view } of Object.values(views)) view.stale();
    personal.follow();
  }
  session.state.subscribe(follow);
  connection.state.subscribe(() => {
    if (connection.state.get().phase !== 'online') account?.offline();
  });
  session.restore();

  const ask = session.ask;
  return {
    session: session.state,
    connection: connection.state,
    server: views.server.view,
    storage: storage.kind,
    conversations: views.conversations.view,
    followed: views.followed.view,
    noticed: views.noticed.view,
    outbox: views.outbox.view,
    users: views.users.view,
    presence: views.presence.view,
    blocked: views.blocked.view,
    reportNews: views.reportNews.view,
    personal: personal.personal,
    conversation: id => account?.handle(id) ?? nobodys(id),
    moreThreads: async () => (await account?.threads.more()) ?? false,
    async mentions(cursor) {
      const { messages, users, next } = await ask('mentions', { query: { limit: 50, cursor } });
      account?.people.know(users);
      return { messages, ...(next !== undefined && { next }) };
    },

    register: input => session.enter('register', input),
    login: input => session.enter('login', input),
    async logout() {
      await session.leave();
      await ended;
    },
    usernameFree: async username => (await session.open('usernameFree', { query: { username } })).free,
    async updateMe(patch) {
      const me = await ask('updateMe', { body: patch });
      session.changeMe(me);
      account?.people.know([me]);
      return me;
    },
    setPresence: status => account?.setPresence(status),
    sessions: async () => (await ask('sessions', {})).sessions,
    async changePassword(current, next) {
      await ask('changePassword', { body: { current, next } });
    },
    async endSession(id) {
      await ask('endSession', { params: { id } });
    },

    async findUsers(q, limit = 20) {
      const { users } = await ask('users', { query: { q, limit } });
      account?.people.know(users);
      return users;
    },
    async search(q, { find, sort, cursor, limit = 20 } = {}) {
      const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      const answer = await ask('search', { query: { q, find, sort, cursor, limit, zone } });
      account?.people.know(answer.users);
      return answer;
    },
    around: async (id, seq, limit) =>
      (await ask('messages', { params: { id }, query: { around: seq, limit } })).messages,
    ...roomsClient(session, () => account),
    ...mediaClient(base, session, () => account, views.uploads.view),
    ...notificationsClient(session, () => account),

    retryNow: connection.retryNow,
    async close() {
      connection.stop();
      surroundings.close();
      tabs.close();
      await (account?.close() ?? ended);
      await Promise.all([storage.close(), files.close()]);
    },
  };
}

/** What there is of a conversation while nobody is signed in. */
function nobodys(id: Id): ConversationHandle {
  const timeline = cell(emptyTimeline);
  const refused = async () => {
    throw noSession();
  };
  return {
    id,
    timeline,
    reload: refused,
    loadOlder: refused,
    loadNewer: refused,
    loadAround: refused,
    loadNewest: refused,
    loadMembers: refused,
    send: () => {
      throw noSession();
    },
    stored: refused,
    retry: () => {},
    discard: () => {},
    takeBack: () => {},
    edit: refused,
    delete: refused,
    react: refused,
    reactedBy: refused,
    vote: refused,
    votedBy: refused,
    closePoll: refused,
    pin: refused,
    pins: refused,
    editHistory: refused,
    message: refused,
    thread: refused,
    follow: refused,
    markRead: () => {},
    markUnread: refused,
    setTyping: () => {},
  };
}
