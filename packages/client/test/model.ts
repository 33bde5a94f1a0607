import {
  type Changes,
  type Conversation,
  fixed,
  type Head,
  type Id,
  type Message,
  type Mine,
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
  let saved = { rev, messages, metaRev, name };

  const conversation = (): Conversation => ({
    id: conversationId,
    type: 'group',
    name,
    memberCount: 2,
    createdBy: other,
    createdAt: time,
  });
  const unread = () => {
    const mark = unreadFrom === undefined ? readSeq : unreadFrom - 1;
    const behind = messages.filter(m => m.seq > mark && m.sender !== me && m.type === 'text' && !m.deletedAt);
    return Math.min(fixed.unreadMax, behind.length);
  };
  const mine = (): Mine => ({
    role: 'member',
    readSeq,
    deliveredSeq: readSeq,
    mentions: 0,
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
    mine,
    state: () => ({
      conversation: conversation(),
      lastSeq: messages.length,
      rev,
      ...(messages.length > 0 && { lastMessage: messages[messages.length - 1] as Message }),
      mine: mine(),
    }),
    send(sender: Id, type: 'text' | 'system' = 'text'): Durable {
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
        createdAt: time,
      };
      messages = [...messages, message];
      if (sender === me && type === 'text') readSeq = seq;
      return { type: 'message.created', conversationId, rev, message };
    },
    edit(seq: number): Durable | undefined {
      if (messages[seq - 1]?.deletedAt) return undefined;
      const message = change(seq, m => ({ ...m, text: `${m.text}+`, editedAt: time }));
      return message && { type: 'message.updated', conversationId, rev, message, change: 'edit' };
    },
    delete(seq: number): Durable | undefined {
      if (messages[seq - 1]?.deletedAt) return undefined;
      const message = change(seq, m => ({ ...m, text: '', deletedAt: time }));
      return message && { type: 'message.deleted', conversationId, rev, message };
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
      saved = { rev, messages, metaRev, name };
    },
    /** A backup is restored: numbers are given out again. */
    restore() {
      epoch++;
      ({ rev, messages, metaRev, name } = saved);
      readSeq = Math.min(readSeq, messages.length);
      if (unreadFrom !== undefined && unreadFrom > messages.length) unreadFrom = undefined;
    },
    page(before: number, limit: number): Message[] {
      return messages.slice(Math.max(0, before - 1 - limit), Math.max(0, before - 1));
    },
    head: (): Head => ({ conversationId, lastSeq: messages.length, rev, unread: unread(), mentions: 0, readSeq }),
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
        more,
        ...(reset && { reset }),
        ...((metaRev > since || reset) && { conversation: conversation() }),
        mine: mine(),
      };
    },
  };
}
