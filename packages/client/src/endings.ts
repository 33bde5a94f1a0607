import { type CloseName, closeByCode, closes, type EventOf, retryAfterOf } from '@carpenter/protocol';
import type { Because } from './types/basics.ts';
import type { ConnectionCode } from './types/connection.ts';

/** How a connection ended: the close frame, and the `closing` frame that went ahead of it, if any. */
export interface Ending {
  readonly code: number;
  readonly reason: string;
  readonly closing?: EventOf<'closing'> | undefined;
}

/** What to do about it. `because` is missing where only asking around can tell (a bare 1006). */
export type Next =
  | { readonly act: 'reconnect'; readonly because?: Because<ConnectionCode>; readonly askedMs?: number }
  /** A new access token first; if there is none to be had, the session is over. */
  | { readonly act: 'renew'; readonly because: Because<ConnectionCode> }
  /** The session was ended: log in again. */
  | { readonly act: 'login'; readonly because: Because<ConnectionCode> }
  /** Ours is the mistake: the same again would end the same way. */
  | { readonly act: 'reload' | 'none'; readonly because: Because<ConnectionCode> };

export function afterEnding({ code, reason, closing }: Ending): Next {
  const close = closeByCode(closing?.code ?? code);
  const name = close && nameOf(close.code);
  const askedMs = closing?.retryAfterMs ?? retryAfterOf(reason);
  const asked = askedMs === undefined ? {} : { askedMs };
  if (!close || !name) return { act: 'reconnect', ...asked };
  const because = { code: name, words: closing?.message || close.words };
  switch (close.action) {
    case 'stay': // nobody asked for an end here: a server or proxy that closes politely wants us to come back
    case 'reconnect':
      return { act: 'reconnect', because, ...asked };
    case 'login':
      return { act: 'renew', because };
    case 'fix':
      return { act: 'reload', because };
    case 'stop':
      return { act: name === 'sessionEnded' ? 'login' : 'none', because };
  }
}

const names = Object.keys(closes).filter((name): name is CloseName => name in closes);
const nameOf = (code: number): CloseName | undefined => names.find(name => closes[name].code === code);
