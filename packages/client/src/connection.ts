import type { Command, Event, EventOf } from '@carpenter/protocol';
import { type AnswerTo, createAsks, type Question } from './asks.ts';
import { backoff } from './backoff.ts';
import { diagnose, finding } from './diagnose.ts';
import { afterEnding, type Ending } from './endings.ts';
import { ClientError } from './error.ts';
import { cell } from './observable.ts';
import type { Session } from './session.ts';
import type { Surroundings } from './surroundings.ts';
import { ticks } from './ticks.ts';
import type { Link, OpenLink } from './transport/link.ts';
import { openSse } from './transport/sse.ts';
import { openWebSocket } from './transport/websocket.ts';
import type { Because, Observable } from './types/basics.ts';
import type { ConnectionCode, ConnectionState } from './types/connection.ts';
import { watch } from './watch.ts';

/** Keeps one link to the server alive for as long as somebody is signed in, and says how it stands. */
export interface Connection {
  readonly state: Observable<ConnectionState>;
  start(): void;
  stop(): void;
  /** False: there is no connection, it was not sent. */
  tell(command: Command): boolean;
  /** @throws {ClientError} a refusal, or `network.unreachable` when no answer came: it may have happened or not */
  ask<Q extends Question>(question: Q): Promise<AnswerTo<Q>>;
  retryNow(): void;
}

const openWithinMs = 10_000;
/** A connection that lasted this long was a good one: the next break starts with short waits again. */
const goodAfterMs = 5_000;
const justNowMs = 10_000;
/** After so many failed upgrades in a row, while HTTP gets through, Server-Sent Events take over; for so long. */
const blockedAfter = 2;
const sseForMs = 10 * 60_000;

