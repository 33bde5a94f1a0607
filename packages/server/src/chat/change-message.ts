import { type EventOf, type Id, type Mention, type Message, mayDo, refuse, rev, type Seq } from '@carpenter/protocol';
import type pg from 'pg';
import { z } from 'zod';
import type { Actor } from '../auth/actor.ts';
import type { Origin } from '../bus/bus.ts';
import { record } from '../store/audit.ts';
import { deleteMediaUses } from '../store/media.ts';
import { type Standing, standingIn } from '../store/members.ts';
import { messageAt, nextRev, setDeleted, setText, versionsOf } from '../store/messages.ts';
import type { Parent } from '../store/parents.ts';
import { deleteVotes } from '../store/polls.ts';
import { deleteReactions } from '../store/reactions.ts';
import { copyInParent, firstAndLastIn, lockHeads } from '../store/threads.ts';
import { withinChars } from '../store/within-chars.ts';
import type { Chat } from './chat.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { checkText } from './draft.ts';
import { writingOf } from './in-order.ts';
import { namesAnybody, resolveMentions } from './mentions.ts';
import type { Changed } from './on-message.ts';
import { setSummary, tellRoot } from './send-in-thread.ts';

/**
 * Changes the text of one's own message; what it said before is kept. The same text again changes nothing and raises no `rev`.
 * In the order in which they came, among what the same person sends there, too.
 * @throws {Refusal} conversation.unknown, conversation.archived, conversation.restricted, message.*, rate.exceeded, storage_unavailable
 */
export async function editMessage(
  chat: Chat,
  actor: Actor,
  conversationId: Id,
  seq: Seq,
  text: string,
  origin?: Origin,
): Promise<Changed> {
  if (text !== '') checkText(text, chat.limits);
  return chat.inOrder.run(writingOf(actor, conversationId), lookUp(chat, actor, conversationId, text), found =>
    edit(chat, actor, conversationId, seq, text, found, origin),
  );
}

interface Found {
  readonly meant: readonly Mention[] | undefined;
  readonly parent: Parent | undefined;
}

/** At once where there is nothing to look up, as in `prepare`. */
function lookUp({ store }: Chat, actor: Actor, conversationId: Id, text: string): Found | Promise<Found> {
  const parent = store.parentOf(conversationId);
  if (!namesAnybody(text) && !(parent instanceof Promise)) return { meant: undefined, parent };
  return Promise.all([resolveMentions(store.db, conversationId, actor.userId, text), parent]).then(
    ([{ mentions }, parent]) => ({ meant: mentions.length > 0 ? mentions : undefined, parent }),
  );
}

async function edit(
  chat: Chat,
  actor: Actor,
  conversationId: Id,
  seq: Seq,
  text: string,
  { meant, parent }: Found,
  origin: Origin | undefined,
): Promise<Changed> {
  const changed = await chat.store.turn(actor.userId, headsOf(conversationId, parent), async tx => {
    const { message: present, standing } = await read(tx, actor, conversationId, seq, parent);
    if (standing.archived) refuse('conversation.archived', {});
    if (!mayWrite(standing)) refuse('conversation.restricted', {});
    if (present.sender !== actor.userId) refuse('message.not_yours', {});
    if (present.deletedAt) refuse('message.deleted', {});
    if (present.forwarded) refuse('message.forwarded', {});
    if (text === '' && !present.attachments) refuse('message.empty', {}); // what stands under files may go
    if (present.text === text) return { present };
    const message = await setText(tx, present, await nextRev(tx, conversationId), text, meant);
    chat.retold(actor.userId, message);
    const copy = parent && (await copyInParent(tx, parent.conversationId, present));
    if (!copy || copy.deletedAt) return { present, message };
    const there = await standingIn(tx, copy.conversationId, actor.userId);
    if (there && !mayWrite(there)) refuse('conversation.restricted', {}); // no way round by a thread
    const changedCopy = await setText(tx, copy, await nextRev(tx, copy.conversationId), text, meant);
    chat.retold(actor.userId, changedCopy);
    return { present, message, copy: changedCopy };
  });
  if (!changed.message) return { message: changed.present, changed: false };
  const told = (message: Message): EventOf<'message.updated'> => {
    const { conversationId, rev } = message;
    return { type: 'message.updated', conversationId, rev, message, change: 'edit' };
  };
  chat.bus.publish({ to: 'conversation', conversationId, event: told(changed.message), origin });
  if (changed.copy) tell(chat, told(changed.copy));
  return { message: changed.message, changed: true };
}

