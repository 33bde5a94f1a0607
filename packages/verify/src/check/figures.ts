import { closes } from '@carpenter/protocol';
import type { Entry, EntryOf } from '../history.ts';
import type { Lateness } from './complete.ts';
import type { Ledger } from './ledger.ts';

/** In milliseconds. */
export interface Spread {
  readonly n: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface Figures {
  readonly version: string;
  readonly seed: number;
  readonly clients: number;
  readonly nodes: number;
  /** From beginning to end. */
  readonly minutes: number;
  /** What was asked for; absent where the history does not say. */
  readonly asked: EntryOf<'began'> | undefined;
  /** How often each fault happened. */
  readonly faults: ReadonlyMap<string, number>;
  /** Those that could not be had, and why. */
  readonly without: ReadonlyMap<string, string>;
  readonly entries: ReadonlyMap<Entry['f'], number>;
  readonly conversations: number;
  /** Messages that were sent, each once, however often it was tried. */
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
  /** Nobody knows: they may be there or not. */
  readonly unknown: number;
  /** Messages that were tried more than once. */
  readonly retried: number;
  readonly reconnects: number;
  /** How connections ended, by close code and name; what clients and faults ended on purpose is left out. */
  readonly ends: ReadonlyMap<string, number>;
  /** What was not done, by the code that was given for it: refused for good, or to be tried again. */
  readonly refusals: ReadonlyMap<string, number>;
  /** From a try to its `ok`. */
  readonly answer: Spread;
  /** From the first moment that anybody was shown a change to the moment when another one was, who was there all the time … */
  readonly there: Spread;
  /** … or came back: from then on. */
  readonly back: Spread;
}

export function figuresOf(ledger: Ledger, { there, back }: Lateness): Figures {
  const { began, lastT, faults, counts, rooms, sent, tries, clients } = ledger;
  const outcomes = sent.map(one => outcomeOf(one.tries.map(tried => tried.outcome?.is)));
  const count = (is: string) => outcomes.filter(outcome => outcome === is).length;
  const answers = tries.flatMap(({ t, outcome }) => (outcome?.is === 'ok' ? [outcome.t - t] : []));
  return {
    version: began?.version ?? 'unknown',
    seed: began?.seed ?? 0,
    clients: began?.clients ?? clients.size,
    nodes: began?.nodes ?? 0,
    minutes: (lastT - (began?.t ?? 0)) / 60_000,
    asked: began,
    faults: tally(faults.map(({ name }) => name)),
    without: new Map(Object.entries(began?.without ?? {})),
    entries: counts,
    conversations: rooms.size,
    sent: sent.length,
    acknowledged: count('ok'),
    refused: count('fail'),
    unknown: count('info'),
    retried: sent.filter(one => one.tries.length > 1).length,
    reconnects: [...clients.values()].reduce((sum, { sessions }) => sum + Math.max(0, sessions.length - 1), 0),
    ends: tally(
      [...clients.values()].flatMap(({ closes }) =>
        closes.filter(({ by }) => by !== 'us').map(({ code }) => endName(code)),
      ),
    ),
    refusals: tally([
      ...tries.flatMap(({ outcome }) => (outcome && outcome.is !== 'ok' ? [outcome.code ?? ''] : [])),
      ...[...clients.values()].flatMap(({ refused }) => refused.map(({ code }) => code)),
    ]),
    answer: spreadOf(answers),
    there: spreadOf(there),
    back: spreadOf(back),
  };
}

/** How often each is there, the most frequent first. */
function tally(names: readonly string[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
  return new Map([...times].sort(([, a], [, b]) => b - a));
}

function endName(code: number): string {
  const [name] = Object.entries(closes).find(([, close]) => close.code === code) ?? [];
  return name === undefined ? `${code}` : `${code} ${name}`;
}

export const outcomeOf = (outcomes: readonly (string | undefined)[]): 'ok' | 'fail' | 'info' =>
  outcomes.includes('ok') ? 'ok' : outcomes.at(-1) === 'fail' ? 'fail' : 'info';

function spreadOf(values: Iterable<number>): Spread {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return { n: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}
