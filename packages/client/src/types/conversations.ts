import type { Conversation, Id, Member, Message, Mine, Receipt, Seq, User } from '@carpenter/protocol';
import type { Observable } from './basics.ts';
import type { Beside, ChosenPage, MessageStatus, StoredMessage, TimelineMessage, UnsentMessage } from './messages.ts';

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
  /** The last message is of somebody whom I have blocked: neither shown nor heard unasked. */
  readonly lastBlocked: boolean;
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
  pins(): Promise<readonly Pick<StoredMessage, 'message' | 'own'>[]>;
  /** What an edited message said before, oldest first: the latest hundred or so. */
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
