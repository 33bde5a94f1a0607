import type {
  CloseName,
  Conversation,
  FoundChannel,
  Id,
  Invite,
  Limits,
  Me,
  Member,
  MemberRole,
  Message,
  Mine,
  Preferences,
  Presence,
  Receipt,
  RefusalCode,
  Report,
  ReportOutcome,
  ReportReason,
  Seq,
  Session,
  User,
  Visibility,
} from '@carpenter/protocol';
import type { SettingsPatch } from './sync/settings.ts';

/**
 * A value that changes. `get` gives the same reference until the next change, so this is what React's
 * `useSyncExternalStore(o.subscribe, o.get)` wants. Neither needs `this`. A listener is called after the change, without arguments.
 */
export interface Observable<T> {
  readonly get: () => T;
  readonly subscribe: (listener: () => void) => () => void;
}

/** Why something is as it is: a code to choose one's own words by, and words to show when there are none. */
export interface Because<C extends string = string> {
  readonly code: C;
  readonly words: string;
}

// ── Session ──────────────────────────────────────────────────────────────────────────────────────────────────

export type SessionState =
  /** Looking for the login of last time. */
  | { readonly phase: 'restoring' }
  /** `because` is missing when nobody was signed in, or they signed out here. What they had not sent is kept. */
  | { readonly phase: 'signedOut'; readonly because?: Because }
  | { readonly phase: 'signedIn'; readonly me: Me };

// ── Connection ───────────────────────────────────────────────────────────────────────────────────────────────

/** Why there is no connection: how the server closed the last one, or what was found out after it just broke. */
export type ConnectionCode =
  | CloseName
  /** It broke without a word, and the server answers well over HTTP: try again. */
  | 'connection.lost'
  /** Nothing answers at the address. */
  | 'server.unreachable'
  /** It answers, and it says that it restarts. */
  | 'server.draining'
  /** It answers, and its database does not. */
  | 'server.degraded'
  /** It answers over HTTP, but something on the way does not let WebSockets through. */
  | 'proxy.no_websocket';

/** Times are milliseconds of the local clock. `since`: when the last good connection ended, or the first try began. */
export type ConnectionState =
  /** Nobody is signed in. */
  | { readonly phase: 'idle' }
  /** The browser says that there is no network. */
  | { readonly phase: 'offline'; readonly since: number }
  | {
      readonly phase: 'connecting';
      readonly since: number;
      readonly attempt: number;
      readonly because?: Because<ConnectionCode>;
    }
  /** `sse`: this network blocks WebSockets; the slower way is in use, WebSockets are tried again from time to time. */
  | { readonly phase: 'online'; readonly since: number; readonly via: Via }
  | {
      readonly phase: 'waiting';
      readonly since: number;
      readonly attempt: number;
      readonly retryAt: number;
      readonly because: Because<ConnectionCode>;
    }
  /** Trying again would not help. `reload`: this program and the server do not understand each other. */
  | { readonly phase: 'stopped'; readonly because: Because<ConnectionCode>; readonly act: 'login' | 'reload' | 'none' };
export type Via = 'websocket' | 'sse';

/** What the server said of itself in its last `ready`. */
export interface ServerInfo {
  readonly version: string;
  readonly limits: Limits;
  /** Its clock minus ours, in milliseconds. */
  readonly clockOffsetMs: number;
}

// ── Messages ─────────────────────────────────────────────────────────────────────────────────────────────────

/** Words for why a message still waits. `waiting.turn`: an earlier one of this conversation goes first. */
export type QueuedCode = 'waiting.connection' | 'waiting.turn' | RefusalCode;

/** How far a message of mine has come. */
export type MessageStatus =
  | { readonly is: 'queued'; readonly because: Because }
  /** Left this device; the answer is on its way. */
  | { readonly is: 'sent' }
  /** Stored in the server's database. `onDeviceOf`: who has it on a device, where the room is small. */
  | { readonly is: 'delivered'; readonly onDeviceOf: readonly Id[] }
  /** Read by these (never me), of those whose marks are known. */
  | { readonly is: 'read'; readonly by: readonly Id[]; readonly onDeviceOf: readonly Id[] }
  /** Refused for good: `retry` after something changed, or `discard`. */
  | { readonly is: 'failed'; readonly because: Because };

