import type {
  Id,
  Me,
  Message,
  Presence,
  Profile,
  SearchAnswer,
  SearchFind,
  SearchSort,
  Seq,
  Session,
  User,
} from '@carpenter/protocol';
import type { MediaClient } from '../media-client.ts';
import type { NotificationsClient } from '../notifications-client.ts';
import type { Personal } from '../personal/types.ts';
import type { RoomsClient } from '../rooms-client.ts';
import type { Observable, Storage } from './basics.ts';
import type { ConnectionState, ServerInfo, SessionState } from './connection.ts';
import type { ConversationHandle, ConversationRow, ThreadRow } from './conversations.ts';
import type { Noticed, UnsentMessage } from './messages.ts';

export interface Client extends RoomsClient, MediaClient, NotificationsClient {
  /** What is mine alone: preferences, status, drafts, messages for later, bookmarks. */
  readonly personal: Personal;
  readonly session: Observable<SessionState>;
  readonly connection: Observable<ConnectionState>;
  /** Missing before the first connection. */
  readonly server: Observable<ServerInfo | undefined>;
  /** `memory`: this browser keeps nothing, what is unsent goes with the page. */
  readonly storage: Observable<'kept' | 'memory'>;
  /** Latest activity first. `undefined`: not known yet. */
  readonly conversations: Observable<readonly ConversationRow[] | undefined>;
  /** Threads that I follow, as far as they are known: unread ones first, then by last reply. `threads` reads more. */
  readonly followed: Observable<readonly ThreadRow[]>;
  /** What the server last said beside an answer: done, but not all of it had the effect one might expect. */
  readonly noticed: Observable<Noticed | undefined>;
  /** Everything of mine that is not stored yet, in all conversations. */
  readonly outbox: Observable<readonly UnsentMessage[]>;
  /** Everybody known so far. Ids that turn up in messages are looked up by themselves. */
  readonly users: Observable<ReadonlyMap<Id, User>>;
  /** Of those whom I share a conversation with. Missing: unknown (all are while there is no connection). */
  readonly presence: Observable<ReadonlyMap<Id, Presence>>;

  /** Whom I have blocked: what they write is hidden until one asks for it. */
  readonly blocked: Observable<ReadonlySet<Id>>;
  /** Changes whenever reports that I may settle came or were settled: ask for them again. */
  readonly reportNews: Observable<number>;

  conversation(id: Id): ConversationHandle;
  /** The next page of the threads I follow goes into `followed`. False: that was all. */
  moreThreads(): Promise<boolean>;
  /** Messages that mention me, latest first. */
  mentions(cursor?: string): Promise<{ readonly messages: readonly Message[]; readonly next?: string }>;

  /** `invite`: the code of a link; it opens a closed registration and leads into its conversations. */
  register(input: { username: string; password: string; displayName?: string; invite?: string }): Promise<Me>;
  login(input: { username: string; password: string }): Promise<Me>;
  /** Ends this session here and on the server, as far as it can be reached. */
  logout(): Promise<void>;
  usernameFree(username: string): Promise<boolean>;
  /** An empty text takes a part of the profile away. Preferences: `personal.prefer`. */
  updateMe(patch: { displayName?: string } & Profile): Promise<Me>;
  /** Tells others how I am; told again after each reconnect. */
  setPresence(status: 'online' | 'away' | 'dnd'): void;
  sessions(): Promise<readonly Session[]>;
  endSession(id: Id): Promise<void>;
  /** Ends all other sessions of mine. */
  changePassword(current: string, next: string): Promise<void>;

  findUsers(q: string, limit?: number): Promise<readonly User[]>;
  /**
   * Messages, or files in them, by words and filters, `parseSearch` says how they are written; days are those of this device. With `cursor`, the
   * `next` of an answer, it goes on from there. Rejects with `search.*` where there is nothing to look for.
   */
  search(
    q: string,
    options?: {
      readonly find?: SearchFind | undefined;
      readonly sort?: SearchSort | undefined;
      readonly cursor?: string | undefined;
      readonly limit?: number;
    },
  ): Promise<SearchAnswer>;

  /** Messages around one, to look at without opening the conversation; nothing counts as read. */
  around(id: Id, seq: Seq, limit: number): Promise<readonly Message[]>;

  /** Do not wait for `retryAt`. */
  retryNow(): void;
  /** Ends connection, timers and listeners, and waits until what is unsent is in the storage. Nobody is signed out. */
  close(): Promise<void>;
}

export interface ClientOptions {
  /** Address of the server, as `https://chat.example.org`. */
  readonly url: string;
  /** Default: IndexedDB where there is one, else memory. In Node: `fileStorage(path)` of `@carpenter/client/node`. */
  readonly storage?: Storage;
  /** How the refresh token is kept: in the browser's HttpOnly cookie, or (programs) in `storage`. Default: by surroundings. */
  readonly tokens?: 'cookie' | 'storage';
  /** What a test replaces. */
  readonly now?: () => number;
  readonly random?: () => number;
}
