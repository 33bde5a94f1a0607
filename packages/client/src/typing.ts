import { fixed, type Id } from '@carpenter/protocol';

/** Who writes at this moment, by conversation. A sign ends by itself. */
export interface Typing {
  readonly in: (conversationId: Id) => readonly Id[];
  heard(conversationId: Id, userId: Id, active: boolean): void;
  /** My own signs; call on each key, at most one in 3 s goes out. */
  mine(conversationId: Id, active: boolean): void;
  close(): void;
}

const nobody: readonly Id[] = [];
const againAfterMs = fixed.typingMs / 2;
const endsAfterMs = fixed.typingMs - 1_000;

export function createTyping(needs: {
  now: () => number;
  changed: (conversationId: Id) => void;
  send: (conversationId: Id, active: boolean) => void;
}): Typing {
  const { now, changed, send } = needs;
  const ends = new Map<string, ReturnType<typeof setTimeout>>();
  const who = new Map<Id, readonly Id[]>();
  const own = new Map<Id, { sentAt: number; end: ReturnType<typeof setTimeout> }>();

  function heard(conversationId: Id, userId: Id, active: boolean): void {
    const key = `${conversationId}/${userId}`;
    clearTimeout(ends.get(key));
    ends.delete(key);
    if (active) ends.set(key, setTimeout(heard, fixed.typingMs, conversationId, userId, false));
    const before = who.get(conversationId) ?? nobody;
    if (before.includes(userId) === active) return;
    const after = active ? [...before, userId] : before.filter(id => id !== userId);
    if (after.length > 0) who.set(conversationId, after);
    else who.delete(conversationId);
    changed(conversationId);
  }

  function mine(conversationId: Id, active: boolean): void {
    const last = own.get(conversationId);
    clearTimeout(last?.end);
    if (!active) {
      own.delete(conversationId);
      if (last) send(conversationId, false);
      return;
    }
    const due = !last || now() - last.sentAt >= againAfterMs;
    if (due) send(conversationId, true);
    own.set(conversationId, {
      sentAt: due ? now() : last.sentAt,
      end: setTimeout(mine, endsAfterMs, conversationId, false),
    });
  }

  return {
    in: id => who.get(id) ?? nobody,
    heard,
    mine,
    close() {
      for (const timer of [...ends.values(), ...[...own.values()].map(o => o.end)]) clearTimeout(timer);
    },
  };
}