/**
 * Deletes a message: it keeps its place and loses its content. Deleted already: nothing changes. One's own always; that of
 * somebody else where the role allows.
 * @throws {Refusal} conversation.unknown, message.unknown, message.not_yours, rate.exceeded, storage_unavailable
 */
export async function deleteMessage(
  chat: Chat,
  actor: Actor,
  conversationId: Id,
  seq: Seq,
  origin?: Origin,
): Promise<Changed> {
  const parent = await chat.store.parentOf(conversationId);
  const changed = await chat.store.turn(actor.userId, headsOf(conversationId, parent), async tx => {
    const { message: present, standing } = await read(tx, actor, conversationId, seq, parent);
    const mine = present.sender === actor.userId;
    if (!mine && !(standing.type !== 'direct' && mayDo(standing.role, 'delete.others'))) {
      refuse('message.not_yours', {});
    }
    if (present.deletedAt) return { present };
    const message = await erase(tx, present);
    if (!mine) await record(tx, 'message.removed', actor, { userId: present.sender, conversationId }, { seq });
    if (!parent) return { present, message };
    const root = await messageAt(tx, parent.conversationId, parent.seq);
    const copy = await copyInParent(tx, parent.conversationId, present);
    const thread = root?.thread && {
      ...root.thread,
      first: [], // nobody any more
      ...(await firstAndLastIn(tx, conversationId)),
      count: Math.max(0, root.thread.count - 1),
    };
    const newRoot = root && thread && (await setSummary(tx, root, thread));
    if (newRoot) chat.retold(actor.userId, newRoot);
    return {
      present,
      message,
      root: newRoot,
      copy: copy && !copy.deletedAt ? await erase(tx, copy) : undefined,
    };
  });
  if (!changed.message) return { message: changed.present, changed: false };
  const told = (message: Message): EventOf<'message.deleted'> => {
    const { conversationId, rev } = message;
    return { type: 'message.deleted', conversationId, rev, message };
  };
  chat.bus.publish({ to: 'conversation', conversationId, event: told(changed.message), origin });
  if (changed.root) tellRoot(chat, changed.root);
  if (changed.copy) tell(chat, told(changed.copy));
  return { message: changed.message, changed: true };
}

async function erase(tx: pg.ClientBase, { conversationId, seq }: Message): Promise<Message> {
  await deleteReactions(tx, conversationId, seq);
  await deleteVotes(tx, conversationId, seq);
  await deleteMediaUses(tx, conversationId, seq);
  return setDeleted(tx, conversationId, seq, await nextRev(tx, conversationId));
}

const mayWrite = ({ restricted, role }: Standing): boolean => !restricted || mayDo(role, 'write.restricted');
const headsOf = (conversationId: Id, parent: Parent | undefined): [Id, ...Id[]] =>
  parent ? [conversationId, parent.conversationId] : [conversationId];

/** Under the locks of all heads that may change, so that it stays what it is until the commit. */
async function read(
  tx: pg.ClientBase,
  actor: Actor,
  conversationId: Id,
  seq: Seq,
  parent: Parent | undefined,
): Promise<{ message: Message; standing: Standing }> {
  await lockHeads(tx, headsOf(conversationId, parent));
  const standing = await standingIn(tx, conversationId, actor.userId);
  if (!standing) refuse('conversation.unknown', {});
  const message = await messageAt(tx, conversationId, seq);
  if (!message) refuse('message.unknown', {});
  if (message.type === 'system') refuse('message.not_yours', {});
  if (message.fromThread) refuse('message.in_thread', {});
  return { message, standing };
}

function tell({ bus }: Chat, event: EventOf<'message.updated' | 'message.deleted'>): void {
  bus.publish({ to: 'conversation', conversationId: event.conversationId, event });
}

const place = z.object({ rev });

/**
 * What an edited message said before, oldest first; without a cursor the latest page, and `next` is for what was said before that.
 * @throws {Refusal} conversation.unknown, message.unknown, cursor.invalid
 */
export async function readEditHistory(
  { store: { db } }: Chat,
  actor: Actor,
  conversationId: Id,
  seq: Seq,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ versions: { text: string; at: string }[]; next?: string }> {
  if (!(await standingIn(db, conversationId, actor.userId))) refuse('conversation.unknown', {});
  if (!(await messageAt(db, conversationId, seq))) refuse('message.unknown', {});
  const found = await versionsOf(db, conversationId, seq, readCursor(cursor, place)?.rev, limit + 1);
  const page = withinChars(found.slice(0, limit));
  const first = page.at(-1);
  return {
    versions: page.map(({ text, at }) => ({ text, at })).reverse(),
    ...(found.length > page.length && first && { next: writeCursor({ rev: first.rev }) }),
  };
}
