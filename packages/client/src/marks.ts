import type { CommandOf, Id, Seq } from '@carpenter/protocol';

/** My watermarks on their way to the server: per conversation at most one frame of a kind in a second, the newest. */
export interface Marks {
  read(conversationId: Id, seq: Seq): void;
  delivered(conversationId: Id, seq: Seq): void;
  close(): void;
}

type Mark = CommandOf<'receipt.read' | 'receipt.delivered'>;
const everyMs = 1_000;

/** @param send may drop it: what the server did not hear is found when heads are compared */
export function createMarks(send: (mark: Mark) => void): Marks {
  const resting = new Map<string, { timer: ReturnType<typeof setTimeout>; next?: Mark }>();

  function note(mark: Mark): void {
    const key = `${mark.type}/${mark.conversationId}`;
    const rest = resting.get(key);
    if (rest) {
      if (mark.seq > (rest.next?.seq ?? 0)) rest.next = mark;
      return;
    }
    send(mark);
    resting.set(key, { timer: setTimeout(wake, everyMs, key) });
  }
  function wake(key: string): void {
    const next = resting.get(key)?.next;
    resting.delete(key);
    if (next) note(next);
  }

  return {
    read: (conversationId, seq) => note({ type: 'receipt.read', conversationId, seq }),
    delivered: (conversationId, seq) => note({ type: 'receipt.delivered', conversationId, seq }),
    close() {
      for (const { timer } of resting.values()) clearTimeout(timer);
    },
  };
}
