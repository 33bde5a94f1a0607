import type { Attachment, Id, Limits } from '@carpenter/protocol';
import type { Logger } from 'pino';
import type { Allowances } from '../auth/allowances.ts';
import type { Db } from '../store/database.ts';
import type { BlobStore } from './blobs.ts';
import type { Workshop } from './incoming.ts';
import type { Latest } from './latest.ts';
import type { Looking } from './looking.ts';

/** What the rules about files need. */
export interface Media {
  readonly db: Db;
  readonly blobs: BlobStore;
  readonly workshop: Workshop;
  readonly looking: Looking;
  readonly limits: Pick<Limits, 'mediaMaxBytes' | 'mediaMaxPixels' | 'mediaQuotaBytes'>;
  readonly allowances: Allowances;
  readonly log: Logger;
  /** Files that are being looked at on this node: whoever asks meanwhile waits for the same answer. */
  readonly finishing: Map<Id, Promise<Attachment>>;
  /** Whoever sends bytes of an upload on this node: the connection before may hang without anybody at its other end. */
  readonly sending: Latest;
}

export const originalOf = (id: Id): string => `${id}/original`;
export const thumbnailOf = (id: Id): string => `${id}/thumbnail`;
