import type { Socket } from 'node:net';
import {
  type Close,
  type Command,
  closeReason,
  closes,
  type Event,
  fixed,
  type Refusal,
  readCommand,
  ref,
  refusal,
} from '@carpenter/protocol';
import type { Verified } from '../auth/auth.ts';
import { perform } from '../chat/perform.ts';
import { asRefusal } from '../faults.ts';
import { createBudget } from './budget.ts';
import { closeOf, type End } from './close-of.ts';
import { type Frame, frameOf } from './frame.ts';
import { type Gateway, takeSeat, turnedAway } from './gateway.ts';
import { createOutlet } from './outlet.ts';
import { reservationOf } from './reservations.ts';
import { createSeat, type Line, type OpenSeat, tooSlowBytes } from './seat.ts';
import { watchReader } from './watch-reader.ts';
import type { WordySocket } from './wordy-socket.ts';

/** What is known of a connection when its WebSocket opens. */
export interface Hello {
  readonly id: string;
  /** As `addressOf` gives it. */
  readonly address: string;
  readonly token: string | undefined;
  readonly username: string | undefined;
  /** The token came in the address: refused, whatever it is worth. */
  readonly tokenInUrl: boolean;
  /** Called once it is authenticated, or gone without. */
  readonly greeted: (known: boolean) => void;
}

/** Commands under way at once, if there is room for their answers; reading waits for the next free place. */
const inFlightMax = 64;
/** Malformed frames in a minute before the connection ends with 4400. */
const strikesMax = 10;

type State =
  | { readonly name: 'greeting'; readonly until: number }
  | { readonly name: 'opening'; readonly opened: Promise<void> }
  | { readonly name: 'live'; readonly actor: Verified }
  | { readonly name: 'ended' };

