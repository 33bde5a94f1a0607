import { type Event, type Id, Refusal, type RefusalCode, refusal, worthRetrying } from '@carpenter/protocol';
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
 * @param waiting  conversations that take nothing just now: gone past, and more of them put in
 * @returns whether there may be more
 */
export async function sendDue(chat: Chat, log: Logger, waiting: Set<Id>): Promise<boolean> {
  const { more, happened } = await transaction(chat.store.db, async tx => {
    const due = await holdDue(tx, [...waiting], atOnce);
    const happened: { userId: Id; event: Event }[] = [];
    for (const one of due) {
      if (waiting.has(one.conversationId)) continue; // what was written later does not go first
      const done = await sendOne(chat, log, tx, one);
      if (done === 'nowhere') return { more: false, happened };
      if (done === 'not here') waiting.add(one.conversationId);
      else if (done) happened.push({ userId: one.userId, event: done });
    }
    return { more: due.length === atOnce, happened };
  });
  for (const { userId, event } of happened) chat.bus.publish({ to: 'users', userIds: [userId], event });
  return more;
}

/** Tried again later: with those of other conversations going on meanwhile, or with all of them waiting. */
type Later = 'not here' | 'nowhere';
const nowhere: ReadonlySet<string> = new Set(['storage_unavailable', 'server.draining'] satisfies RefusalCode[]);

/** @returns what its sender is told; undefined: it was withdrawn meanwhile */
async function sendOne(chat: Chat, log: Logger, tx: pg.ClientBase, due: Due): Promise<Event | Later | undefined> {
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
    if (error instanceof Refusal && worthRetrying(error.code)) return nowhere.has(error.code) ? 'nowhere' : 'not here';
    const scheduled = await writeFailure(tx, id, { code: refused.code, message: refused.message });
    return scheduled && { type: 'scheduled.updated', scheduled };
  }
}

function fault(log: Logger, error: unknown): Refusal {
  const faultId = crypto.randomUUID();
  log.error({ err: error, faultId }, 'a scheduled message could not be sent');
  return refusal('server.fault', { faultId });
}
