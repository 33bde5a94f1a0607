import { type Close, closes, type Refusal } from '@carpenter/protocol';

/** How a connection ends: the words of that very end, and after how long to come back. */
export interface End {
  readonly close: Close;
  readonly wait?: number;
  readonly words?: string;
}

/** How one ends that could not be opened, over whichever door. */
export function closeOf({ code, status, message: words, retryAfterMs = 1_000 }: Refusal): End {
  if (code === 'auth.suspended') return { close: closes.forbidden, words };
  if (status === 401) return { close: closes.unauthenticated, words };
  if (status === 503) return { close: closes.overloaded, wait: spread(retryAfterMs), words };
  return { close: closes.fault, words };
}

/** Not all at the same moment. */
export const spread = (ms: number): number => ms + Math.random() * ms;
