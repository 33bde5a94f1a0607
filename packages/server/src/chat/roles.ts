import type { MemberRole } from '@carpenter/protocol';

/** Who may do what in a group. Direct conversations have no such acts. */
const may = {
  add: ['owner', 'admin', 'member'],
  rename: ['owner', 'admin'],
  remove: ['owner', 'admin'],
  appoint: ['owner'],
} as const satisfies Record<string, readonly MemberRole[]>;

export type Act = keyof typeof may;

export const mayDo = (role: MemberRole, act: Act): boolean => {
  const roles: readonly MemberRole[] = may[act];
  return roles.includes(role);
};

const rank: Record<MemberRole, number> = { member: 0, admin: 1, owner: 2 };
/** Nobody takes out somebody who stands above them. */
export const mayRemove = (actor: MemberRole, target: MemberRole): boolean =>
  mayDo(actor, 'remove') && rank[actor] >= rank[target];
