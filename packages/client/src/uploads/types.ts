import type { Attachment, Id, SaidOfMedia } from '@carpenter/protocol';
import type { Because } from '../types/basics.ts';

/** How far a file has come. */
export type UploadStatus =
  | { readonly is: 'waiting'; readonly because: Because }
  | { readonly is: 'sending'; readonly sentBytes: number }
  /** All of it is there; the server looks at it. */
  | { readonly is: 'checking' }
  /** A message can have it. */
  | { readonly is: 'ready'; readonly attachment: Attachment }
  /** Refused for good, or taken away: `retry` after something changed, or `cancel`. */
  | { readonly is: 'failed'; readonly because: Because };

/** A file of mine on its way to the server, or there already: in the composer of a conversation, or with a message in the outbox. */
export interface Upload {
  /** Of this device; the server's id is in `attachment`. */
  readonly id: string;
  readonly conversationId: Id;
  readonly name: string;
  /** As the device calls it; '' where it does not know. */
  readonly mediaType: string;
  readonly bytes: number;
  readonly said: SaidOfMedia;
  /** It belongs to a message in the outbox. */
  readonly inMessage: boolean;
  /** To be shown while it goes; missing where this device keeps no files, and where another one uploaded it. */
  readonly file?: Blob;
  readonly status: UploadStatus;
}

/** What is kept of it, beside its bytes. */
export interface UploadRecord {
  readonly id: string;
  readonly conversationId: Id;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly said: SaidOfMedia;
  /** Place in the order of adding. */
  readonly order: number;
  readonly inMessage: boolean;
  /** The server's id, once it is announced. */
  readonly mediaId?: Id;
  readonly sentBytes: number;
  readonly attachment?: Attachment;
  readonly failed?: Because;
  /** Another device of mine uploaded it. */
  readonly adopted?: true;
}
