import type { Id } from '@carpenter/protocol';

/** Who asks: made by a door out of a verified token. */
export interface Actor {
  readonly userId: Id;
  readonly username: string;
  readonly sessionId: Id;
  /** Where they ask from, as `addressKey` leaves it. Absent: this server acts for them, in its own time. */
  readonly address?: string | undefined;
}
