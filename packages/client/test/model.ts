import {
  type Changes,
  type Conversation,
  fixed,
  type Head,
  type Id,
  type Mention,
  type Message,
  type MessagePage,
  type Mine,
  type Owns,
} from '@carpenter/protocol';
import type { Durable } from '../src/sync/room.ts';

const uuid = (n: number): Id => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const me = uuid(1);
export const other = uuid(2);
const conversationId = uuid(3);
const time = '2026-11-24T09:26:00.000Z';
let ids = 100;

/** What the server would hold of one conversation, and what it would answer: the measure of the client's state. */
export function model() {
  let epoch = 1;
  let rev = 0;
  let messages: Message[] = [];
  let metaRev = 0;
  let name = 'Kitchen';
  let readSeq = 0;
  let unreadFrom: number | undefined;
  /** Where I have reacted. */
  let reacted: ReadonlySet<number> = new Set();
  let saved = { rev, messages, metaRev, name, reacted };

  const conversation = (): Conversation => ({
    id: conversationId,
    type: 'group',
    name,
    memberCount: 2,
    createdBy: other,
    createdAt: time,
  });
  const behind = () => {
    const mark = unreadFrom === undefined ? readSeq : unreadFrom - 1;
    return messages.filter(m => m.seq > mark && m.sender !== me && m.type === 'text' && !m.deletedAt);
  };
  const unread = () => Math.min(fixed.unreadMax, behind().length);
  const mentions = () => Math.min(fixed.unreadMax, behind().filter(m => m.mentions).length);
  const ownAt = (rows: readonly Message[]): Owns =>
    Object.fromEntries(rows.filter(m => reacted.has(m.seq)).map(m => [m.seq, { emoji: ['👍'] }]));
  const mine = (): Mine => ({
    role: 'member',
    readSeq,
    deliveredSeq: readSeq,
    mentions: mentions(),
    ...(unreadFrom !== undefined && { unreadFrom }),
    unread: unread(),
  });
  const change = (seq: number, how: (message: Message) => Message): Message | undefined => {
    const found = messages[seq - 1];
    if (!found) return undefined;
    const changed = { ...how(found), rev: ++rev };
    messages = messages.with(seq - 1, changed);
    return changed;
  };

  return {
    me,
    messages: () => messages,
    rev: () => rev,
    lastSeq: () => messages.length,
    epoch: () => epoch,
    unread,
    mentions,
    ownAt,
    mine,
    state: () => ({
      conversation: conversation(),
      lastSeq: messages.length,
      rev,
      ...(messages.length > 0 && { lastMessage: messages[messages.length - 1] as Message }),
      mine: mine(),
    }),
    send(sender: Id, type: 'text' | 'system' = 'text', mentions?: Mention[]): Durable {
      rev++;
      const seq = messages.length + 1;
      const n = ids++;
      const message: Message = {
        id: uuid(n),
        clientId: uuid(n),
        conversationId,
        seq,
        rev,
        sender,
        type,
        text: `${seq}`,
        ...(mentions && { mentions }),
        createdAt: time,
      };
      messages = [...messages, message];
      if (sender === me && type === 'text') readSeq = seq;
      return { type: 'message.created', conversationId, rev, message };
    },
    edit(seq: number): Durable | undefined {
      if (messages[seq - 1]?.deletedAt) return undefined;
      const message = change(seq, ({ mentions, ...m }) => ({
        ...m,
        text: `${m.text}+`,
        ...(!mentions && m.type === 'text' && { mentions: ['all'] }), // each edit names somebody, or no longer does
        editedAt: time,
      }));
      return message && { type: 'message.updated', conversationId, rev, message, change: 'edit' };
    },
    delete(seq: number): Durable | undefined {
      if (messages[seq - 1]?.deletedAt) return undefined;
      reacted = new Set([...reacted].filter(other => other !== seq));
      const message = change(seq, ({ mentions: _, ...m }) => ({ ...m, text: '', deletedAt: time }));
      return message && { type: 'message.deleted', conversationId, rev, message };
    },
    /** My reaction comes and goes, from another device of mine. */
    react(seq: number): Durable | undefined {
      if (!messages[seq - 1] || messages[seq - 1]?.deletedAt) return undefined;
      const added = !reacted.has(seq);
      reacted = new Set(added ? [...reacted, seq] : [...reacted].filter(at => at !== seq));
      const message = change(seq, m => m);
      const reaction = { userId: me, emoji: '👍', added };
      return message && { type: 'message.updated', conversationId, rev, message, change: 'reaction', reaction };
    },
    rename(): Durable {
      rev++;
      metaRev = rev;
      name = `Kitchen ${rev}`;
      return { type: 'conversation.updated', conversationId, rev, conversation: conversation() };
    },
    read(seq: number) {
      readSeq = Math.max(readSeq, Math.min(seq, messages.length));
      if (unreadFrom !== undefined && seq >= unreadFrom) unreadFrom = undefined;
      return { userId: me, readSeq, deliveredSeq: readSeq, ...(unreadFrom !== undefined && { unreadFrom }) };
    },
    unreadFrom(seq: number) {
      if (seq <= messages.length) unreadFrom = seq;
      return { userId: me, readSeq, deliveredSeq: readSeq, ...(unreadFrom !== undefined && { unreadFrom }) };
    },
    save() {
      saved = { rev, messages, metaRev, name, reacted };
    },
    /** A backup is restored: numbers are given out again. */
    restore() {
      epoch++;
      ({ rev, messages, metaRev, name, reacted } = saved);
      readSeq = Math.min(readSeq, messages.length);
      if (unreadFrom !== undefined && unreadFrom > messages.length) unreadFrom = undefined;
    },
    page(before: number, limit: number): MessagePage {
      const rows = messages.slice(Math.max(0, before - 1 - limit), Math.max(0, before - 1));
      return { messages: rows, hasBefore: false, hasAfter: false, own: ownAt(rows) };
    },
    head: (): Head => ({
      conversationId,
      lastSeq: messages.length,
      rev,
      unread: unread(),
      mentions: mentions(),
      readSeq,
    }),
    changes(since: number, limit: number, gap: number): Changes {
      const changed = messages.filter(m => m.rev > since).sort((a, b) => a.rev - b.rev);
      const reset = since > rev || changed.length > gap;
      const rows = reset ? messages.slice(-limit) : changed.slice(0, limit);
      const more = !reset && changed.length > limit;
      return {
        conversationId,
        epoch: String(epoch),
        rev: more ? (rows.at(-1)?.rev ?? rev) : rev,
        lastSeq: messages.length,
        messages: rows,
        own: ownAt(rows),
        more,
        ...(reset && { reset }),
        ...((metaRev > since || reset) && { conversation: conversation() }),
        mine: mine(),
      };
    },
  };
}
