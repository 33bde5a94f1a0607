import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { type Act, type Id, type MemberRole, may, mayDo, memberRole } from '@carpenter/protocol';
import { house } from './house.ts';
import { account, type Person } from './people.ts';

const roles: readonly MemberRole[] = memberRole.options;
const acts = Object.keys(may).filter((key): key is Act => key in may);

interface Scene {
  readonly url: string;
  readonly owner: Person;
  readonly actor: Person;
  readonly room: Id;
  /** A message of the owner. */
  readonly seq: number;
  readonly guest: Person;
  readonly outsider: Person;
}
type Answered = { status: number; body: Record<string, unknown> };
const say = (person: Person, room: Id, text: string): Promise<Answered> =>
  person.http('POST', `/conversations/${room}/messages`, { clientId: randomUUID(), text });

/** How each act is done through the door. A new act fails until it stands here. */
const doing: { readonly [A in Act]: (scene: Scene) => Promise<Answered> } = {
  write: ({ actor, room }) => say(actor, room, 'words'),
  async 'write.restricted'({ owner, actor, room }) {
    await owner.http('PATCH', `/conversations/${room}`, { writers: 'moderators' });
    return say(actor, room, 'words');
  },
  async 'mention.all'({ actor, room }) {
    const { body } = await say(actor, room, '@all come here');
    const refusedIt = Array.isArray(body.notices) && body.notices.some(n => n.code === 'mention.not_allowed');
    return { status: refusedIt ? 403 : 200, body: refusedIt ? { code: 'member.not_allowed' } : body };
  },
  pin: ({ actor, room, seq }) => actor.http('PUT', `/conversations/${room}/messages/${seq}/pin`),
  add: ({ actor, room, outsider }) => actor.http('POST', `/conversations/${room}/members`, { userIds: [outsider.id] }),
  invite: ({ actor, room }) => actor.http('POST', '/invites', { conversationIds: [room], role: 'guest' }),
  rename: ({ actor, room }) => actor.http('PATCH', `/conversations/${room}`, { topic: 'something else' }),
  'delete.others': ({ actor, room, seq }) => actor.http('DELETE', `/conversations/${room}/messages/${seq}`),
  async moderate({ actor, guest, room, seq, owner }) {
    const told = await say(owner, room, 'bad words');
    assert.equal(told.status, 201);
    await guest.http('POST', `/conversations/${room}/messages/${seq}/report`, { reason: 'spam' });
    const { body } = await actor.http('GET', '/reports');
    // nobody judges what was said of themselves, so the owner looks at nothing here: a message of the guest is reported, too
    await say(guest, room, 'worse words');
    const { body: page } = await owner.http('GET', `/conversations/${room}/messages`);
    const last = Array.isArray(page.messages) ? page.messages.at(-1) : undefined;
    await owner.http('POST', `/conversations/${room}/messages/${last.seq}/report`, { reason: 'spam' });
    const { body: after } = await actor.http('GET', '/reports');
    const seen = Math.max(Number(body.open), Number(after.open)) > 0;
    return seen ? { status: 200, body } : { status: 403, body: { code: 'member.not_allowed' } };
  },
  remove: ({ actor, room, guest }) => actor.http('DELETE', `/conversations/${room}/members/${guest.id}`),
  appoint: ({ actor, room, guest }) =>
    actor.http('PATCH', `/conversations/${room}/members/${guest.id}`, { role: 'member' }),
  configure: ({ actor, room }) => actor.http('PATCH', `/conversations/${room}`, { visibility: 'public' }),
  archive: ({ actor, room }) => actor.http('PATCH', `/conversations/${room}`, { archived: true }),
  destroy: ({ actor, room }) => actor.http('DELETE', `/conversations/${room}`),
};

const names = { owner: 'other', admin: 'admin', moderator: 'moderator', member: 'member', guest: 'visitor' };

test('who may do what, through the door: each act by each role is done, or refused in the same words', async t => {
  const { url } = await house(t);
  const [owner, guest, ...others] = await Promise.all(
    ['first', 'guest', 'admin', 'moderator', 'member', 'visitor', 'other', 'outsider'].map(name => account(url, name)),
  );
  const outsider = others.at(-1);
  assert.ok(owner && guest && outsider);
  const named = new Map(others.map(person => [person.username, person]));
  const byRole = new Map(roles.map(role => [role, named.get(names[role])]));
  for (const act of acts) {
    for (const role of roles) {
      // a room of its own for each cell: what one does must not help or hinder the next
      const actor = byRole.get(role);
      assert.ok(actor);
      const memberIds = [...new Set([guest.id, actor.id])];
      const name = `${act} ${role}`;
      const begun: Answered = await owner.http('POST', '/conversations', {
        type: 'channel',
        visibility: 'private',
        name,
        memberIds,
      });
      assert.equal(begun.status, 201, JSON.stringify(begun.body));
      const { conversation } = begun.body;
      assert.ok(typeof conversation === 'object' && conversation && 'id' in conversation);
      const room = String(conversation.id);
      await owner.http('PATCH', `/conversations/${room}/members/${guest.id}`, { role: 'guest' });
      await owner.http('PATCH', `/conversations/${room}/members/${actor.id}`, { role });
      const { body } = await say(owner, room, 'words of the owner');
      const { message } = body;
      assert.ok(typeof message === 'object' && message && 'seq' in message);
      const scene: Scene = { url, owner, actor, room, seq: Number(message.seq), guest, outsider };
      const answered = await doing[act](scene);
      const cell = `${act} by ${role}: ${answered.status} ${JSON.stringify(answered.body).slice(0, 200)}`;
      if (mayDo(role, act)) assert.ok(answered.status < 300, cell);
      else
        assert.match(
          String(answered.body.code),
          /^(member\.not_allowed|conversation\.restricted|message\.not_yours)$/,
          cell,
        );
    }
  }
});
