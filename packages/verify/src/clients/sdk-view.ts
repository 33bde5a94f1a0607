import type { ConversationHandle, Timeline } from '@carpenter/client';
import { type Row, rowOf } from '../history.ts';
import type { Needs, Note, View } from './person.ts';

/**
 * What the SDK shows of one conversation, as entries of a history. It tells states, not events: changes that came one by one are written
 * as `deliver`, all others as a `sync` since what it had, of which nobody knows when it was asked.
 */
export interface SdkView {
  readonly view: View;
  isGone(): boolean;
  isReady(): boolean;
  /** All that has changed is written down. */
  isSettled(): boolean;
  end(): void;
}

const keep = 300;
/** Changes of so long a time are looked at together. */
const gatherMs = 30;

export function watchView(handle: ConversationHandle, note: Note, signal: Needs['signal']): SdkView {
  const conv = handle.id;
  let rows = new Map<number, Row>();
  let rev = 0;
  let seen = 0;
  let phase: Timeline['phase'] = 'loading';
  let receipts: Timeline['receipts'] = [];
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    clearTimeout(timer);
    timer = undefined;
    if (signal.aborted) return;
    const shown = handle.timeline.get();
    const before = phase;
    phase = shown.phase;
    if (phase !== 'ready') return;
    if (before !== 'ready') rows = new Map();
    const changed = changesIn(shown, rows, seen);
    seen = shown.lastSeq;
    for (const row of changed) rows.set(row.seq, row);
    if (before !== 'ready') begin(shown.lastSeq);
    else if (changed.length > 0)
      tell(
        changed.sort((a, b) => a.rev - b.rev),
        shown.lastSeq,
      );
    for (const seq of rows.keys()) if (seq <= seen - keep) rows.delete(seq);
    tellReceipts(shown.receipts);
  }

  /** The newest page, read anew. */
  function begin(lastSeq: number): void {
    const all = [...rows.values()];
    rev = all.reduce((most, row) => Math.max(most, row.rev), 0);
    if (rev === 0) return; // nothing was ever written, and the SDK does not tell how often the conversation itself was changed
    note({ f: 'sync', conv, since: 0, rev, lastSeq, reset: true, rows: all });
  }

  function tell(changed: readonly Row[], lastSeq: number): void {
    const oneByOne = changed.every((row, i) => row.rev === rev + 1 + i);
    const since = Math.min(rev, ...changed.map(row => row.rev - 1));
    rev = Math.max(rev, ...changed.map(row => row.rev));
    if (oneByOne) for (const row of changed) note({ f: 'deliver', conv, rev: row.rev, row });
    else {
      const above = [...rows.values()].filter(row => row.rev > since);
      note({ f: 'sync', conv, since, rev, lastSeq, rows: above });
    }
  }

  function tellReceipts(shown: Timeline['receipts']): void {
    if (shown === receipts) return;
    const before = new Set(receipts);
    receipts = shown;
    for (const receipt of shown) {
      const { userId: user, deliveredSeq: delivered, readSeq: read } = receipt;
      if (!before.has(receipt)) note({ f: 'receipt', conv, user, delivered, read });
    }
  }

  const unsubscribe = handle.timeline.subscribe(() => {
    timer ??= setTimeout(look, gatherMs);
  });

  return {
    get view() {
      if (timer) look(); // what has just changed counts
      const shown = [...rows.values()].sort((a, b) => a.seq - b.seq);
      return { conv, rev, lastSeq: shown.at(-1)?.seq ?? 0, rows: shown };
    },
    isGone: () => phase === 'gone',
    isReady: () => phase === 'ready',
    isSettled: () => (phase === 'ready' || phase === 'gone') && timer === undefined,
    end() {
      unsubscribe();
      clearTimeout(timer);
    },
  };
}

/** Messages at the end that are new, or not as they were: somebody far behind may change old ones. */
function changesIn({ messages, lastSeq }: Timeline, rows: ReadonlyMap<number, Row>, seen: number): Row[] {
  const changed: Row[] = [];
  for (const shown of messages.slice(rows.size === 0 ? -keep : seen - lastSeq - keep)) {
    if (shown.kind !== 'stored') continue;
    const { message } = shown;
    if (rows.get(message.seq)?.rev !== message.rev) changed.push(rowOf(message));
  }
  return changed;
}