/** A message that is not stored yet, as far as we know. */
export interface UnsentMessage {
  readonly kind: 'unsent';
  /** The same before and after it is stored. */
  readonly key: string;
  readonly clientId: Id;
  readonly conversationId: Id;
  readonly text: string;
  /** When it was written, by our clock. */
  readonly sentAt: string;
  readonly status: Extract<MessageStatus, { is: 'queued' | 'sent' | 'failed' }>;
}

export interface StoredMessage {
  readonly kind: 'stored';
  readonly key: string;
  readonly message: Message;
  /** Only for my own text messages. */
  readonly status?: Extract<MessageStatus, { is: 'delivered' | 'read' }>;
}

export type TimelineMessage = StoredMessage | UnsentMessage;

// ── Conversations ────────────────────────────────────────────────────────────────────────────────────────────

/** A row of the conversation list. */
export interface ConversationRow {
  readonly id: Id;
  readonly conversation: Conversation;
  /** Name of the group, or of the other person. */
  readonly title: string;
  /** Direct conversations: the other. Missing while they are still looked up. */
  readonly peer?: User;
  /** What the list is sorted by: ISO time of the last message, stored or not, or of the beginning. */
  readonly lastAt: string;
  readonly lastMessage?: Message;
  /** Ticks of the last message, when it is mine. */
  readonly lastStatus?: MessageStatus;
  /** Messages by others after my mark; 100 means "99+". */
  readonly unread: number;
  readonly mine: Mine;
  /** Others who write at this moment. */
  readonly typing: readonly Id[];
  /** Mine that are not stored yet, in order. */
  readonly unsent: readonly UnsentMessage[];
  /** A direct conversation with somebody whom I have blocked: nothing in it counts as unread. */
  readonly blocked: boolean;
}

/** What one conversation shows: a window onto its log without holes. */
export interface Timeline {
  /** `loading`: nothing to show yet but what is unsent. `gone`: left, removed, or never there. */
  readonly phase: 'loading' | 'ready' | 'gone';
  /** Stored ones ascending by `seq`; at the end, where `hasNewer` is false, the unsent ones as they were written. */
  readonly messages: readonly TimelineMessage[];
  readonly hasOlder: boolean;
  /** The window does not reach the newest message (after `loadAround`). */
  readonly hasNewer: boolean;
  /** Newest message of the conversation, loaded or not; 0: none yet. */
  readonly lastSeq: Seq | 0;
  /** The first message that counted as unread when this conversation was opened. Set again by `reload`. */
  readonly unreadAt?: Seq;
  readonly conversation?: Conversation;
  readonly mine?: Mine;
  readonly typing: readonly Id[];
  /** Everybody in rooms of up to 100; in larger ones as many as `loadMembers` brought. */
  readonly members: readonly Member[];
  /** `members` are all of them. */
  readonly membersComplete: boolean;
  /** Watermarks of the others, where known. */
  readonly receipts: readonly Receipt[];
}

/** Everything one does in one conversation. Promises reject with `ClientError` only. */
export interface ConversationHandle {
  readonly id: Id;
  /** Loading begins with the first subscriber (or `reload`). */
  readonly timeline: Observable<Timeline>;
  /** Waits until the newest page, members and people are there. */
  reload(): Promise<void>;
  loadOlder(): Promise<void>;
  loadNewer(): Promise<void>;
  /** Moves the window there. */
  loadAround(seq: Seq): Promise<void>;
  /** Moves the window back to the end. */
  loadNewest(): Promise<void>;
  /** The next page of members, in rooms of more than 100. */
  loadMembers(): Promise<void>;
  /** Puts a message into the outbox; it is shown at once and sent in order. @throws {ClientError} when the text cannot be sent */
  send(text: string): Id;
  /** Resolves when it is stored; rejects when it was refused for good or discarded. */
  stored(clientId: Id): Promise<Message>;
  /** Tries a failed one again, behind those that wait. */
  retry(clientId: Id): void;
  /** Takes one back that is not stored. One that is under way may arrive nevertheless. */
  discard(clientId: Id): void;
  edit(seq: Seq, text: string): Promise<void>;
  delete(seq: Seq): Promise<void>;
  /** Viewed up to here. Goes out by itself, again after a broken connection. */
  markRead(seq: Seq): void;
  markUnread(seq: Seq): Promise<void>;
  /** Call on each key; repeats are swallowed, and it ends by itself. */
  setTyping(active: boolean): void;
}

