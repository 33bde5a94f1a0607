import type { Entry } from '../history.ts';
import { alive } from './alive.ts';
import { complete, type Lateness } from './complete.ts';
import { durable } from './durable.ts';
import { explained } from './explained.ts';
import { type Figures, figuresOf } from './figures.ts';
import { createFindings, type Find, type Found, type PromiseLine, promises } from './finding.ts';
import type { Ledger } from './ledger.ts';
import { once } from './once.ts';
import { ordered } from './ordered.ts';
import { privately } from './private.ts';
import { readLedger } from './read-ledger.ts';
import { revisions } from './revisions.ts';
import { synced } from './synced.ts';
import { watermarks } from './watermarks.ts';

/** Looks at one thing. @returns how often there was something to look at */
type Rule = (ledger: Ledger, find: Find, lateness: Lateness) => number;

/** What each line of the promise is judged by, and what was looked at. */
const rules: readonly { promise: PromiseLine; of: string; judge: Rule }[] = [
  { promise: 'durable', of: 'acknowledged messages', judge: durable },
  { promise: 'once', of: 'messages tried more than once', judge: once },
  { promise: 'ordered', of: 'places', judge: ordered },
  { promise: 'ordered', of: 'changes', judge: revisions },
  { promise: 'ordered', of: 'receipts', judge: watermarks },
  { promise: 'complete', of: 'changes to be shown', judge: complete },
  { promise: 'complete', of: 'answers to "what changed"', judge: synced },
  { promise: 'private', of: 'strangers and removals', judge: privately },
  { promise: 'explained', of: 'ends and refusals', judge: explained },
  { promise: 'alive', of: 'messages', judge: alive },
];

export interface Judged {
  readonly promise: PromiseLine;
  /** `not tried`: nothing was found, as nothing happened that could have broken it. */
  readonly verdict: 'proved' | 'refuted' | 'not tried';
  /** What was looked at: "412 acknowledged messages". */
  readonly looked: readonly string[];
  readonly found: readonly Found[];
}
export interface Verdict {
  /** Every line of the promise was tried, and nothing was found. */
  readonly proved: boolean;
  readonly lines: readonly Judged[];
  readonly figures: Figures;
}

/** Judges a run by its history alone: the same history, the same verdict. */
export function check(history: Iterable<Entry>): Verdict {
  const ledger = readLedger(history);
  const findings = createFindings();
  const lateness: Lateness = { there: [], back: [] };
  const looked = rules.map(rule => ({ ...rule, times: rule.judge(ledger, findings.of(rule.promise), lateness) }));
  const all = findings.all();
  const lines = promises.map((promise): Judged => {
    const found = all.filter(one => one.promise === promise);
    const mine = looked.filter(rule => rule.promise === promise);
    const verdict = found.length > 0 ? 'refuted' : mine.some(rule => rule.times === 0) ? 'not tried' : 'proved';
    return { promise, verdict, looked: mine.map(({ times, of }) => `${times.toLocaleString('en')} ${of}`), found };
  });
  return { proved: lines.every(line => line.verdict === 'proved'), lines, figures: figuresOf(ledger, lateness) };
}
