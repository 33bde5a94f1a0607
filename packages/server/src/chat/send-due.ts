import { type Event, type Id, Refusal, refusal, worthRetrying } from '@carpenter/protocol';
import type pg from 'pg';
import type { Logger } from 'pino';
import { isConnectionFault, transaction } from '../store/database.ts';
import { type Due, deleteScheduled, holdDue, writeFailure } from '../store/scheduled.ts';
import type { Chat } from './chat.ts';
import { sendMessage } from './send-message.ts';

const atOnce = 20;

/**
 * Sends what is due through the same rule as every message. The row is held meanwhile, so that one node sends it; should that
 * node die between sending and forgetting, the next one sends again under the same client id, and it is stored once.
 * @returns whether there may be more
 */
export async function sendDue(chat: Chat, log: Logger): Promise<boolean> {
  const { more, happened } = await transaction(chat.store.db, async tx => {
    const due = await holdDue(tx, atOnce);
    const happened: { userId: Id; event: Event }[] = [];
    for (const one of due) {
      const event = await sendOne(chat, log, tx, one);
      if (!event) return { more: false, happened }; // the store is away: all of them wait
      happened.push({ userId: one.userId, event });
    }
    return { more: due.length === atOnce, happened };
  });
  for (const { userId, event } of happened) chat.bus.publish({ to: 'users', userIds: [userId], event });
  return more;
}

/** @returns what its sender is told; undefined: try again later */
async function sendOne(chat: Chat, log: Logger, tx: pg.ClientBase, due: Due): Promise<Event | undefined> {
  const { id, conversationId, clientId, plan, createdAt: sentAt, userId, username, suspended } = due;
  try {
    if (suspended) throw refusal('auth.suspended', {});
    // nobody's session asks: its own id stands for one
    const actor = { userId, username, sessionId: id };
    const { message } = await sendMessage(chat, actor, conversationId, { ...plan, clientId, sentAt });
    await deleteScheduled(tx, userId, id);
    return { type: 'scheduled.removed', id, conversationId, seq: message.seq };
  } catch (error) {
    if (isConnectionFault(error)) throw error;
    const refused = error instanceof Refusal ? error : fault(log, error);
    if (error instanceof Refusal && worthRetrying(error.code)) return undefined;
    const scheduled = await writeFailure(tx, id, { code: refused.code, message: refused.message });
    return scheduled && { type: 'scheduled.updated', scheduled };
  }
}

function fault(log: Logger, error: unknown): Refusal {
  const faultId = crypto.randomUUID();
  log.error({ err: error, faultId }, 'a scheduled message could not be sent');
  return refusal('server.fault', { faultId });
}
