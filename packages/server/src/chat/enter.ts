import { type Id, type Me, Refusal, type Registered, refuse, worthRetrying } from '@carpenter/protocol';
import type { Logger } from 'pino';
import type { Registration } from '../auth/auth.ts';
import type { Config } from '../config.ts';
import { asRefusal } from '../faults.ts';
import { conversationsOfEverybody } from '../store/conversations.ts';
import { wasRemoved } from '../store/members.ts';
import { needsWelcome, setWelcomed, unwelcomed } from '../store/users.ts';
import { insertRoom } from './begin.ts';
import { changeAs, tellChange } from './change-group.ts';
import type { Chat } from './chat.ts';
import { comeIn, openInvite, takeUse } from './invites.ts';
import { bringIn } from './members.ts';

type NewHere = Pick<Registration, 'guest' | 'alongside'>;
type House = Pick<Config, 'registration' | 'generalChannel'>;

/**
 * Somebody makes an account: openly, or by an invite link, which leads them into its conversations.
 * @param first  nobody has an account yet: then no invite is needed
 * @returns `failure`: why the link led nowhere yet. It is theirs, whoever else comes: they may go through it again
 * @throws {Refusal} account.registration_closed, invite.*, what `makeAccount` throws
 */
export async function enter<G extends { readonly user: Me }>(
  chat: Chat,
  house: House,
  { invite, first }: { readonly invite: string | undefined; readonly first: boolean },
  makeAccount: (as: NewHere) => Promise<G>,
): Promise<G & { failure?: Registered['failure'] }> {
  if (invite === undefined) {
    if (house.registration === 'invite' && !first) refuse('account.registration_closed', {});
    return makeAccount({ guest: false });
  }
  const link = await openInvite(chat, invite);
  const grant = await makeAccount({ guest: link.role === 'guest', alongside: (tx, me) => takeUse(tx, link.id, me.id) });
  try {
    await comeIn(chat, { userId: grant.user.id }, link);
    return grant;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...grant, failure: { code: error.code, message: error.message } };
  }
}

/**
 * Whoever is new comes into the conversations of everybody; whoever owns the server makes the first of them. Done once per account,
 * at the next login where it could not be done at once: the account and the login of now are made already, and stand.
 */
export async function welcome(chat: Chat, house: House, me: Me, log: Logger): Promise<void> {
  try {
    await bringToEverybody(chat, house, me);
  } catch (error) {
    const { code } = asRefusal(error, log);
    log.warn(
      { userId: me.id, code },
      'somebody new did not come into all conversations of everybody; tried again at their next login',
    );
  }
}

async function bringToEverybody(chat: Chat, { generalChannel }: House, { id: userId, role }: Me): Promise<void> {
  const { db } = chat.store;
  if (!(await needsWelcome(db, userId))) return;
  const there = await conversationsOfEverybody(db);
  if (there.length === 0 && role === 'owner' && generalChannel !== undefined) {
    return makeGeneral(chat, userId, generalChannel).catch(unlessForGood);
  }
  const failures: unknown[] = [];
  for (const id of there) {
    await join(chat, userId, id)
      .catch(unlessForGood)
      .catch(error => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
  if (there.length > 0) await setWelcomed(db, [userId]);
}

/** With everybody in it who came before it: two can register at the same moment. */
async function makeGeneral(chat: Chat, ownerId: Id, name: string): Promise<void> {
  const early = await unwelcomed(chat.store.db, chat.limits.groupMaxMembers);
  const members = new Map([...early.map(id => [id, 'member'] as const), [ownerId, 'owner'] as const]);
  await insertRoom(
    chat,
    { userId: ownerId },
    { type: 'channel', visibility: 'public', everybody: true, name, members },
  );
  await setWelcomed(chat.store.db, [...members.keys()]);
}

async function join(chat: Chat, userId: Id, conversationId: Id): Promise<void> {
  const judge = () => undefined;
  const done = await changeAs(chat, { userId }, conversationId, judge, async (tx, group) => {
    if (await wasRemoved(tx, conversationId, userId)) return false; // added by hand before, and taken out
    return bringIn(chat, tx, { userId }, group, new Map([[userId, 'member']]));
  });
  tellChange(chat.bus, done);
}

/** A refusal that would be the same at the next login. */
function unlessForGood(error: unknown): void {
  if (!(error instanceof Refusal) || worthRetrying(error.code)) throw error;
}
