import { type Draft, fixed, type Id, type Message, Refusal, refuse, type ThreadSummary } from '@carpenter/protocol';
import type pg from 'pg';
import type { Actor } from '../auth/actor.ts';
import type { Origin } from '../bus/bus.ts';
import type { Extra } from '../store/append.ts';
import { standingIn } from '../store/members.ts';
import { messageAt, messageSentAs, nextRev, setBeside } from '../store/messages.ts';
import type { Parent } from '../store/parents.ts';
import { followersToBe, insertFollowers, lockHeads } from '../store/threads.ts';
import { readAdded, tellAdded } from './added.ts';
import type { Chat } from './chat.ts';
import type { Prepared } from './draft.ts';
import { asStored, newMessage, type Sent, tellSent } from './new-message.ts';
import { mustHaveRoom } from './room-left.ts';
import { storeWithFiles } from './store-with-files.ts';

/** A reply takes along who comes to follow the thread with it. */
export interface Ready extends Prepared {
  readonly followers?: readonly Id[];
}

/** Who is made to follow has to be allowed, as who is added to a group: beyond that a mention is a mention, and no more. */
export async function readyToReply(
  { store: { db }, allowances }: Chat,
  { userId }: Actor,
  threadId: Id,
  preparing: Prepared | Promise<Prepared>,
): Promise<Ready> {
  const prepared = await preparing;
  const { parent, extra } = prepared;
  if (!parent) return prepared;
  const mentioned = (extra.mentions ?? []).filter(who => who !== 'here' && who !== 'all');
  const followers = await followersToBe(db, threadId, parent, userId, mentioned);
  const others = followers.filter(id => id !== userId);
  const refused = await allowances.spend('add', userId, others.length).catch(onlyRefusal);
  return { ...prepared, followers: refused ? followers.filter(id => id === userId) : followers };
}

function onlyRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  throw error;
}

/**
 * A reply in a thread: the message, what its root says of the thread, and the line in the conversation where it was wanted, in one
 * transaction.
 */
export async function sendInThread(
  chat: Chat,
  actor: Actor,
  threadId: Id,
  parent: Parent,
  draft: Draft,
  { text, extra, files, notices, followers: come = [] }: Ready,
  origin: Origin | undefined,
): Promise<Sent> {
  const reply = newMessage(actor, threadId, draft, text, extra);
  const done = await chat.store.turn(actor.userId, [threadId, parent.conversationId], async tx => {
    await lockHeads(tx, [threadId, parent.conversationId]);
    const standing = await standingIn(tx, threadId, actor.userId);
    if (!standing) refuse('conversation.unknown', {});
    // before anything else happens: whoever sends again does not follow again
    const known = await messageSentAs(tx, threadId, actor.userId, draft.clientId);
    if (known) return { known };
    if (standing.archived) refuse('conversation.archived', {});
    const root = await messageAt(tx, parent.conversationId, parent.seq);
    if (!root) throw new Error('a thread hangs on a message that is not there');
    const followers = await insertFollowers(tx, threadId, parent.conversationId, come);
    if (followers.has(actor.userId)) await mustHaveRoom(tx, actor, [actor.userId]);
    // read before the message is stored, so that it comes as an event to those who follow from now on
    const added = followers.size > 0 ? await readAdded(tx, actor, threadId, followers) : undefined;
    const stored = await storeWithFiles(tx, reply, files);
    if (!stored) refuse('conversation.unknown', {});
    const message = asStored(stored.fresh, stored.place);
    const newRoot = await setSummary(tx, root, grown(root.thread, message));
    chat.retold(actor.userId, newRoot);
    const copy = draft.alsoInParent
      ? await copyInto(tx, actor, parent.conversationId, draft, message, extra, files)
      : undefined;
    return { added, message, newRoot, copy };
  });
  if (done.known) return { message: done.known, duplicate: true };
  if (done.added) tellAdded(chat.bus, done.added);
  tellSent(chat, done.message, origin, notices);
  tellRoot(chat, done.newRoot);
  if (done.copy) tellSent(chat, done.copy);
  return { message: done.message, ...(notices.length > 0 && { notices: [...notices] }) };
}

const grown = (before: ThreadSummary | undefined, { conversationId, sender, createdAt }: Message): ThreadSummary => {
  const { count = 0, first = [] } = before ?? {};
  const joined = first.includes(sender) || first.length >= fixed.firstMax ? first : [...first, sender];
  return { conversationId, count: count + 1, lastAt: createdAt, first: joined };
};

/** The caller holds the head of the conversation that the root stands in. */
export async function setSummary(tx: pg.ClientBase, root: Message, summary: ThreadSummary): Promise<Message> {
  const { conversationId, seq } = root;
  return setBeside(tx, conversationId, seq, await nextRev(tx, conversationId), 'thread', summary);
}

export function tellRoot({ bus }: Chat, message: Message): void {
  const { conversationId, rev } = message;
  const event = { type: 'message.updated' as const, conversationId, rev, message, change: 'thread' as const };
  bus.publish({ to: 'conversation', conversationId, event });
}

/** A line of its own, with a client id that nobody else can have used there: found again by `copyInParent`. */
async function copyInto(
  tx: pg.ClientBase,
  actor: Actor,
  parentId: Id,
  draft: Draft,
  { id, conversationId, seq, text }: Message,
  { mentions, forwarded, preview }: Extra,
  files: readonly Id[],
): Promise<Message> {
  const extra = { mentions, forwarded, preview, fromThread: { conversationId, seq } };
  const copy = newMessage(actor, parentId, { ...draft, clientId: id }, text, extra);
  const stored = await storeWithFiles(tx, copy, files);
  if (!stored) refuse('conversation.restricted', {});
  return asStored(stored.fresh, stored.place);
}
