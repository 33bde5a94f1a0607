import { randomBytes } from 'node:crypto';
import {
  type FreshInvite,
  type Id,
  type Invite,
  id,
  type MemberRole,
  mayDo,
  mayInviteAs,
  Refusal,
  refuse,
} from '@carpenter/protocol';
import { z } from 'zod';
import type { Actor } from '../auth/actor.ts';
import { v7 } from '../ids.ts';
import { record } from '../store/audit.ts';
import { conversationById } from '../store/conversations.ts';
import { type Connection, transaction } from '../store/database.ts';
import {
  hasUsed,
  holdInvite,
  insertInvite,
  insertUse,
  inviteByCode,
  inviteById,
  invitesInto,
  withdrawInvite as withdraw,
} from '../store/invites.ts';
import { isMember, roleOf, rolesIn, standingIn, wasRemoved } from '../store/members.ts';
import { changeAs, tellChange } from './change-group.ts';
import type { Chat } from './chat.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { bringIn } from './members.ts';

const place = z.object({ before: id });

/** @throws {Refusal} conversation.unknown, member.not_allowed, cursor.invalid */
export async function listInvites(
  { store }: Chat,
  actor: Actor,
  { conversationId, limit, cursor }: { conversationId: Id; limit: number; cursor?: string | undefined },
): Promise<{ invites: Invite[]; next?: string }> {
  const role = await roleOf(store.db, conversationId, actor.userId);
  if (!role) refuse('conversation.unknown', {});
  if (!mayDo(role, 'invite')) refuse('member.not_allowed', {});
  const found = await invitesInto(store.db, conversationId, readCursor(cursor, place)?.before, limit + 1);
  const page = found.slice(0, limit);
  const roles = await rolesIn(store.db, [...new Set(page.flatMap(link => link.conversationIds))], actor.userId);
  const invites = page.map(link => asSeenBy(actor, roles, link));
  const last = invites.at(-1);
  return { invites, ...(found.length > limit && last && { next: writeCursor({ before: last.id }) }) };
}

/**
 * A link opens all that it leads to, to whoever holds it, as what it says: it is shown to whoever made it, and to those who could make
 * the same one. Others who may invite here see that there is such a link, and nothing of where else it leads.
 */
function asSeenBy({ userId }: Actor, roles: ReadonlyMap<Id, MemberRole>, { code, ...link }: FreshInvite): Invite {
  const theirs = link.conversationIds.every(id => {
    const role = roles.get(id);
    return role !== undefined && mayInviteAs(role, link.role);
  });
  if (theirs || link.createdBy === userId) return { ...link, code };
  return { ...link, conversationIds: link.conversationIds.filter(id => roles.has(id)) };
}

export interface InviteInput {
  readonly conversationIds: readonly Id[];
  readonly role: Invite['role'];
  readonly expiresInSeconds?: number | undefined;
  readonly maxUses?: number | undefined;
}

/** @throws {Refusal} conversation.unknown, conversation.is_direct, conversation.archived, member.not_allowed, rate.exceeded */
export async function createInvite(
  { store, allowances }: Chat,
  actor: Actor,
  input: InviteInput,
): Promise<FreshInvite> {
  const conversationIds = [...new Set(input.conversationIds)];
  await allowances.spend('invite', actor.userId, conversationIds.length);
  for (const conversationId of conversationIds) {
    const role = await roleOf(store.db, conversationId, actor.userId);
    const conversation = await conversationById(store.db, conversationId);
    if (!role || !conversation || conversation.type === 'thread') refuse('conversation.unknown', {});
    if (conversation.type === 'direct') refuse('conversation.is_direct', {});
    if (conversation.archivedAt) refuse('conversation.archived', {});
    if (!mayInviteAs(role, input.role)) refuse('member.not_allowed', {});
  }
  const code = randomBytes(16).toString('base64url');
  return transaction(store.db, async tx => {
    const invite = await insertInvite(tx, { ...input, conversationIds, id: v7(), code, createdBy: actor.userId });
    const { id: inviteId, role, expiresAt, maxUses } = invite;
    for (const conversationId of conversationIds) {
      await record(tx, 'invite.made', actor, { conversationId }, { inviteId, role, expiresAt, maxUses });
    }
    return invite;
  });
}

/** By whoever made it, or makes links for one of its conversations; `which`: its code or its id. @throws {Refusal} invite.unknown */
export async function withdrawInvite({ store }: Chat, actor: Actor, which: string): Promise<void> {
  const invite = id.safeParse(which).success ? await inviteById(store.db, which) : await inviteByCode(store.db, which);
  if (!invite) refuse('invite.unknown', {});
  const roles = await rolesIn(store.db, invite.conversationIds, actor.userId);
  const mine = invite.createdBy === actor.userId || [...roles.values()].some(role => mayDo(role, 'invite'));
  if (!mine) refuse('invite.unknown', {});
  await transaction(store.db, async tx => {
    if (!(await withdraw(tx, invite.id))) return; // it was before
    for (const conversationId of invite.conversationIds) {
      await record(tx, 'invite.withdrawn', actor, { conversationId }, { inviteId: invite.id });
    }
  });
}