/** A connection's life, from the opened WebSocket to its end. Every end of ours has a code and words. */
export function serveConnection(gateway: Gateway, ws: WordySocket, stream: Socket, hello: Hello): void {
  const { accounts, auth, chat, config, hub, lines, wheel } = gateway;
  const log = gateway.log.child({ connection: hello.id });
  const outlet = createOutlet(stream);
  const wrote = watchReader(outlet, wheel, () => end(closes.tooSlow));
  const frames = createBudget(config.rates.framesPerMinute);
  const bytes = createBudget(config.rates.bytesPerMinute);
  const strikes = createBudget(strikesMax);
  const beganAt = performance.now();
  let state: State = { name: 'greeting', until: beganAt + fixed.authWithinMs };
  let seat: OpenSeat | undefined;
  let inFlight = 0;
  let reserved = 0; // bytes, for the answers of those
  const backlog: Buffer[] = []; // came in the same breath as the last that could be taken: reading has stopped behind them
  let leaving: (() => void) | undefined;
  let unanswered = 0;
  let nextPing = beganAt + jittered(config.heartbeatMs);
  let warnedFor = 0;
  let endedBy: Close | undefined;

  const line: Line = {
    write(frame) {
      if (state.name === 'ended') return; // after the close frame nothing may follow
      if (outlet.waiting() > tooSlowBytes) return end(closes.tooSlow);
      push(frame);
    },
    waiting: () => outlet.waiting(),
    end: leave,
  };
  function push(frame: Frame): void {
    outlet.push(frame.websocket());
    wrote();
  }

  /** For answers: there was room for what was asked. */
  function send(event: Event): void {
    if (state.name !== 'ended') push(frameOf(event));
  }
  const sendError = (refused: Refusal, ref: string | undefined): void => send(errorEvent(refused, ref));

  const hasEnded = (): boolean => state.name === 'ended'; // asked after an await: the compiler remembers too much

  function end(close: Close, wait?: number, words: string = close.words): void {
    if (state.name === 'ended') return;
    const retryAfterMs = wait === undefined ? undefined : Math.ceil(wait);
    lastWords(close, retryAfterMs, words);
    ws.close(close.code, closeReason(words, retryAfterMs));
  }

  const finish = ({ close, wait, words }: End) => end(close, wait, words);

  /** The same, after what is under way has been answered: for ends that are nobody's fault. Whoever is told twice goes at once. */
  function leave(close: Close, wait?: number): void {
    if (inFlight === 0 || close !== closes.restarting || leaving) end(close, wait);
    else leaving = () => end(close, wait);
  }

  function lastWords(close: Close, retryAfterMs?: number, message: string = close.words): void {
    endedBy = close;
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    outlet.push(frameOf({ type: 'closing', code: close.code, message, ...wait }).websocket());
    outlet.flush();
    state = { name: 'ended' };
    backlog.length = 0;
    ws.resume(); // its answer to our close
  }

  async function authenticate(token: string, ref?: string): Promise<void> {
    const opened = Promise.withResolvers<void>();
    state = { name: 'opening', opened: opened.promise };
    try {
      const actor = { ...(await auth.verify(token)), address: hello.address };
      if (hello.username !== undefined && hello.username.toLowerCase() !== actor.username) {
        return end(closes.forbidden, undefined, 'The username in the address is not the one of the token.');
      }
      if (hasEnded()) return;
      hello.greeted(true);
      const wait = accounts.begin(actor.userId);
      if (wait > 0) return end(closes.tooFast, wait, 'Too many connections of one account.');
      seat = createSeat(hello.id, actor, line);
      chat.presences.connected(actor);
      await takeSeat(gateway, seat, actor, ref);
      if (hasEnded()) return;
      state = { name: 'live', actor };
      log.info({ userId: actor.userId, ms: Math.round(performance.now() - beganAt) }, 'connected');
    } catch (error) {
      finish(closeOf(asRefusal(error, log)));
    } finally {
      opened.resolve();
    }
  }

  async function renew(actor: Verified, token: string, ref: string | undefined): Promise<void> {
    try {
      const renewed = { ...(await auth.verify(token)), address: hello.address };
      if (renewed.sessionId !== actor.sessionId)
        return end(closes.forbidden, undefined, 'This token is of another login.');
      if (state.name !== 'live') return;
      state = { name: 'live', actor: renewed };
      const expiresAt = new Date(renewed.expiresAt).toISOString();
      send({ type: 'auth.renewed', ...(ref !== undefined && { ref }), expiresAt });
    } catch (error) {
      sendError(asRefusal(error, log), ref); // what it has lasts until its own end
    }
  }

  function receive(data: Buffer, isBinary: boolean): void {
    if (state.name === 'ended') return;
    unanswered = 0;
    const wait = Math.max(frames.spend(1), bytes.spend(data.length), seat ? accounts.spend(seat.actor.userId) : 0);
    if (wait > 0) return end(closes.tooFast, wait);
    if (isBinary) return end(closes.binaryFrame);
    backlog.push(data);
    readOn();
  }

  const hasRoom = (): boolean => inFlight < inFlightMax && outlet.holds() + reserved <= tooSlowBytes;

  /** Takes what has come, in order, as far as there is room for its answers. */
  function readOn(): void {
    while (hasRoom()) {
      const next = backlog.shift();
      if (!next) break;
      read(next);
    }
    const wait = state.name !== 'ended' && !hasRoom();
    if (wait) ws.pause();
    else if (ws.isPaused) ws.resume();
  }

  function read(data: Buffer): void {
    let value: unknown;
    try {
      value = JSON.parse(data.toString('utf8'));
      const command = readCommand(value);
      if (command.type === 'auth') return authCommand(command.token, command.ref);
      if (state.name === 'greeting') return strike(refusal('auth.required', {}), command.ref);
      if (leaving) return sendError(refusal('server.draining', { retryAfterMs: 1_000 }), command.ref);
      void answer(command, reservationOf(command, data.length));
    } catch (error) {
      strike(error instanceof SyntaxError ? refusal('frame.malformed', {}) : asRefusal(error, log), refOf(value));
    }
  }

  /** Runs up to the store without a pause when the connection is live: messages are stored in the order they came. */
  async function answer(command: Exclude<Command, { type: 'auth' }>, bytes: number): Promise<void> {
    const { ref } = command;
    inFlight++;
    reserved += bytes;
    try {
      if (state.name === 'opening') await state.opened;
      if (state.name !== 'live') return; // it ended meanwhile
      const event = await perform(chat, state.actor, command, { seat: hello.id, ref });
      if (event) send(ref === undefined ? event : { ...event, ref });
    } catch (error) {
      sendError(asRefusal(error, log), ref);
    } finally {
      inFlight--;
      reserved -= bytes;
      if (inFlight === 0) leaving?.();
      readOn();
    }
  }

  function authCommand(token: string, ref: string | undefined): void {
    if (state.name === 'greeting') void authenticate(token, ref);
    else if (state.name === 'opening') void state.opened.then(() => authCommand(token, ref));
    else if (state.name === 'live') void renew(state.actor, token, ref);
  }

  function strike(refused: Refusal, ref: string | undefined): void {
    if (strikes.spend(1) > 0) end(closes.malformed);
    else sendError(refused, ref);
  }

  function controlFrame(): boolean {
    unanswered = 0;
    if (state.name === 'ended') return false;
    const wait = frames.spend(1);
    if (wait > 0) end(closes.tooFast, wait);
    return wait === 0;
  }

  /** Everything that has its time: the deadline to log in, pings and the token's end. */
  function visit(now: number, late: boolean): number | undefined {
    if (state.name === 'ended') return undefined;
    if (state.name === 'greeting') {
      if (now < state.until) return state.until;
      if (late) return now + 1_000; // its token may have come while nobody looked
      end(closes.unauthenticated, undefined, `No token came within ${fixed.authWithinMs / 1_000} s.`);
      return undefined;
    }
    if (state.name === 'opening') return now + 1_000;
    const leftMs = state.actor.expiresAt - Date.now();
    if (leftMs <= 0) {
      end(closes.unauthenticated, undefined, 'The access token has expired.');
      return undefined;
    }
    if (leftMs <= fixed.expiryWarningMs && warnedFor !== state.actor.expiresAt) {
      warnedFor = state.actor.expiresAt;
      send({ type: 'auth.expiring', expiresAt: new Date(state.actor.expiresAt).toISOString() });
    }
    if (now >= nextPing) {
      if (late || ws.isPaused) unanswered = 0; // its pong may have come while nobody looked
      if (unanswered >= 2) {
        end(closes.noHeartbeat);
        return undefined;
      }
      unanswered++;
      outlet.flush();
      ws.ping();
      nextPing = now + jittered(config.heartbeatMs);
    }
    const warnIn = warnedFor === state.actor.expiresAt ? leftMs : leftMs - fixed.expiryWarningMs;
    return Math.min(nextPing, now + Math.max(warnIn, 0));
  }

  ws.onOwnClose = close => {
    if (state.name !== 'ended') lastWords(close);
  };
  ws.on('message', receive);
  ws.on('ping', data => {
    if (controlFrame()) ws.pong(data);
  });
  ws.on('pong', controlFrame);
  ws.on('error', error => log.debug({ err: error }, 'the socket reported an error')); // its close says the rest
  stream.on('drain', () => {
    seat?.drained();
    readOn();
  });
  ws.on('close', (code: number) => {
    state = { name: 'ended' };
    lines.delete(line);
    hello.greeted(false);
    if (seat) {
      hub.leave(seat);
      accounts.end(seat.actor.userId);
      chat.presences.disconnected(seat.actor, endedBy === closes.sessionEnded);
    }
    const ms = Math.round(performance.now() - beganAt);
    const by = endedBy ? { by: 'server', words: endedBy.words } : { by: 'client' }; // a client's own words may be anything
    log.info({ ...(seat && { userId: seat.actor.userId }), code, ...by, ms }, 'disconnected');
  });

  lines.add(line);
  wheel.at(beganAt + 1_000, { visit });
  const away = turnedAway(gateway);
  if (hello.tokenInUrl) end(closes.unauthenticated, undefined, refusal('auth.in_url', {}).message);
  else if (away) finish(away);
  else if (hello.token !== undefined) void authenticate(hello.token);
}

const jittered = (ms: number): number => ms + (Math.random() - 0.5) * 0.24 * ms; // 25 s ± 3 s

function errorEvent({ code, message, details, retryAfterMs }: Refusal, ref: string | undefined): Event {
  const { retryAfterMs: _, ...others }: { retryAfterMs?: unknown } = details;
  return {
    type: 'error',
    ...(ref !== undefined && { ref }),
    code,
    message,
    ...(retryAfterMs !== undefined && { retryAfterMs: Math.ceil(retryAfterMs) }),
    ...(Object.keys(others).length > 0 && { details: others }),
  };
}

/** The `ref` of a frame that is not valid otherwise, so that its sender finds the error. */
function refOf(value: unknown): string | undefined {
  return ref.safeParse(typeof value === 'object' && value !== null && 'ref' in value ? value.ref : undefined).data;
}
