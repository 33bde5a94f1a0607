import type { Bookmark, CustomStatus, Id, Preferences, Scheduled, Seq, Settings, Unsent } from '@carpenter/protocol';
import type { Observable } from '../types/basics.ts';
import type { Beside } from '../types/messages.ts';

/** What stands in a composer. */
export type Draft = Omit<Unsent, 'conversationId' | 'writtenAt'>;

/** A list that is read page by page. `undefined` instead of it: nothing is known yet. */
export interface Bookmarks {
  /** Latest first. */
  readonly items: readonly Bookmark[];
  /** There are more; `moreBookmarks` reads them. */
  readonly more: boolean;
}

/**
 * What is mine alone, the same on all my devices. Lists are read when somebody subscribes to them, and again with each new
 * connection; meanwhile they follow what happens on other devices. Promises reject with `ClientError` only.
 */
export interface Personal {
  /** Every known preference. Missing while nobody is signed in. */
  readonly settings: Observable<Settings | undefined>;
  /**
   * Changes preferences here at once and then on the server; `null` brings a default back. Without a connection they wait, also
   * for the next start. Resolves when the server has them.
   */
  prefer(change: Preferences): Promise<void>;

  setStatus(status: CustomStatus): Promise<void>;
  clearStatus(): Promise<void>;

  /** By conversation; an empty one was sent or thrown away on some device. */
  readonly drafts: Observable<ReadonlyMap<Id, Unsent>>;
  /** Goes out a second after the last change, again after a broken connection as long as this client lives. */
  keepDraft(conversationId: Id, draft: Draft, writtenAt?: string): void;
  /** Nothing of what this client kept there is still on its way to the server. */
  draftStored(conversationId: Id): boolean;
  /** What an earlier client had from the server: of these, those that the server has no more were emptied meanwhile. */
  knowDrafts(drafts: readonly Unsent[]): void;
  /** What waits goes now. */
  flushDrafts(): void;

  /** Messages for later, the next one first. */
  readonly scheduled: Observable<readonly Scheduled[] | undefined>;
  /** Files of `more.uploads` must be there already. @throws {ClientError} waiting.uploads, or the server's refusal */
  schedule(conversationId: Id, text: string, sendAt: Date, more?: Beside): Promise<Scheduled>;
  /** @throws {ClientError} scheduled.unknown: it was sent */
  reschedule(id: Id, change: { text?: string; sendAt?: Date }): Promise<void>;
  /** Takes it back. @throws {ClientError} scheduled.unknown: it was sent */
  withdraw(id: Id): Promise<void>;

  /** Bookmarks to do, and those done. */
  readonly toDo: Observable<Bookmarks | undefined>;
  readonly done: Observable<Bookmarks | undefined>;
  moreBookmarks(which: 'toDo' | 'done'): Promise<void>;
  bookmark(conversationId: Id, seq: Seq, change?: { note?: string; done?: boolean }): Promise<void>;
  removeBookmark(conversationId: Id, seq: Seq): Promise<void>;
}