/** What one does with conversations as a whole. */
export interface RoomsClient {
  /** The one that exists, or a new one. Resolves with its id once it is in the list. */
  beginDirect(userId: Id): Promise<Id>;
  beginGroup(name: string, memberIds: readonly Id[]): Promise<Id>;
  beginChannel(channel: {
    name: string;
    topic?: string;
    visibility: Visibility;
    memberIds?: readonly Id[];
  }): Promise<Id>;
  /** Public channels by name, a page at a time. */
  channels(q: string, cursor?: string): Promise<{ channels: readonly FoundChannel[]; next?: string | undefined }>;
  /** Resolves once it is in the list. */
  join(conversationId: Id): Promise<void>;
  update(
    conversationId: Id,
    patch: {
      name?: string;
      topic?: string;
      visibility?: Visibility;
      writers?: 'everybody' | 'moderators';
      archived?: boolean;
    },
  ): Promise<void>;
  /** Shown at once, undone where it is refused; the same on all my devices. */
  updateMine(conversationId: Id, patch: SettingsPatch): Promise<void>;
  addMembers(conversationId: Id, userIds: readonly Id[]): Promise<void>;
  removeMember(conversationId: Id, userId: Id): Promise<void>;
  setMemberRole(conversationId: Id, userId: Id, role: MemberRole): Promise<void>;
  leave(conversationId: Id): Promise<void>;
  /** For everybody, with all that is in it. */
  deleteConversation(conversationId: Id): Promise<void>;

  /** The 50 latest. */
  invites(conversationId: Id): Promise<readonly Invite[]>;
  createInvite(invite: {
    conversationIds: readonly Id[];
    role: Invite['role'];
    expiresInSeconds?: number;
    maxUses?: number;
  }): Promise<Invite>;
  withdrawInvite(code: string): Promise<void>;
  /** Needs no account. */
  readInvite(code: string): Promise<{ guest: boolean; expiresAt?: string | undefined }>;
  /** @returns where it leads */
  acceptInvite(code: string): Promise<readonly Id[]>;

  block(userId: Id): Promise<void>;
  unblock(userId: Id): Promise<void>;
  report(conversationId: Id, seq: Seq, reason: ReportReason, text?: string): Promise<void>;
  /** Latest first; `open`: how many wait, up to 100. */
  reports(
    state: 'open' | 'resolved',
    cursor?: string,
  ): Promise<{ reports: readonly Report[]; open: number; next?: string | undefined }>;
  resolveReport(reportId: Id, outcome: ReportOutcome): Promise<Report>;
  /** Ends all other sessions of mine. */
  changePassword(current: string, next: string): Promise<void>;
}

// ── Client ───────────────────────────────────────────────────────────────────────────────────────────────────

export interface Client extends RoomsClient {
  readonly session: Observable<SessionState>;
  readonly connection: Observable<ConnectionState>;
  /** Missing before the first connection. */
  readonly server: Observable<ServerInfo | undefined>;
  /** `memory`: this browser keeps nothing, what is unsent goes with the page. */
  readonly storage: Observable<'kept' | 'memory'>;
  /** Latest activity first. `undefined`: not known yet. */
  readonly conversations: Observable<readonly ConversationRow[] | undefined>;
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

  /** `invite`: the code of a link; it opens a closed registration and leads into its conversations. */
  register(input: { username: string; password: string; displayName?: string; invite?: string }): Promise<Me>;
  login(input: { username: string; password: string }): Promise<Me>;
  /** Ends this session here and on the server, as far as it can be reached. */
  logout(): Promise<void>;
  usernameFree(username: string): Promise<boolean>;
  updateMe(patch: { displayName?: string; preferences?: Preferences }): Promise<Me>;
  /** Tells others how I am; told again after each reconnect. */
  setPresence(status: 'online' | 'away' | 'dnd'): void;
  sessions(): Promise<readonly Session[]>;
  endSession(id: Id): Promise<void>;

  findUsers(q: string, limit?: number): Promise<readonly User[]>;

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

/** Where a client keeps what must outlive it: JSON values by key. One client at a time, but for browser tabs. */
export interface Storage {
  /** `false`: gone with the process or the page. */
  readonly lasting: boolean;
  read(key: string): Promise<unknown>;
  /** Values whose key begins so, in any order. */
  list(prefix: string): Promise<readonly unknown[]>;
  /** Resolves when it would survive a crash of the process. `undefined` removes. */
  write(key: string, value: unknown): Promise<void>;
  close(): Promise<void>;
}
