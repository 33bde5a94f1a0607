import type { CommandOf, Id, Seq } from '@carpenter/protocol';

/** My watermarks on their way to the server: per conversation at most one frame of a kind in a second, the newest. */
export interface Marks {
  read(conversationId: Id, seq: Seq): void;
  delivered(conversationId: Id, seq: Seq): void;
  /**
   * For a request that takes reading back, by another door: what was read before goes out before it, what is read meanwhile when it
   * has its answer. One such request of a conversation at a time.
   */
  around<T>(conversationId: Id, request: () => Promise<T>): Promise<T>;
  /** Such a request is under way. */
  takesBack(conversationId: Id): boolean;
  /** What could not be sent goes now. */
  online(): void;
  close(): void;
}

type Mark = CommandOf<'receipt.read' | 'receipt.delivered'>;
const everyMs = 1_000;

/** @param send false: there is no connection. A frame that is lost on the way is found when heads are compared. */
export function createMarks(send: (mark: Mark) => boolean): Marks {
  const resting = new Map<string, ReturnType<typeof setTimeout>>();
  const waiting = new Map<string, Mark>();
  const held = new Set<string>();

  function note(mark: Mark): void {
    const key = `${mark.type}/${mark.conversationId}`;
    if (mark.seq >= (waiting.get(key)?.seq ?? 0)) waiting.set(key, mark);
    go(key);
  }
  function go(key: string): void {
    const mark = waiting.get(key);
    if (!mark || held.has(key) || resting.has(key) || !send(mark)) return;
    waiting.delete(key);
    const wake = () => {
      resting.delete(key);
      go(key);
    };
    resting.set(key, setTimeout(wake, everyMs));
  }

  return {
    read: (conversationId, seq) => note({ type: 'receipt.read', conversationId, seq }),
    delivered: (conversationId, seq) => note({ type: 'receipt.delivered', conversationId, seq }),
    async around(conversationId, request) {
      const key = `receipt.read/${conversationId}`;
      const mark = waiting.get(key);
      if (mark && send(mark)) waiting.delete(key);
      held.add(key);
      try {
        const answer = await request();
        if (waiting.get(key) === mark) waiting.delete(key); // there was no connection, and it would take the answer back
        return answer;
      } finally {
        held.delete(key);
        go(key);
      }
    },
    takesBack: conversationId => held.has(`receipt.read/${conversationId}`),
    online() {
      for (const key of [...waiting.keys()]) go(key);
    },
    close() {
      for (const timer of resting.values()) clearTimeout(timer);
    },
  };
}
