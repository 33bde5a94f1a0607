import type { Conversation, Id, Member, MemberRole, Message, Receipt } from '@carpenter/protocol';

/** A time as the driver gives it (Date) or as JSON made by PostgreSQL gives it (string). */
export type Time = Date | string;
export const iso = (time: Time): string => new Date(time).toISOString();

export interface MessageRow {
  conversation_id: Id;
  seq: number;
  rev: number;
  id: Id;
  client_id: Id;
  sender_id: Id;
  type: 'text' | 'system';
  text: string;
  system: NonNullable<Message['system']> | null;
  metadata: NonNullable<Message['metadata']> | null;
  sent_at: Time | null;
  created_at: Time;
  edited_at: Time | null;
  deleted_at: Time | null;
}
export const messageColumns =
  'conversation_id, seq, rev, id, client_id, sender_id, type, text, system, metadata, sent_at, created_at, edited_at, deleted_at';

/** Empty fields are left out: frames stay small. */
export function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    clientId: row.client_id,
    conversationId: row.conversation_id,
    seq: row.seq,
    rev: row.rev,
    sender: row.sender_id,
    type: row.type,
    text: row.text,
    ...(row.system && { system: row.system }),
    ...(row.sent_at && { sentAt: iso(row.sent_at) }),
    createdAt: iso(row.created_at),
    ...(row.edited_at && { editedAt: iso(row.edited_at) }),
    ...(row.deleted_at && { deletedAt: iso(row.deleted_at) }),
    ...(row.metadata && { metadata: row.metadata }),
  };
}

export interface ConversationRow {
  id: Id;
  type: 'direct' | 'group';
  name: string | null;
  topic: string | null;
  direct_key: string | null;
  member_count: number;
  created_by: Id;
  created_at: Time;
}
export const conversationColumns =
  'c.id, c.type, c.name, c.topic, c.direct_key, c.member_count, c.created_by, c.created_at';

export function toConversation(row: ConversationRow): Conversation {
  return {
    id: row.id,
    type: row.type,
    ...(row.name !== null && { name: row.name }),
    ...(row.topic && { topic: row.topic }),
    ...(row.direct_key !== null && { memberIds: row.direct_key.split(':') }),
    memberCount: row.member_count,
    createdBy: row.created_by,
    createdAt: iso(row.created_at),
  };
}

export interface MemberRow {
  user_id: Id;
  role: MemberRole;
  joined_at: Time;
  read_seq: number;
  delivered_seq: number;
}
export const toMember = (row: MemberRow): Member => ({
  ...toReceipt(row),
  role: row.role,
  joinedAt: iso(row.joined_at),
});
export const toReceipt = (row: Pick<MemberRow, 'user_id' | 'read_seq' | 'delivered_seq'>): Receipt => ({
  userId: row.user_id,
  deliveredSeq: row.delivered_seq,
  readSeq: row.read_seq,
});

/** The one row that a statement must have given. */
export function only<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('a statement that always gives a row gave none');
  return row;
}
