import type { Message, Rev, Seq } from '@carpenter/protocol';

/**
 * What this client holds of a conversation's log: stretches of messages without holes, and the `rev` up to which it has heard of
 * every change. No I/O and no clock in here, so that every order, repeat and loss can be tried.
 */
export interface Log {
  readonly rev: Rev;
  /** Newest message that exists, held or not; 0: none. */
  readonly lastSeq: number;
  /** Ascending, never touching each other. */
  readonly stretches: readonly Stretch[];
  /**
   * Goes up whenever messages are forgotten. A page that was asked for before may be older than a change that was heard and
   * forgotten since: it is not taken in.
   */
  readonly forgot: number;
}

/** Messages `from` … `to`, every one of them. */
export interface Stretch {
  readonly from: Seq;
  readonly to: Seq;
  readonly messages: readonly Message[];
}

export const emptyLog: Log = { rev: 0, lastSeq: 0, stretches: [], forgot: 0 };

/** One durable change: the next one is applied, a repeat changes nothing, and `gap` says that something was missed. */
export function apply(log: Log, rev: Rev, message?: Message): Log | 'gap' {
  if (rev <= log.rev) return log;
  if (rev > log.rev + 1) return 'gap';
  return message ? { ...hold(log, [message]), rev } : { ...log, rev };
}

/** Takes messages in, whichever `rev` the log is at: of two forms of one message the later stays. */
export function hold(log: Log, messages: readonly Message[]): Log {
  let stretches = log.stretches;
  for (const run of runsOf(messages)) stretches = join(stretches, run);
  const newest = stretches.at(-1)?.to ?? 0;
  return { ...log, stretches, lastSeq: Math.max(log.lastSeq, newest) };
}

/** The stretch with `seq` in it. */
export const stretchAt = (log: Log, seq: Seq): Stretch | undefined =>
  log.stretches.find(s => s.from <= seq && seq <= s.to);

/** The stretch that ends with the newest message. */
export const tail = (log: Log): Stretch | undefined => {
  const last = log.stretches.at(-1);
  return last?.to === log.lastSeq ? last : undefined;
};

export const messageAt = (log: Log, seq: Seq): Message | undefined => {
  const stretch = stretchAt(log, seq);
  return stretch?.messages[seq - stretch.from];
};

/** Forgets the messages that are furthest from the end, all but `keep`; whoever scrolls up reads them again. */
export function trim(log: Log, keep: number): Log {
  let room = keep;
  const stretches: Stretch[] = [];
  for (const stretch of log.stretches.toReversed()) {
    if (room <= 0) break;
    const messages = stretch.messages.slice(-room);
    room -= messages.length;
    stretches.unshift({ from: stretch.to - messages.length + 1, to: stretch.to, messages });
  }
  return { ...log, stretches, forgot: log.forgot + 1 };
}

/** Splits messages of any order into stretches. */
function runsOf(messages: readonly Message[]): Stretch[] {
  const runs: { from: number; to: number; messages: Message[] }[] = [];
  for (const message of messages.toSorted((a, b) => a.seq - b.seq || a.rev - b.rev)) {
    const run = runs.at(-1);
    if (run?.to === message.seq) run.messages[run.messages.length - 1] = message;
    else if (run && run.to + 1 === message.seq) {
      run.messages.push(message);
      run.to = message.seq;
    } else runs.push({ from: message.seq, to: message.seq, messages: [message] });
  }
  return runs;
}

function join(stretches: readonly Stretch[], run: Stretch): readonly Stretch[] {
  const before = stretches.filter(s => s.to < run.from - 1);
  const after = stretches.filter(s => s.from > run.to + 1);
  const touching = stretches.slice(before.length, stretches.length - after.length);
  return [...before, touching.reduce(unite, run), ...after];
}

/** Both overlap or stand side by side, so their union has no hole. */
function unite(a: Stretch, b: Stretch): Stretch {
  const [first, second] = a.from <= b.from ? [a, b] : [b, a];
  const overlap = Math.max(0, first.to - second.from + 1);
  const kept = first.messages.slice(0, first.messages.length - overlap);
  const both = first.messages.slice(first.messages.length - overlap);
  const messages = [
    ...kept,
    ...both.map((message, i) => later(message, second.messages[i])),
    ...second.messages.slice(overlap),
  ];
  return { from: first.from, to: first.from + messages.length - 1, messages };
}

const later = (a: Message, b: Message | undefined): Message => (b && b.rev > a.rev ? b : a);