/**
 * An invite that still opens: a link is worth no more than whoever made it is where it leads.
 * @param userId  to this person: it is not used up for whoever used it
 * @throws {Refusal} invite.unknown, invite.expired, invite.used_up, invite.withdrawn
 */
export async function openInvite({ store }: Pick<Chat, 'store'>, code: string, userId?: Id): Promise<FreshInvite> {
  const invite = await inviteByCode(store.db, code);
  if (!invite) refuse('invite.unknown', {});
  checkOpen(invite, userId !== undefined && (await hasUsed(store.db, invite.id, userId)));
  const standings = await Promise.all(invite.conversationIds.map(c => standingIn(store.db, c, invite.createdBy)));
  const leads = standings.some(there => there && !there.archived && mayInviteAs(there.role, invite.role));
  if (!leads) refuse('invite.withdrawn', {});
  return invite;
}

function checkOpen({ withdrawnAt, expiresAt, maxUses, uses }: Invite, used: boolean): void {
  if (withdrawnAt) refuse('invite.withdrawn', {});
  if (expiresAt !== undefined && Date.parse(expiresAt) <= Date.now())
    refuse('invite.expired', { expiredAt: expiresAt });
  if (!used && maxUses !== undefined && uses >= maxUses) refuse('invite.used_up', {});
}

/**
 * One use is one person, in the transaction that makes their account or brings them in: what is not done uses nothing up.
 * @throws {Refusal} invite.unknown, invite.expired, invite.used_up, invite.withdrawn
 */
export async function takeUse(tx: Connection, inviteId: Id, userId: Id): Promise<void> {
  const invite = await holdInvite(tx, inviteId);
  if (!invite) refuse('invite.unknown', {});
  const used = await hasUsed(tx, inviteId, userId);
  checkOpen(invite, used);
  if (!used) await insertUse(tx, inviteId, userId);
}

/**
 * Comes into the conversations of an invite. Who comes into none uses nothing up, and who used it may come again.
 * @returns where it leads
 * @throws {Refusal} invite.*, conversation.full, storage_unavailable: then they may be in some of them
 */
export async function acceptInvite(chat: Chat, actor: Actor, code: string): Promise<Id[]> {
  const known = await inviteByCode(chat.store.db, code);
  const ids = known?.conversationIds ?? [];
  const inAlready = await Promise.all(ids.map(c => isMember(chat.store.db, c, actor.userId)));
  if (known && inAlready.every(Boolean)) return ids;
  return comeIn(chat, actor, await openInvite(chat, code, actor.userId));
}

/**
 * Into each conversation that its maker could still invite to: a link is worth no more than they are. Who was removed comes back by
 * no link that was made before.
 * @returns where they are now
 * @throws {Refusal} where it leads into none: conversation.full, conversation.too_many, invite.*; storage_unavailable
 */
export async function comeIn(chat: Chat, actor: Pick<Actor, 'userId' | 'address'>, invite: Invite): Promise<Id[]> {
  const into: Id[] = [];
  let why: Refusal | undefined;
  for (const conversationId of invite.conversationIds) {
    try {
      const done = await changeAs(
        chat,
        actor,
        conversationId,
        (group, role) => {
          if (group.archivedAt) refuse('invite.withdrawn', {});
          return role;
        },
        async (tx, group, role) => {
          if (role) return false;
          const maker = await roleOf(tx, conversationId, invite.createdBy);
          if (!maker || !mayInviteAs(maker, invite.role)) refuse('invite.withdrawn', {});
          if (await wasRemoved(tx, conversationId, actor.userId, invite.createdAt)) refuse('invite.removed', {});
          const { id: inviteId, role: as } = invite;
          await takeUse(tx, inviteId, actor.userId);
          await record(tx, 'invite.used', actor, { userId: actor.userId, conversationId }, { inviteId, role: as });
          return bringIn(chat, tx, actor, group, new Map([[actor.userId, as]]));
        },
      );
      tellChange(chat.bus, done);
      into.push(conversationId);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status >= 500) throw error;
      if (saysWhy.has(error.code)) why = error;
    }
  }
  if (into.length === 0) throw why ?? refuse('invite.withdrawn', {});
  return into;
}

/** Of other refusals whoever comes by a link learns only that it does not lead there. */
const saysWhy: ReadonlySet<string> = new Set([
  'conversation.full',
  'conversation.too_many',
  'invite.removed',
  'invite.expired',
  'invite.used_up',
]);
