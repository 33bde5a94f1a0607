import type { Logger } from 'pino';
import type { Limiter } from '../auth/limiter.ts';
import type { Chat } from '../chat/chat.ts';
import type { Mail } from '../mail/digest.ts';
import type { Policy } from '../outside/judge.ts';
import type { PushKeys } from '../store/push.ts';

/** What telling people needs. */
export interface Notify {
  readonly chat: Chat;
  readonly log: Logger;
  /** What may be reached outside. */
  readonly policy: Policy;
  readonly keys: PushKeys;
  readonly mail: Mail;
  /** Where people open this server; absent where nobody has said so. */
  readonly publicUrl?: string | undefined;
  /** Devices that one person adds or tests. */
  readonly deviceTries: Limiter;
}
