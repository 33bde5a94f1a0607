import type { Seq } from '@carpenter/protocol';

/** What must have been looked at for so long before it counts as read. */
const lookMs = 400;

export interface Seen {
  /** Since when each of these is in view, ms. */
  readonly since: ReadonlyMap<Seq, number>;
  /** Newest message that was long enough in view. */
  readonly read: Seq | undefined;
  /** Look again in so many ms: then the next one may count. */
  readonly againMs: number | undefined;
}

/** One look: what is in view now, beside what was before. */
export function look(before: ReadonlyMap<Seq, number>, inView: readonly Seq[], now: number): Seen {
  const since = new Map(inView.map(seq => [seq, before.get(seq) ?? now]));
  let read: Seq | undefined;
  let againMs: number | undefined;
  for (const [seq, at] of since) {
    const left = at + lookMs - now;
    if (left <= 0) read = Math.max(read ?? seq, seq);
    else againMs = Math.min(againMs ?? left, left);
  }
  return { since, read, againMs };
}

/** At least half of the row, or a row that fills at least half of the view: a long text is never half in view. */
export function halfInView(row: { top: number; bottom: number }, view: { top: number; bottom: number }): boolean {
  const shown = Math.min(row.bottom, view.bottom) - Math.max(row.top, view.top);
  return shown > 0 && (shown * 2 >= row.bottom - row.top || shown * 2 >= view.bottom - view.top);
}
