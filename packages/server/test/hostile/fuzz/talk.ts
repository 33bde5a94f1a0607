import { once } from 'node:events';
import { connect } from 'node:net';
import { type Close, closeByCode, closes, type Event, type EventOf, event } from '@carpenter/protocol';
import { frame, handshake, opcode, text } from '../raw.ts';
import { type Call, type Expected, fit, isAnswer, isOwed } from './expected.ts';
import { type Framed, framesOf } from './frames.ts';

/** Bytes for a WebSocket, and what must come of them. */
export interface Said {
  readonly bytes: Buffer;
  readonly expected: Expected;
}
/** What is wrong, and with which of those that were said; without it, any of them. */
export interface Fault {
  readonly words: string;
  readonly of?: Said | undefined;
}

/** A WebSocket on which every answer is held against what was said. */
export interface Talk {
  /** Malformed frames so far. */
  strikes(): number;
  ended(): boolean;
  /** After how many ms to come again, where a busy node has sent it away. */
  sentAway(): number | undefined;
  /** Says these at once, and a ping of ours behind them; waits for all that must come, or for an end that may. */
  say(said: readonly Said[]): Promise<Fault | undefined>;
  close(): void;
}

interface Asked {
  readonly call: Call;
  readonly of: Said | undefined;
}

/** A connection has so many malformed frames in a minute; with the next one it may end. */
export const strikesMax = 10;
const patienceMs = 30_000;

