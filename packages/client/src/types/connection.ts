import type { CloseName, Limits, Me } from '@carpenter/protocol';
import type { Because } from './basics.ts';

export type SessionState =
  /** Looking for the login of last time. */
  | { readonly phase: 'restoring' }
  /** `because` is missing when nobody was signed in, or they signed out here. What they had not sent is kept. */
  | { readonly phase: 'signedOut'; readonly because?: Because }
  | { readonly phase: 'signedIn'; readonly me: Me };

/** Why there is no connection: how the server closed the last one, or what was found out after it just broke. */
export type ConnectionCode =
  | CloseName
  /** It broke without a word, and the server answers well over HTTP: try again. */
  | 'connection.lost'
  /** Nothing answers at the address. */
  | 'server.unreachable'
  /** Something answers, and it is not Carpenter: a network that wants one to sign in, a proxy. */
  | 'network.foreign'
  /** It answers, and it says that it restarts. */
  | 'server.draining'
  /** It answers, and its database does not. */
  | 'server.degraded'
  /** It answers over HTTP, but something on the way does not let WebSockets through. */
  | 'proxy.no_websocket';

/** Times are milliseconds of the local clock. `since`: when the last good connection ended, or the first try began. */
export type ConnectionState =
  /** Nobody is signed in. */
  | { readonly phase: 'idle' }
  /** The browser says that there is no network. */
  | { readonly phase: 'offline'; readonly since: number }
  | {
      readonly phase: 'connecting';
      readonly since: number;
      readonly attempt: number;
      readonly because?: Because<ConnectionCode>;
    }
  /** `sse`: this network blocks WebSockets; the slower way is in use, WebSockets are tried again from time to time. */
  | { readonly phase: 'online'; readonly since: number; readonly via: Via }
  | {
      readonly phase: 'waiting';
      readonly since: number;
      readonly attempt: number;
      readonly retryAt: number;
      readonly because: Because<ConnectionCode>;
    }
  /** Trying again would not help. `reload`: this program and the server do not understand each other. */
  | { readonly phase: 'stopped'; readonly because: Because<ConnectionCode>; readonly act: 'login' | 'reload' | 'none' };
export type Via = 'websocket' | 'sse';

/** What the server said of itself in its last `ready`. */
export interface ServerInfo {
  readonly version: string;
  readonly limits: Limits;
  /** Its clock minus ours, in milliseconds. */
  readonly clockOffsetMs: number;
}
