import { Refusal, refusal } from '@carpenter/protocol';
import type { Logger } from 'pino';
import { v7 } from './ids.ts';
import { isConnectionFault, isPoolFull } from './store/database.ts';

/** Whatever was thrown, as something one can tell a client. A bug is logged in full and told as a number only. */
export function asRefusal(error: unknown, log: Logger): Refusal {
  if (error instanceof Refusal) return error;
  if (isPoolFull(error)) return refusal('overloaded', { retryAfterMs: 1_000 });
  if (isConnectionFault(error)) return refusal('storage_unavailable', { retryAfterMs: 1_000 });
  const faultId = v7();
  log.error({ err: error, faultId }, 'a fault of ours');
  return refusal('server.fault', { faultId });
}
