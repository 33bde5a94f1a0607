import type { ConnectionState } from '@carpenter/client';
import { clock } from '../words/times.ts';
import { words } from '../words/words.ts';

export interface Bar {
  readonly lead: string;
  readonly rest: string;
  /** Said once to those who hear the page; the countdown is only for eyes. */
  readonly spoken: string;
  readonly act?: 'retry' | 'reload' | 'signIn' | 'signOut';
}

const silentMs = 2_000;
const firstSilentMs = 800;
const longMs = 5 * 60_000;

/** Somebody who sets the clock back in the middle of a break is told of it all the same. */
const younger = (since: number, ms: number, now: number): boolean => now >= since && now - since < ms;

type Sentence = { readonly lead: string; readonly rest: string };
const bar = (shown: Sentence, spoken: Sentence, act?: Bar['act']): Bar => ({
  ...shown,
  spoken: `${spoken.lead} ${spoken.rest}`.trim(),
  ...(act && { act }),
});

/** What the bar says while the client tries again: by why the last connection ended. */
function trying(code: string | undefined, since: number, seconds: number, unsent: number, now: number): Bar {
  const { connection } = words;
  if (now - since > longMs) {
    const sentence = connection.longLost(clock(since), unsent);
    return bar(sentence, sentence, 'retry');
  }
  switch (code) {
    case 'restarting':
    case 'server.draining':
      return bar(connection.restarting(seconds, unsent), connection.restarting(0, unsent));
    case 'overloaded':
      return bar(connection.busy(seconds, unsent), connection.busy(0, unsent), 'retry');
    case 'server.degraded':
      return bar(connection.degraded(seconds, unsent), connection.degraded(0, unsent), 'retry');
    case 'network.foreign':
      return bar(connection.foreign(seconds, unsent), connection.foreign(0, unsent), 'retry');
    case 'tooSlow':
      return bar(connection.slow, connection.slow);
    case 'tooFast':
      return bar(connection.tooFast(seconds), connection.tooFast(seconds));
    default:
      return bar(connection.lost(seconds, unsent), connection.lostSpoken(unsent), 'retry');
  }
}

function stopped(code: string, act: 'login' | 'reload' | 'none', unsent: number): Bar {
  const { connection } = words;
  if (act === 'reload') return bar(connection.broken, connection.broken, 'reload');
  if (act === 'none') return bar(connection.suspended, connection.suspended, 'signOut');
  const sentence = code === 'sessionEnded' ? connection.elsewhere : connection.expired(unsent);
  return bar(sentence, sentence, 'signIn');
}

/**
 * The bar between header and timeline, or nothing: all is well, or the break is younger than 2 s.
 * @param now  ms, the clock of `ConnectionState`
 */
export function barFor(state: ConnectionState, unsent: number, now: number): Bar | undefined {
  const { connection } = words;
  switch (state.phase) {
    case 'idle':
    case 'online':
      return undefined;
    case 'stopped':
      return stopped(state.because.code, state.act, unsent);
    case 'offline': {
      const sentence = connection.offline(unsent);
      return younger(state.since, silentMs, now) ? undefined : bar(sentence, sentence, 'retry');
    }
    case 'connecting':
      if (state.because === undefined && state.attempt <= 1)
        return younger(state.since, firstSilentMs, now) ? undefined : bar(connection.connecting, connection.connecting);
      return younger(state.since, silentMs, now) ? undefined : trying(state.because?.code, state.since, 0, unsent, now);
    case 'waiting': {
      const seconds = Math.max(0, Math.ceil((state.retryAt - now) / 1_000));
      return younger(state.since, silentMs, now)
        ? undefined
        : trying(state.because.code, state.since, seconds, unsent, now);
    }
  }
}
