import type { ServerResponse } from 'node:http';
import { type Close, closes } from '@carpenter/protocol';
import type { Verified } from '../auth/auth.ts';
import { asRefusal } from '../faults.ts';
import { v7 } from '../ids.ts';
import { closeOf, type End } from './close-of.ts';
import { type Frame, frameOf } from './frame.ts';
import { type Gateway, takeSeat, turnedAway } from './gateway.ts';
import { queueOf } from './outlet.ts';
import { behindBytes, createSeat, type Line, tooSlowBytes } from './seat.ts';
import { watchReader } from './watch-reader.ts';

/** Keeps proxies from cutting a silent stream. */
const commentEveryMs = 15_000;
/** Platforms end HTTP answers after 15 minutes at the latest: better to end first, and say so. */
const lifeMs = 13 * 60_000;

/**
 * The same events as over a WebSocket, as Server-Sent Events, for networks that block WebSockets. Commands go to
 * `POST /commands`. Ends politely before the platform or the token does.
 */
export async function streamEvents(gateway: Gateway, actor: Verified, response: ServerResponse): Promise<void> {
  if (response.closed) return; // hung up while the token was looked at: no `close` will come any more
  const id = v7();
  const { accounts, hub, chat, lines, wheel } = gateway;
  const log = gateway.log.child({ connection: id });
  const endsAt = performance.now() + Math.min(lifeMs, actor.expiresAt - Date.now());
  let endedBy: Close | undefined;

  const line: Line = {
    write(frame) {
      if (endedBy) return;
      if (response.writableLength > tooSlowBytes) return end(closes.tooSlow);
      write(frame);
    },
    waiting: () => response.writableLength,
    end,
  };
  const seat = createSeat(id, actor, line);
  const { socket } = response;
  const reader = { holds: () => response.writableLength, next: () => (socket ? queueOf(socket) : 0) };
  const wrote = watchReader(reader, wheel, () => end(closes.tooSlow));
  function write(frame: Frame): void {
    response.write(`data: ${frame.json}\n\n`);
    wrote();
  }

  const finish = ({ close, wait, words }: End) => end(close, wait, words);
  function end(close: Close, retryAfterMs?: number, message: string = close.words): void {
    if (endedBy) return;
    endedBy = close;
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs: Math.ceil(retryAfterMs) };
    response.write(`data: ${frameOf({ type: 'closing', code: close.code, message, ...wait }).json}\n\n`);
    response.end();
  }

  function visit(now: number): number | undefined {
    if (endedBy || response.closed) return undefined;
    if (now >= endsAt) {
      end(closes.goingAway, 0);
      return undefined;
    }
    if (response.writableLength <= behindBytes) response.write(': still here\n\n'); // else it looks as if something was taken
    return Math.min(now + commentEveryMs, endsAt);
  }

  response.statusCode = 200;
  response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
  response.setHeader('Cache-Control', 'private, no-store, no-transform');
  response.setHeader('X-Accel-Buffering', 'no');
  response.flushHeaders();
  response.on('error', error => log.debug({ err: error }, 'an event stream reported an error')); // its close says the rest
  lines.add(line);
  response.on('close', () => {
    lines.delete(line);
    const by = endedBy ? { by: 'server', words: endedBy.words } : { by: 'client' };
    log.info({ userId: actor.userId, ...by }, 'event stream ended');
  });
  const away = turnedAway(gateway);
  if (away) return finish(away);
  const full = accounts.begin(actor.userId);
  if (full > 0) return end(closes.tooFast, full, 'Too many connections of one account.');

  response.on('drain', () => seat.drained());
  response.on('close', () => {
    accounts.end(actor.userId);
    hub.leave(seat);
    chat.presences.disconnected(actor, endedBy === closes.sessionEnded);
  });
  chat.presences.connected(actor);
  try {
    await takeSeat(gateway, seat, actor);
    wheel.at(Math.min(performance.now() + commentEveryMs, endsAt), { visit });
  } catch (error) {
    finish(closeOf(asRefusal(error, log)));
  }
}
