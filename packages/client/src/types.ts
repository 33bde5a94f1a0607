import type {
  CloseName,
  Conversation,
  FoundChannel,
  Id,
  Invite,
  Limits,
  Me,
  MediaKind,
  Member,
  MemberRole,
  Message,
  Mine,
  Own,
  Presence,
  Profile,
  Receipt,
  RefusalCode,
  Report,
  ReportOutcome,
  ReportReason,
  SaidOfMedia,
  SearchAnswer,
  SearchSort,
  SentMedia,
  Seq,
  Session,
  User,
  Visibility,
} from '@carpenter/protocol';
import type { Personal } from './personal/types.ts';
import type { Upload } from './uploads/types.ts';

export type { Bookmarks, Draft, Personal } from './personal/types.ts';
export type { Upload, UploadStatus } from './uploads/types.ts';

import type { NotificationsClient } from './notifications-client.ts';
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
export type QueuedCode = 'waiting.connection' | 'waiting.turn' | 'waiting.uploads' | RefusalCode;

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
  /** What it carries beside its text. */
  readonly more?: Beside;
  /** When it was written, by our clock. */
  readonly sentAt: string;
  readonly status: Extract<MessageStatus, { is: 'queued' | 'sent' | 'failed' }>;
}

export interface Noticed {
  readonly conversationId: Id;
  readonly clientId: Id;
  readonly notices: readonly Because[];
}

/** What one may send beside text. `text` may be empty with attachments, and is with `forward`. */
export interface Beside {
  readonly replyTo?: Seq;
  /** Media that are uploaded. */
  readonly attachments?: readonly Id[];
  /** Files on their way, by their ids in `client.uploads`: the message waits for them. */
  readonly uploads?: readonly string[];
  /** The text is the question. */
  readonly poll?: { readonly options: readonly string[]; readonly multiple: boolean };
  readonly forward?: { readonly conversationId: Id; readonly seq: Seq };
  /** In a thread: show it in the conversation, too. */
  readonly alsoInParent?: boolean;
  /** No preview of the page it links to. */
  readonly preview?: false;
}

/** A page of people who chose something at a message, first ones first. */
export interface ChosenPage {
  readonly people: readonly { readonly userId: Id; readonly at: string }[];
  readonly next?: string;
}

export interface StoredMessage {
  readonly kind: 'stored';
  readonly key: string;
  readonly message: Message;
  /** My reactions and votes, where there are any. */
  readonly own?: Own;
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
  /** The last message is of somebody whom I have blocked: neither shown nor heard unasked. */
  readonly lastBlocked: boolean;
}

/** A thread I follow. */
export interface ThreadRow {
  readonly id: Id;
  readonly conversation: Conversation;
  readonly root: Message;
  readonly lastMessage?: Message;
  readonly unread: number;
  readonly mentions: number;
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
  send(text: string, more?: Beside): Id;
  /** Resolves when it is stored; rejects when it was refused for good or discarded. */
  stored(clientId: Id): Promise<Message>;
  /** Tries a failed one again, behind those that wait. */
  retry(clientId: Id): void;
  /** Takes one back that is not stored. One that is under way may arrive nevertheless. */
  discard(clientId: Id): void;
  /** The same, to write it anew: its files stand in the composer again (`inMessage` is false). */
  takeBack(clientId: Id): void;
  edit(seq: Seq, text: string): Promise<void>;
  delete(seq: Seq): Promise<void>;
  react(seq: Seq, emoji: string, on: boolean): Promise<void>;
  /** Who reacted so. `cursor`: the former page's `next`. */
  reactedBy(seq: Seq, emoji: string, cursor?: string): Promise<ChosenPage>;
  /** My votes from now on; none takes them back. */
  vote(seq: Seq, options: readonly number[]): Promise<void>;
  votedBy(seq: Seq, option: number, cursor?: string): Promise<ChosenPage>;
  closePoll(seq: Seq): Promise<void>;
  pin(seq: Seq, on: boolean): Promise<void>;
  /** All pinned ones, latest pin first. */
  pins(): Promise<readonly Message[]>;
  /** What an edited message said before, oldest first. */
  editHistory(seq: Seq): Promise<readonly { readonly text: string; readonly at: string }[]>;
  /** One message, held or not. @throws {ClientError} message.unknown */
  message(seq: Seq): Promise<Message>;
  /** The thread of a message, made on first use. Open it with `client.conversation(id)`. */
  thread(seq: Seq): Promise<Id>;
  /** Threads only. */
  follow(on: boolean): Promise<void>;
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

// ── Files ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Files on their way, and files that were sent. */
export interface MediaClient {
  /** Of mine, on their way: in composers, and with messages in the outbox. In the order of adding. */
  readonly uploads: Observable<readonly Upload[]>;
  /** Begins at once; goes on after a lost connection and, in browsers, after a reload. @returns its id in `uploads` */
  upload(conversationId: Id, file: Blob, more?: { readonly name?: string; readonly said?: SaidOfMedia }): string;
  retryUpload(id: string): void;
  /** Takes it back, wherever it stands. */
  cancelUpload(id: string): void;
  /** What can be seen in a file that is uploaded and not sent. */
  describeUpload(id: string, alt: string): Promise<void>;
  /** Address of a file, for `<img>` and the like in browsers, which have a cookie for it. */
  mediaUrl(id: Id, size?: 'thumbnail'): string;
  /** Its bytes, for programs. */
  download(id: Id, size?: 'thumbnail'): Promise<Blob>;
  /** Files sent in a conversation, latest first. `cursor`: the former page's `next`. */
  mediaIn(
    conversationId: Id,
    query?: { readonly kinds?: readonly MediaKind[]; readonly cursor?: string },
  ): Promise<{ readonly media: readonly SentMedia[]; readonly next?: string }>;
  /** My face, square at best; without one: none any more. */
  setPicture(picture?: Blob): Promise<Me>;
  mediaUsage(): Promise<{ readonly usedBytes: number; readonly quotaBytes: number }>;
}

// ── Client ───────────────────────────────────────────────────────────────────────────────────────────────────

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

  findUsers(q: string, limit?: number): Promise<readonly User[]>;
  /**
   * Messages by words and filters, `parseSearch` says how they are written; days are those of this device. With `cursor`, the
   * `next` of an answer, it goes on from there. Rejects with `search.*` where there is nothing to look for.
   */
  search(
    q: string,
    options?: { readonly sort?: SearchSort | undefined; readonly cursor?: string | undefined; readonly limit?: number },
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
