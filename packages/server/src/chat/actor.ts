import type { Id } from '@carpenter/protocol';

/** Who asks: made by a door out of a verified token. */
export interface Actor {
  readonly userId: Id;
  readonly username: string;
  readonly sessionId: Id;
}
