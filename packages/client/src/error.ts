import { type Refusal, refusal, worthRetrying } from '@carpenter/protocol';

/**
 * The one error that this package throws. `code` is the server's refusal, or `network.unreachable` (no answer: what was asked
 * for may have happened or not), `network.foreign` (an answer that is not Carpenter's), `session.none` (nobody is signed in) or `client.closed`.
 */
export class ClientError extends Error {
  readonly code: string;
  readonly retryAfterMs: number | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  constructor(code: string, words: string, more: { retryAfterMs?: number; details?: Record<string, unknown> } = {}) {
    super(words);
    this.name = 'ClientError';
    this.code = code;
    this.retryAfterMs = more.retryAfterMs;
    this.details = more.details ?? {};
  }
  /** The same again may succeed later. */
  get worthRetrying(): boolean {
    return worthRetrying(this.code);
  }
}

/** A refusal that needs no server to be known. */
export function ownRefusal(...args: Parameters<typeof refusal>): ClientError {
  const { code, message, details }: Refusal = refusal(...args);
  return new ClientError(code, message, { details: { ...details } });
}

export const unreachable = (): ClientError => new ClientError('network.unreachable', 'The server did not answer.');
/** A network that wants one to sign in, a proxy, another program at this address. */
export const foreign = (status: number): ClientError =>
  new ClientError(
    'network.foreign',
    `Something other than Carpenter answered (status ${status}): this network may want you to sign in to it first.`,
  );
export const noSession = (): ClientError => new ClientError('session.none', 'Nobody is signed in.');
