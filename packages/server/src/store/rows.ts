import type {
  Conversation,
  ConversationType,
  Id,
  Member,
  MemberRole,
  Message,
  MySettings,
  NotifyLevel,
  Receipt,
  Visibility,
} from '@carpenter/protocol';

/** A time as the driver gives it (Date) or as JSON made by PostgreSQL gives it (string). */
export type Time = Date | string;
export const iso = (time: Time): string => new Date(time).toISOString();
/** SQL: a time with microseconds, which a page goes on behind. */
export const placeOf = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
/** What somebody looks for by LIKE, with every sign standing for itself. */
export const literal = (words: string): string => words.replace(/[\\%_]/g, '\\$&');

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
  reply_to: number | null;
  mentions: Message['mentions'] | null;
  attachments: Message['attachments'] | null;
  forwarded: Message['forwarded'] | null;
  poll: Message['poll'] | null;
  reactions: Message['reactions'] | null;
  pinned_at: Time | null;
  pinned_by: Id | null;
  thread: Message['thread'] | null;
  from_thread: Message['fromThread'] | null;
  /** `false`: its sender wants none. */
  preview: Message['preview'] | false | null;
}
export const messageColumns =
  'conversation_id, seq, rev, id, client_id, sender_id, type, text, system, metadata, sent_at, created_at, edited_at, deleted_at, ' +
  'reply_to, mentions, attachments, forwarded, poll, reactions, pinned_at, pinned_by, thread, from_thread, preview';

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
    ...(row.reply_to !== null && { replyTo: row.reply_to }),
    ...(row.mentions && { mentions: row.mentions }),
    ...(row.attachments && { attachments: row.attachments }),
    ...(row.forwarded && { forwarded: row.forwarded }),
    ...(row.poll && { poll: row.poll }),
    ...(row.reactions && { reactions: row.reactions }),
    ...(row.pinned_at && { pinnedAt: iso(row.pinned_at) }),
    ...(row.pinned_by && { pinnedBy: row.pinned_by }),
    ...(row.thread && { thread: row.thread }),
    ...(row.from_thread && { fromThread: row.from_thread }),
    ...(row.preview && { preview: row.preview }),
    ...(row.sent_at && { sentAt: iso(row.sent_at) }),
    createdAt: iso(row.created_at),
    ...(row.edited_at && { editedAt: iso(row.edited_at) }),
    ...(row.deleted_at && { deletedAt: iso(row.deleted_at) }),
    ...(row.metadata && { metadata: row.metadata }),
  };
}

export interface ConversationRow {
  id: Id;
  type: ConversationType;
  name: string | null;
  topic: string | null;
  picture_id: Id | null;
  direct_key: string | null;
  parent_id: Id | null;
  parent_seq: number | null;
  visibility: Visibility | null;
  writers: 'moderators' | null;
  everybody: boolean;
  archived_at: Time | null;
  member_count: number;
  created_by: Id;
  created_at: Time;
}
export const conversationColumns =
  'c.id, c.type, c.name, c.topic, c.picture_id, c.direct_key, c.parent_id, c.parent_seq, c.visibility, c.writers, c.everybody, c.archived_at, ' +
  'c.member_count, c.created_by, c.created_at';

export function toConversation(row: ConversationRow): Conversation {
  return {
    id: row.id,
    type: row.type,
    ...(row.name !== null && { name: row.name }),
    ...(row.topic && { topic: row.topic }),
    ...(row.picture_id && { pictureId: row.picture_id }),
    ...(row.direct_key !== null && { memberIds: row.direct_key.split(':') }),
    ...(row.parent_id && row.parent_seq && { parent: { conversationId: row.parent_id, seq: row.parent_seq } }),
    ...(row.visibility && { visibility: row.visibility }),
    ...(row.writers && { writers: row.writers }),
    ...(row.everybody && { everybody: true }),
    ...(row.archived_at && { archivedAt: iso(row.archived_at) }),
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

export interface SettingsRow {
  notify: NotifyLevel | null;
  muted_until: Time | null;
  keywords: string[] | null;
  pinned: number | null;
  archived: boolean;
  folder: string | null;
  settings_rev: number;
}
/** Of `members`, under the alias the caller gives. */
export const settingsColumns = (m: string): string =>
  `${m}.notify, ${m}.muted_until, ${m}.keywords, ${m}.pinned, ${m}.archived, ${m}.folder, ${m}.settings_rev`;

export const toSettings = (row: SettingsRow): MySettings => ({
  ...(row.notify && { notify: row.notify }),
  ...(row.muted_until && { mutedUntil: iso(row.muted_until) }),
  ...(row.keywords && { keywords: row.keywords }),
  ...(row.pinned !== null && { pinned: row.pinned }),
  ...(row.archived && { archived: true }),
  ...(row.folder !== null && { folder: row.folder }),
  ...(row.settings_rev > 0 && { settingsRev: row.settings_rev }),
});

/** The one row that a statement must have given. */
export function only<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('a statement that always gives a row gave none');
  return row;
}
