import { type Close, closeByCode, closeReason } from '@carpenter/protocol';
import { WebSocket } from 'ws';

/**
 * The library ends connections by itself (broken framing, bad UTF-8, too long a message) and says no word about it.
 * This one finds the words, and tells its connection first.
 */
export class WordySocket extends WebSocket {
  onOwnClose: ((close: Close) => void) | undefined;

  override close(code?: number, reason?: string | Buffer): void {
    const known = code === undefined || reason?.length ? undefined : closeByCode(code);
    if (known && known.code !== 1000 && this.readyState === WebSocket.OPEN && code !== undefined && code < 3000) {
      this.onOwnClose?.(known);
      super.close(code, closeReason(known.words));
    } else {
      super.close(code, reason);
    }
  }
}
