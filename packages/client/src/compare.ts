import type { Head, Id } from '@carpenter/protocol';
import type { AnswerTo, Question } from './asks.ts';
import type { Retries } from './retries.ts';

/** Compares counters with the server's after each connect and once a minute: a last event that was lost shows no gap. */
export interface Compare {
  /** All of them, now; from then on what changed since, once a minute. */
  all(): void;
  /** This one came by itself: an answer that is under way does not know of it. */
  came(id: Id): void;
  close(): void;
}

const everyMs = 60_000;
/** More unknown ones than this are read as a list, not one by one. */
const oneByOneMax = 10;

export function createCompare(needs: {
  ask: <Q extends Question>(question: Q) => Promise<AnswerTo<Q>>;
  retries: Retries;
  /** Of everything that is compared: an answer from another one is worth nothing. */
  epoch: () => string | undefined;
  ids: () => Id[];
  head: (head: Head) => void;
  /** It was mine, and the server does not name it. */
  missing: (id: Id) => void;
  /** Heads name what is mine. What is looked at without being mine is compared some other way, now. */
  compared: () => void;
  fetchOne: (id: Id) => Promise<void>;
  fetchList: () => Promise<void>;
  /** The threads that I follow, unread ones first. */
  fetchThreads: () => Promise<void>;
}): Compare {
  const { ask, retries, epoch, ids, head, missing, compared, fetchOne, fetchList, fetchThreads } = needs;
  const fresh = new Set<Id>();
  let at: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  /** Of several that are under way only the newest counts. */
  let newest = 0;

  async function compare(): Promise<void> {
    clearTimeout(timer);
    timer = setTimeout(compare, everyMs);
    fresh.clear();
    const full = at === undefined;
    const mine = ++newest;
    const over = () => closed || mine !== newest;
    try {
      const answer = await ask({ type: 'heads', ...(at !== undefined && { at }) });
      if (over() || answer.epoch !== epoch()) return; // `ready` of the new one follows
      await settle(answer.heads, full);
      if (over()) return;
      at = answer.at;
      retries.done('heads');
    } catch (error) {
      if (!over()) retries.later('heads', error, compare);
    }
  }

  async function settle(heads: readonly Head[], full: boolean): Promise<void> {
    const theirs = new Set(heads.map(h => h.conversationId));
    if (full) for (const id of ids()) if (!theirs.has(id) && !fresh.has(id)) missing(id);
    for (const one of heads) head(one);
    compared();
    const ours = new Set(ids());
    const unknown = heads.filter(h => !ours.has(h.conversationId));
    // a thread without anything new is read when somebody looks for it
    const threads = unknown.some(h => h.parentId !== undefined && h.unread > 0) ? fetchThreads() : undefined;
    const rooms = unknown.filter(h => h.parentId === undefined).map(h => h.conversationId);
    await Promise.all([threads, ...(rooms.length > oneByOneMax ? [fetchList()] : rooms.map(fetchOne))]);
  }

  return {
    all() {
      at = undefined;
      compare();
    },
    came: id => fresh.add(id),
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
