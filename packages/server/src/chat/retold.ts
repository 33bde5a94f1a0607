import { type Id, type Message, refuse } from '@carpenter/protocol';
import { createLimiter } from '../auth/limiter.ts';

/**
 * What a small command makes everybody hear again counts for whoever gave it as if they had sent it: the whole message goes out.
 * @throws {Refusal} rate.exceeded
 */
export type Retold = (userId: Id, message: Message) => void;

export function createRetold(bytesPerMinute: number): Retold {
  const bytes = createLimiter(bytesPerMinute, 60_000);
  return (userId, message) => {
    const size = Buffer.byteLength(JSON.stringify(message));
    const retryAfterMs = bytes.take(userId, Math.min(size, bytesPerMinute)); // one is always possible
    if (retryAfterMs > 0) refuse('rate.exceeded', { retryAfterMs });
  };
}
