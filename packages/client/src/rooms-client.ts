import type {
  Conversation,
  FoundChannel,
  FreshInvite,
  Id,
  Invite,
  MemberRole,
  Report,
  ReportOutcome,
  ReportReason,
  Seq,
  Visibility,
} from '@carpenter/protocol';
import type { Account } from './account.ts';
import { createInTurn } from './in-turn.ts';
import type { Answer, Input } from './routes.ts';
import type { Session } from './session.ts';
import { applySettings } from './sync/room.ts';
import { patched, type SettingsPatch, settingsOf, withSettings } from './sync/settings.ts';

/** What one does with conversations as a whole. */
export interface RoomsClient {
  /** The one that exists, or a new one. Resolves with its id once it is in the list. */
  beginDirect(userId: Id): Promise<Id>;
  beginGroup(name: string, memberIds: readonly Id[]): Promise<Id>;
  beginChannel(channel: {
    name: string;
    topic?: string;
    visibility: Visibility;
    memberIds?: readonly Id[];
  }): Promise<Id>;
  /** Public channels by name, a page at a time. */
  channels(q: string, cursor?: string): Promise<{ channels: readonly FoundChannel[]; next?: string | undefined }>;
  /** Resolves once it is in the list. */
  join(conversationId: Id): Promise<void>;
  update(
    conversationId: Id,
    patch: {
      name?: string;
      topic?: string;
      visibility?: Visibility;
      writers?: 'everybody' | 'moderators';
      archived?: boolean;
    },
  ): Promise<void>;
  /** Shown at once, undone where it is refused; the same on all my devices. */
  updateMine(conversationId: Id, patch: SettingsPatch): Promise<void>;
  addMembers(conversationId: Id, userIds: readonly Id[]): Promise<void>;
  removeMember(conversationId: Id, userId: Id): Promise<void>;
  setMemberRole(conversationId: Id, userId: Id, role: MemberRole): Promise<void>;
  leave(conversationId: Id): Promise<void>;
  /** For everybody, with all that is in it. */
  deleteConversation(conversationId: Id): Promise<void>;

  /** What a conversation or a thread is, to name it without opening it. @throws {ClientError} conversation.unknown */
  about(conversationId: Id): Promise<Conversation>;
  /** The 50 latest. */
  invites(conversationId: Id): Promise<readonly Invite[]>;
  createInvite(invite: {
    conversationIds: readonly Id[];
    role: Invite['role'];
    expiresInSeconds?: number;
    maxUses?: number;
  }): Promise<FreshInvite>;
  /** @param which its code or its id */
  withdrawInvite(which: string): Promise<void>;
  /** Needs no account. */
  readInvite(code: string): Promise<{ guest: boolean; expiresAt?: string | undefined }>;
  /** @returns where it leads */
  acceptInvite(code: string): Promise<readonly Id[]>;

  block(userId: Id): Promise<void>;
  unblock(userId: Id): Promise<void>;
  report(conversationId: Id, seq: Seq, reason: ReportReason, text?: string): Promise<void>;
  /** Latest first; `open`: how many wait, up to 100. */
  reports(
    state: 'open' | 'resolved',
    cursor?: string,
  ): Promise<{ reports: readonly Report[]; open: number; next?: string | undefined }>;
  resolveReport(reportId: Id, outcome: ReportOutcome): Promise<Report>;
}

/** What one does with conversations as a whole: begin, find, join, keep, invite to, and moderate them. */
export function roomsClient(session: Session, account: () => Account | undefined): RoomsClient {
  const { ask } = session;

  const inTurn = createInTurn();

  const began = async (body: Input<'createConversation'>['body']): Promise<Id> =>
    takeIn(await ask('createConversation', { body }));
  /** In the list at once; the event that says the same may come later. */
  function takeIn(detail: Answer<'createConversation'>): Id {
    const mine = account();
    mine?.people.know(detail.users);
    mine?.people.present(detail.presence);
    mine?.rooms.add(detail);
    return detail.conversation.id;
  }

  return {
    beginDirect: userId => began({ type: 'direct', userId }),
    beginGroup: (name, memberIds) => began({ type: 'group', name, memberIds: [...memberIds] }),
    beginChannel: ({ memberIds = [], ...channel }) => began({ type: 'channel', ...channel, memberIds: [...memberIds] }),
    channels: (q, cursor) => ask('channels', { query: { q, cursor, limit: 50 } }),
    async join(id) {
      takeIn(await ask('join', { params: { id } }));
    },
    async update(id, patch) {
      await ask('updateConversation', { params: { id }, body: patch });
    },
    async updateMine(id, patch) {
      const rooms = account()?.rooms;
      const before = rooms?.get(id)?.mine;
      if (before) {
        const guess = patched(settingsOf(before), patch);
        rooms?.change(id, room => ({ ...room, mine: withSettings(room.mine, guess) }));
      }
      try {
        const { keywords, ...rest } = patch;
        const body = { ...rest, ...(keywords !== undefined && { keywords: keywords && [...keywords] }) };
        const settings = await inTurn(`settings ${id}`, () => ask('updateMine', { params: { id }, body }));
        rooms?.change(id, room => applySettings(room, settings));
      } catch (error) {
        if (before) {
          rooms?.change(id, room => ({ ...room, mine: withSettings(room.mine, settingsOf(before)) }));
        }
        throw error;
      }
    },
    async addMembers(id, userIds) {
      await ask('addMembers', { params: { id }, body: { userIds: [...userIds] } });
    },
    async removeMember(id, userId) {
      await ask('removeMember', { params: { id, userId } });
    },
    async setMemberRole(id, userId, role) {
      await ask('updateMember', { params: { id, userId }, body: { role } });
    },
    async leave(id) {
      await ask('leave', { params: { id } });
      account()?.rooms.gone(id);
    },
    async deleteConversation(id) {
      await ask('deleteConversation', { params: { id } });
      account()?.rooms.gone(id);
    },

    about: async id =>
      account()?.rooms.get(id)?.conversation ?? (await ask('conversation', { params: { id } })).conversation,
    async invites(conversationId) {
      const { invites } = await ask('invites', { query: { conversationId, limit: 50 } });
      return invites;
    },
    createInvite: ({ conversationIds, ...rest }) =>
      ask('createInvite', { body: { ...rest, conversationIds: [...conversationIds] } }),
    async withdrawInvite(which) {
      await ask('withdrawInvite', { params: { code: which } });
    },
    readInvite: code => session.open('readInvite', { params: { code } }),
    acceptInvite: async code => (await ask('acceptInvite', { params: { code } })).conversationIds,

    async block(id) {
      await inTurn(`block ${id}`, () => ask('block', { params: { id } }));
      account()?.block(id, true);
    },
    async unblock(id) {
      await inTurn(`block ${id}`, () => ask('unblock', { params: { id } }));
      account()?.block(id, false);
    },
    async report(id, seq, reason, text = '') {
      await ask('reportMessage', { params: { id, seq }, body: { reason, text } });
    },
    async reports(state, cursor) {
      const page = await ask('reports', { query: { state, cursor, limit: 50 } });
      account()?.people.know(page.users);
      return page;
    },
    resolveReport: (id, outcome) => ask('resolveReport', { params: { id }, body: { outcome } }),
  };
}
