import { closes } from '@carpenter/protocol';
import type { Logger } from 'pino';
import type { Auth, Verified } from '../auth/auth.ts';
import type { Chat } from '../chat/chat.ts';
import { buildReady, conversationsHeard } from '../chat/ready.ts';
import type { Config } from '../config.ts';
import type { Pressure } from '../pressure.ts';
import type { Accounts } from './accounts.ts';
import { type End, spread } from './close-of.ts';
import type { Hub } from './hub.ts';
import type { Line, OpenSeat } from './seat.ts';
import type { Wheel } from './wheel.ts';

/** What a connection needs to live. */
export interface Gateway {
  readonly accounts: Accounts;
  readonly chat: Chat;
  readonly auth: Auth;
  readonly hub: Hub;
  readonly wheel: Wheel;
  /** While this node answers late, new connections are sent away: those that are there come first. */
  readonly pressure: Pressure;
  /** All that are open, logged in or not. */
  readonly lines: Set<Line>;
  readonly config: Config;
  readonly log: Logger;
  /** Set while this node goes down: new connections are sent on. */
  readonly draining: () => boolean;
}

/** How one that has just come is sent away at once, where it is: this node goes down, or it is one too many. */
export function turnedAway({ draining, pressure, lines, config }: Gateway): End | undefined {
  if (draining()) return { close: closes.restarting, wait: spread(2_000) };
  if (pressure.late() || lines.size > config.connectionsMax) return { close: closes.overloaded, wait: lateWait() };
  return undefined;
}

const lateWait = (): number => 2_000 + Math.random() * 8_000;

/**
 * From here on the seat hears: first `ready`, then what was told since it joined. It joins before `ready` is built, so
 * nothing falls between the two; what is in both is a repeat, dropped by its `rev`.
 */
export async function takeSeat(
  { hub, chat, config: { heartbeatMs } }: Gateway,
  seat: OpenSeat,
  { expiresAt }: Verified,
  ref?: string,
): Promise<void> {
  const { actor } = seat;
  hub.join(seat);
  const ready = await chat.questions(actor.userId, async () => {
    hub.subscribe(seat, await conversationsHeard(chat, actor));
    return buildReady(chat, actor, { expiresAt, heartbeatMs });
  });
  seat.open(ref === undefined ? ready : { ...ready, ref });
}
