import { z } from 'zod';

/** What somebody is in one conversation, from the one who stands above all down to a visitor. */
export const memberRole = z.enum(['owner', 'admin', 'moderator', 'member', 'guest']);
export type MemberRole = z.infer<typeof memberRole>;

/**
 * Who may do what in a conversation: the one table. Whatever is not in it (reading, reacting, leaving, what is one's own) every
 * member may. In direct conversations and threads that have no roles of their own everybody counts as `member`.
 */
export const may = {
  /** Write, where writing is not restricted. */
  write: ['owner', 'admin', 'moderator', 'member', 'guest'],
  /** Write where `writers` is `moderators`. */
  'write.restricted': ['owner', 'admin', 'moderator'],
  /** `@here` and `@all` reach people. */
  'mention.all': ['owner', 'admin', 'moderator', 'member'],
  pin: ['owner', 'admin', 'moderator', 'member'],
  /** Bring in people who have an account. */
  add: ['owner', 'admin', 'moderator', 'member'],
  /** Make, see and withdraw invite links. */
  invite: ['owner', 'admin', 'moderator'],
  /** Change name, topic and picture. */
  rename: ['owner', 'admin', 'moderator'],
  /** Delete messages of others. */
  'delete.others': ['owner', 'admin', 'moderator'],
  /** See and settle reports. */
  moderate: ['owner', 'admin', 'moderator'],
  /** Take people out; nobody takes out somebody above them. */
  remove: ['owner', 'admin', 'moderator'],
  /** Give roles, below one's own and to people below oneself; owners give and take all. */
  appoint: ['owner', 'admin'],
  /** Decide who writes, and who finds a channel. */
  configure: ['owner', 'admin'],
  /** Make it read-only, and open it again. */
  archive: ['owner', 'admin'],
  /** Delete the conversation with all that is in it. */
  destroy: ['owner'],
} as const satisfies Record<string, readonly MemberRole[]>;

export type Act = keyof typeof may;

export function mayDo(role: MemberRole, act: Act): boolean {
  const roles: readonly MemberRole[] = may[act];
  return roles.includes(role);
}

const rank: Record<MemberRole, number> = { guest: 0, member: 1, moderator: 2, admin: 3, owner: 4 };

/** Nobody takes out somebody who stands above them. */
export const mayRemove = (actor: MemberRole, target: MemberRole): boolean =>
  mayDo(actor, 'remove') && rank[actor] >= rank[target];

/** Whether `actor` may make somebody who is `present` a `next`. */
export const mayAppoint = (actor: MemberRole, present: MemberRole, next: MemberRole): boolean =>
  actor === 'owner' || (mayDo(actor, 'appoint') && rank[present] < rank[actor] && rank[next] < rank[actor]);

/** Roles that `actor` may give to those who come by invitation: none above their own, and ownership is never in a link. */
export const mayInviteAs = (actor: MemberRole, as: MemberRole): boolean =>
  as !== 'owner' && mayDo(actor, 'invite') && rank[as] <= rank[actor];
