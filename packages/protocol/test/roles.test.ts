import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Act, type MemberRole, may, mayAppoint, mayDo, mayInviteAs, mayRemove, memberRole } from '../src/index.ts';

/** The table as people read it: one line an act, one column a role. Written a second time, so that no cell changes by mistake. */
const table: Record<Act, string> = {
  //                  owner admin moderator member guest
  write: /*          */ 'yes yes yes yes yes',
  'write.restricted': 'yes yes yes no no',
  'mention.all': /*   */ 'yes yes yes yes no',
  pin: /*             */ 'yes yes yes yes no',
  add: /*             */ 'yes yes yes yes no',
  invite: /*          */ 'yes yes yes no no',
  rename: /*          */ 'yes yes yes no no',
  'delete.others': /* */ 'yes yes yes no no',
  moderate: /*        */ 'yes yes yes no no',
  remove: /*          */ 'yes yes yes no no',
  appoint: /*         */ 'yes yes no no no',
  configure: /*       */ 'yes yes no no no',
  archive: /*         */ 'yes yes no no no',
  destroy: /*         */ 'yes no no no no',
};
const roles: readonly MemberRole[] = memberRole.options;
const acts = Object.keys(may).filter((key): key is Act => key in may);

test('who may do what: every act for every role', () => {
  assert.deepEqual(roles, ['owner', 'admin', 'moderator', 'member', 'guest']);
  for (const act of acts) {
    assert.deepEqual(roles.map(role => (mayDo(role, act) ? 'yes' : 'no')).join(' '), table[act], act);
  }
  assert.deepEqual(Object.keys(table).sort(), acts.sort());
});

/** For each acting role, the roles it reaches. */
const reach = (may: (actor: MemberRole, target: MemberRole) => boolean) =>
  Object.fromEntries(roles.map(actor => [actor, roles.filter(target => may(actor, target)).join(' ')]));

test('nobody takes out somebody who stands above them', () => {
  assert.deepEqual(reach(mayRemove), {
    owner: 'owner admin moderator member guest',
    admin: 'admin moderator member guest',
    moderator: 'moderator member guest',
    member: '',
    guest: '',
  });
});

test('roles are given below one’s own, to people below oneself; owners give and take all', () => {
  for (const present of roles) {
    const given = reach((actor, next) => mayAppoint(actor, present, next));
    const below = present === 'owner' || present === 'admin' ? '' : 'moderator member guest';
    const all = 'owner admin moderator member guest';
    assert.deepEqual(given, { owner: all, admin: below, moderator: '', member: '', guest: '' }, present);
  }
});

test('a link gives no role above that of whoever makes it, and never ownership', () => {
  assert.deepEqual(reach(mayInviteAs), {
    owner: 'admin moderator member guest',
    admin: 'admin moderator member guest',
    moderator: 'moderator member guest',
    member: '',
    guest: '',
  });
});
