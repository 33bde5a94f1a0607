import type { Id, Message, Own, RefusalCode, Seq } from '@carpenter/protocol';
import type { Because } from './basics.ts';

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
