import { type Close, closeByCode, closeReason, closes } from '@carpenter/protocol';
import { WebSocket } from 'ws';

/**
 * The library ends connections by itself (broken framing, bad UTF-8, too long a message, too many fragments) and says no word
 * about it. This one finds the words, and tells its connection first.
 */
export class WordySocket extends WebSocket {
  onOwnClose: ((close: Close) => void) | undefined;

  /** A code without a reason, not even an empty one: that is the library about a fault of the other side, not an echo of its close. */
  override close(code?: number, reason?: string | Buffer): void {
    if (code === undefined || reason !== undefined || this.readyState !== WebSocket.OPEN) {
      super.close(code, reason);
      return;
    }
    const close = closeByCode(code) ?? closes.brokenFraming;
    this.onOwnClose?.(close);
    super.close(close.code, closeReason(close.words));
  }
}
