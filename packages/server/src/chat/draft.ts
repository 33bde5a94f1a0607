import {
  type Draft,
  type Id,
  type Limits,
  type Message,
  type Notice,
  type Poll,
  refuse,
  textFault,
} from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import type { Extra } from '../store/append.ts';
import type { Connection } from '../store/database.ts';
import { standingIn } from '../store/members.ts';
import { messageAt } from '../store/messages.ts';
import type { Parent } from '../store/parents.ts';
import type { Chat } from './chat.ts';
import { namesAnybody, resolveMentions } from './mentions.ts';
import { newPoll } from './polls.ts';

/** A draft after everything in it was looked up and found right. */
export interface Prepared {
  readonly text: string;
  readonly extra: Extra;
  /** Media that the message refers to. */
  readonly files: readonly Id[];
  readonly notices: readonly Notice[];
  /** The conversation is a thread. */
  readonly parent: Parent | undefined;
}

/**
 * Checks a draft. At once where there is nothing to look up, as in most: such messages need not wait for anything.
 * @throws {Refusal} message.*, poll.*, conversation.unknown
 */
export function prepare(chat: Chat, actor: Actor, conversationId: Id, draft: Draft): Prepared | Promise<Prepared> {
  const { text, forward, replyTo, preview, attachments: files = [] } = draft;
  if (forward && text !== '') refuse('message.forwarded', {});
  if (!forward && !(text === '' && files.length > 0)) checkText(text, chat.limits);
  const poll = draft.poll && pollOf(draft.poll, draft);
  const parent = chat.store.parentOf(conversationId);
  const plain = !forward && replyTo === undefined && !namesAnybody(text);
  if (plain && !(parent instanceof Promise)) return { text, extra: { poll, preview }, files, notices: [], parent };
  return lookUp(chat, actor, conversationId, draft, { poll, preview }, parent);
}

/** Votes are counted at one message, which nobody else wrote. */
function pollOf(given: NonNullable<Draft['poll']>, { forward, alsoInParent }: Draft): Poll {
  if (forward) refuse('poll.forwarded', {});
  if (alsoInParent) refuse('poll.in_thread_only', {});
  return newPoll(given);
}

async function lookUp(
  { store: { db } }: Chat,
  actor: Actor,
  conversationId: Id,
  { text, forward, replyTo, attachments = [] }: Draft,
  extra: Extra,
  parent: Parent | undefined | Promise<Parent | undefined>,
): Promise<Prepared> {
  const [meant, copied] = await Promise.all([
    resolveMentions(db, conversationId, actor.userId, text),
    forward ? forwarded(db, actor, forward) : undefined,
    replyTo === undefined ? undefined : mustBeThere(db, actor, conversationId, replyTo),
  ]);
  const mentions = meant.mentions.length > 0 ? meant.mentions : undefined;
  return {
    text: copied?.text ?? text,
    extra: { ...extra, mentions, replyTo, ...copied?.extra },
    files: copied?.files ?? attachments,
    notices: meant.notices,
    parent: await parent,
  };
}

/** Only what the sender may read can be forwarded; whoever wrote it first stays named. */
async function forwarded(
  db: Connection,
  actor: Actor,
  from: NonNullable<Draft['forward']>,
): Promise<{ text: string; extra: Extra; files: Id[] }> {
  const source = (await standingIn(db, from.conversationId, actor.userId))
    ? await messageAt(db, from.conversationId, from.seq)
    : undefined;
  if (!source || source.type === 'system' || source.deletedAt) refuse('message.unknown', {});
  const origin = source.forwarded ?? { sender: source.sender, createdAt: source.createdAt };
  return { text: source.text, extra: { forwarded: origin }, files: (source.attachments ?? []).map(file => file.id) };
}

async function mustBeThere(db: Connection, actor: Actor, conversationId: Id, seq: number): Promise<void> {
  if (!(await standingIn(db, conversationId, actor.userId))) refuse('conversation.unknown', {});
  const message = await messageAt(db, conversationId, seq);
  if (!message || message.deletedAt || message.type === 'system') refuse('message.reply_unknown', {});
}

/** @throws {Refusal} message.empty, message.too_long, message.unstorable */
export function checkText(text: string, { textMaxChars }: Limits): void {
  const fault = textFault(text, textMaxChars);
  if (fault === 'empty') refuse('message.empty', {});
  if (fault === 'unstorable') refuse('message.unstorable', {});
  if (fault) refuse('message.too_long', { chars: fault.chars, maxChars: textMaxChars });
}

/** What a stored message carries beside its text; nothing that is not there. */
export const carried = ({ preview: _unwanted, ...extra }: Extra): Partial<Message> =>
  Object.fromEntries(Object.entries(extra).filter(([, value]) => value !== undefined));