/** Opens one; with a token it is live when this resolves. Whom a busy node sends away comes back after the wait named. */
export async function openTalk(port: number, token?: string): Promise<Talk> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const asked: Asked[] = [];
  const byError: Asked[] = []; // answered by an `error`
  let rest: Buffer = Buffer.alloc(0);
  let upgraded = false;
  let ready = false;
  let heard = false;
  let wild = false; // what was said may be read in more than one way
  let strikes = 0;
  let pings = 0;
  let closing: EventOf<'closing'> | undefined;
  let close: { code: number; reason: string } | undefined;
  let fault: Fault | undefined;
  let look = () => {};

  const ended = once(socket, 'close').then(() => look());
  ended.catch(() => {});
  socket.on('error', () => {}); // the end that follows is judged
  socket.on('data', chunk => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (!upgraded) {
      const at = rest.indexOf('\r\n\r\n');
      if (at < 0) return;
      upgraded = true;
      rest = rest.subarray(at + 4);
    }
    const read = framesOf(rest);
    rest = read.rest;
    for (const one of read.frames) hear(one);
    look();
  });

  function hear({ kind, payload }: Framed): void {
    if (kind === opcode.ping) return void socket.write(frame(opcode.pong, payload));
    if (kind === opcode.close) {
      close = { code: payload.length < 2 ? 1005 : payload.readUInt16BE(0), reason: payload.subarray(2).toString() };
      return void socket.write(frame(opcode.close, payload));
    }
    if (kind !== opcode.text) return;
    const { data, error } = event.safeParse(JSON.parse(payload.toString()));
    if (!data) {
      fault ??= { words: `an event that is none: ${payload} ${error.message}` };
    } else if (data.type === 'closing') {
      closing = data;
    } else {
      heard = true;
      ready ||= data.type === 'ready';
      if (data.type === 'error' && data.code === 'server.fault') fault ??= { words: `${payload}` };
      else if (isAnswer(data)) answered(data);
    }
  }

  function answered(answer: Event): void {
    const one = take(asked, call => fit(call, answer)) ?? takenFor(answer);
    if (one && answer.type === 'error' && one.call.name === 'asked') byError.push(one);
    if (!one && !wild) fault ??= { words: `an answer to nothing that was asked: ${JSON.stringify(answer)}` };
  }

  /** A call that was given the `error` of another one: that one gets it now. */
  function takenFor(answer: Event): Asked | undefined {
    const one = take(byError, call => fit(call, answer));
    const mayOwn = (call: Call) => (call.name !== 'asked' || call.ref !== one?.call.ref ? 0 : isOwed(call) ? 2 : 1);
    const other = one && take(asked, mayOwn);
    if (other) byError.push(other);
    return other && one;
  }

  const hasEnded = () => socket.destroyed;
  const owing = () => asked.find(({ call }) => isOwed(call));

  /** Until this is so, or the connection has ended. False: neither came in time. */
  async function until(done: () => boolean): Promise<boolean> {
    if (done() || hasEnded()) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const late = setTimeout(() => resolve(false), patienceMs);
    look = () => {
      if (done() || hasEnded()) resolve(true);
    };
    const inTime = await promise;
    clearTimeout(late);
    look = () => {};
    return inTime;
  }

  async function say(said: readonly Said[]): Promise<Fault | undefined> {
    for (const one of said) {
      for (const call of one.expected.calls) {
        asked.push({ call, of: one });
        if (call.name === 'refused') strikes++;
      }
    }
    const last = said.at(-1);
    const whole = last?.expected.whole ?? true;
    wild = (last?.expected.ends.length ?? 0) > 0;
    const bytes = said.map(one => one.bytes);
    if (whole) socket.write(Buffer.concat([...bytes, ping()]));
    else socket.end(Buffer.concat(bytes)); // it waits for more, and none comes
    const inTime = await until(() => whole && (fault !== undefined || owing() === undefined));
    if (fault) return fault;
    if (!inTime) {
      const late = owing(); // without a ref it may have been given what another one waits for
      return {
        words: `no answer within ${patienceMs / 1_000} s`,
        of: late?.call.ref === undefined ? undefined : late.of,
      };
    }
    const words = hasEnded() ? judgeEnd(last?.expected) : undefined;
    return words === undefined ? undefined : { words, of: last };
  }

  function ping(): Buffer {
    const ref = `our ping ${++pings}`;
    const call: Call =
      token === undefined ? { name: 'refused', ref, code: 'auth.required' } : { name: 'asked', ref, answer: 'pong' };
    asked.push({ call, of: undefined });
    if (call.name === 'refused') strikes++;
    return text({ type: 'ping', ref });
  }

  function judgeEnd({ ends, whole, closes }: Expected = nothing): string | undefined {
    if (!close) return whole ? 'the connection ended without a close frame' : undefined;
    if ((closes && !closing) || sentAway() !== undefined) return undefined; // an echo; or nothing was read
    const inWords = closeByCode(close.code) && close.reason !== '' && closing?.code === close.code;
    const mayEnd = ends.includes(close.code) || (close.code === tooManyStrikes.code && strikes > strikesMax);
    if (inWords && mayEnd) return undefined;
    return `the connection ended with ${close.code} "${close.reason}" after ${JSON.stringify(closing)}`;
  }

  /** Those who are in stay in: it is said only in place of a first word. */
  const sentAway = () => (close?.code === closes.overloaded.code && !heard ? closing?.retryAfterMs : undefined);

  socket.write(handshake(token));
  if (!(await until(() => (token === undefined ? upgraded : ready)))) throw new Error('a handshake got no answer');
  if (!hasEnded())
    return { strikes: () => strikes, ended: hasEnded, sentAway, say, close: () => void socket.destroy() };
  const wait = sentAway();
  if (wait === undefined) throw new Error(`a handshake ended: ${JSON.stringify(close ?? rest)}`);
  await new Promise(resolve => setTimeout(resolve, wait));
  return openTalk(port, token);
}

/** Takes the best one out of a list, if any is good at all. */
function take(list: Asked[], good: (call: Call) => number): Asked | undefined {
  const goodness = list.map(({ call }) => good(call));
  const best = Math.max(0, ...goodness);
  return best > 0 ? list.splice(goodness.indexOf(best), 1)[0] : undefined;
}

const tooManyStrikes: Close = closes.malformed;
const nothing: Expected = { calls: [], ends: [], whole: true, closes: false };