export function createConnection(needs: {
  base: string;
  session: Session;
  surroundings: Surroundings;
  now: () => number;
  random: () => number;
  onReady: (ready: EventOf<'ready'>) => void;
  onEvent: (event: Event) => void;
}): Connection {
  const { base, session, surroundings, now, random, onReady, onEvent } = needs;
  const state = cell<ConnectionState>({ phase: 'idle' });
  const waiting = createAsks();
  /** Goes up with each try: what an earlier one still says is not heard. */
  let life = 0;
  let started = false;
  let link: Link | undefined;
  let guard: { heard(): void; probe(): void; stop(): void } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let since = now();
  let onlineAt = 0;
  let renewals = 0;
  let renewedAt = 0;
  let blocked = 0;
  let sseUntil = 0;
  /** The server named the present wait: only a person may cut it short. */
  let asked = false;

  function drop(): void {
    life++;
    clearTimeout(timer);
    guard?.stop();
    link?.close();
    link = undefined;
    guard = undefined;
    waiting.lost();
  }

  async function connect(): Promise<void> {
    drop();
    const mine = life;
    const because = 'because' in state.get() ? reasonOf(state.get()) : undefined;
    if (!surroundings.saysOffline()) state.set({ phase: 'connecting', since, attempt, ...(because && { because }) });
    try {
      const token = await session.token();
      if (mine === life) open(mine, token);
    } catch (error) {
      if (mine === life) withoutToken(error);
    }
  }

  function open(mine: number, token: string): void {
    const way: OpenLink = blocked >= blockedAfter && ticks() < sseUntil ? openSse : openWebSocket;
    timer = setTimeout(() => ended({ code: 1006, reason: '' }), openWithinMs);
    const current =
      <A extends unknown[]>(f: (...args: A) => void) =>
      (...args: A) =>
        mine === life && f(...args);
    link = way(base, token, {
      heard: current(() => guard?.heard()),
      event: current(hear),
      ended: current(ended),
    });
  }

  function hear(event: Event): void {
    if (event.type === 'ready') ready(event);
    else if (event.type === 'auth.expiring') warned();
    else if (!waiting.answer(event)) onEvent(event);
  }

  function ready(event: EventOf<'ready'>): void {
    if (!link) return;
    clearTimeout(timer);
    renewals = 0;
    blocked = link.via === 'websocket' ? 0 : blocked;
    since = now();
    onlineAt = ticks();
    guard?.stop();
    guard = watch({
      heartbeatMs: event.heartbeatMs,
      now,
      ping: () => link?.send({ type: 'ping' }),
      dead: () => ended({ code: 4408, reason: '' }),
    });
    scheduleRenewal();
    state.set({ phase: 'online', since, via: link.via });
    onReady(event);
  }

  function scheduleRenewal(): void {
    renewedAt = ticks();
    const left = session.tokenEndsAt() - now();
    timer = setTimeout(renew, Math.max(1_000, left - Math.min(60_000, left * 0.3) * (1 + random() * 0.3)));
  }

  /** Our own timer is early enough, unless the browser let it sleep. Tokens shorter than the warning are warned of at once. */
  function warned(): void {
    if (ticks() - renewedAt > justNowMs) renew();
  }

  function renew(): void {
    const mine = life;
    clearTimeout(timer);
    session.renew().then(
      token => {
        if (mine !== life) return;
        link?.renew(token);
        scheduleRenewal();
      },
      () => {
        if (mine === life) timer = setTimeout(renew, 5_000); // until the server closes with 4401
      },
    );
  }

  function ended(ending: Ending): void {
    const before = state.get();
    const wasOnline = before.phase === 'online';
    const via = link?.via;
    if (wasOnline && ticks() - onlineAt >= goodAfterMs) attempt = 0;
    if (wasOnline) since = now();
    drop();
    const next = afterEnding(ending);
    switch (next.act) {
      case 'reconnect':
        if (via === 'sse' && !wasOnline) blocked = 0; // no better: back to WebSockets
        wait(next.because ?? finding('connection.lost'), next.askedMs);
        if (!next.because) explain(life, wasOnline || via === 'sse');
        break;
      case 'renew':
        retoken(next.because);
        break;
      case 'login':
        state.set({ phase: 'stopped', because: next.because, act: 'login' });
        session.drop(next.because);
        break;
      case 'reload':
      case 'none':
        state.set({ phase: 'stopped', because: next.because, act: next.act });
    }
  }

  /** Silently: if it works nobody hears of it. If it goes on like that, slower. */
  function retoken(because: Because<ConnectionCode>): void {
    if (++renewals > 2) {
      wait(because);
      return;
    }
    const mine = life;
    state.set({ phase: 'connecting', since, attempt });
    session.renew().then(
      () => {
        if (mine === life) connect();
      },
      error => {
        if (mine === life) withoutToken(error);
      },
    );
  }

  function withoutToken(error: unknown): void {
    if (session.state.get().phase === 'signedOut') return; // its listener stops us
    const unanswered = !(error instanceof ClientError) || error.code.startsWith('network.');
    if (unanswered) {
      wait(finding('server.unreachable'));
      explain(life, true);
    } else wait({ code: 'overloaded', words: error.message }, error.retryAfterMs);
  }

  function wait(because: Because<ConnectionCode>, askedMs?: number): void {
    const ms = backoff(attempt++, random(), askedMs);
    asked = askedMs !== undefined;
    if (surroundings.saysOffline()) state.set({ phase: 'offline', since });
    else state.set({ phase: 'waiting', since, attempt, retryAt: now() + ms, because });
    timer = setTimeout(connect, ms);
  }

  /** Finds words for a break that came without any, while the wait goes on. */
  async function explain(mine: number, opened: boolean): Promise<void> {
    const found = await diagnose(base, opened);
    if (found === 'proxy.no_websocket') {
      blocked++;
      sseUntil = ticks() + sseForMs;
    }
    const shown = state.get();
    if (mine !== life || shown.phase !== 'waiting') return;
    if (found !== 'proxy.no_websocket' || blocked >= blockedAfter) state.set({ ...shown, because: finding(found) });
  }

  function retryNow(): void {
    const { phase } = state.get();
    if (!started || phase === 'online' || phase === 'connecting') return;
    attempt = 0;
    renewals = 0;
    connect();
  }

  surroundings.onWake(() => {
    if (state.get().phase === 'online') guard?.probe();
    else if (!asked && state.get().phase !== 'stopped') retryNow();
  });
  surroundings.onOffline(() => {
    if (started && state.get().phase !== 'stopped') ended({ code: 1006, reason: '' });
  });

  return {
    state,
    start() {
      if (started) return;
      started = true;
      since = now();
      attempt = 0;
      connect();
    },
    stop() {
      started = false;
      drop();
      const end = session.state.get();
      const says = end.phase === 'signedOut' && end.because !== undefined; // then why it stopped stays to be read
      if (state.get().phase !== 'stopped' || !says) state.set({ phase: 'idle' });
    },
    tell(command) {
      if (state.get().phase !== 'online' || !link) return false;
      link.send(command);
      return true;
    },
    ask: question => waiting.ask(question, state.get().phase === 'online' ? link : undefined),
    retryNow,
  };
}

const reasonOf = (state: ConnectionState) => ('because' in state ? state.because : undefined);
