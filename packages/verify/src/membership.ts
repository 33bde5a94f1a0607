import { api, type Id, type Message } from '@carpenter/protocol';
import { backoff, pause } from './clients/pause.ts';
import { askSurely, Refused, type Session } from './clients/session.ts';
import type { Recording } from './world/types.ts';

/** Who is where, by what those who changed it were answered. */
export interface Membership {
  /** False only where it is certain that they are out. */
  mayBeIn(conv: Id, user: Id): boolean;
  /** Certain: nobody is taking them out or bringing them in at this moment. */
  isIn(conv: Id, user: Id): boolean;
  /** @param t  when it was asked for: from then on they may hear of it */
  begin(conv: Id, users: readonly Id[], rev: number, t: number): void;
  /** Takes somebody out, or brings them in, as the owner; tries until it is answered for good, and the log tells of it. */
  change(owner: Session, conv: Id, user: Id, is: 'in' | 'out'): Promise<void>;
}

export function createMembership(
  url: string,
  record: Recording,
  signal: AbortSignal,
  chance: () => number,
): Membership {
  const where = new Map<string, 'in' | 'out' | 'changing'>();
  /** The newest line of the log that was understood, for each conversation. */
  const readTo = new Map<Id, number>();
  const known = new Set<Id>();
  const key = (conv: Id, user: Id) => `${conv} ${user}`;
  const mayBeIn = (conv: Id, user: Id) => !known.has(conv) || (where.get(key(conv, user)) ?? 'out') !== 'out';

  const asking = { url, signal, chance };

  /**
   * The log tells of comings and goings in a line of its own, whose `rev` is the next one after that of the change. Where it does not, though
   * the change was acknowledged, that is written down, and looked for again.
   */
  async function revOf(owner: Session, conv: Id, user: Id, is: 'in' | 'out'): Promise<number> {
    for (let missed = 0; ; ) {
      const after = readTo.get(conv) ?? 0;
      const body = await askSurely(owner, asking, 'GET', `/conversations/${conv}/messages?after=${after}&limit=200`);
      const page = api.messages.answers[200].parse(body);
      readTo.set(conv, page.messages.at(-1)?.seq ?? after);
      const line = page.messages.findLast(message => tells(message, user, is));
      if (line) return line.rev - 1;
      if (page.hasAfter) continue;
      if (missed === 0) record.write({ f: 'untold', conv, user, is });
      await pause(backoff(missed++, chance()), signal);
    }
  }

  return {
    mayBeIn,
    isIn: (conv, user) => where.get(key(conv, user)) === 'in',
    begin(conv, users, rev, t) {
      known.add(conv);
      for (const user of users) {
        where.set(key(conv, user), 'in');
        record.write({ f: 'member', t, conv, user, is: 'in', rev });
      }
    },
    async change(owner, conv, user, is) {
      where.set(key(conv, user), 'changing');
      const asked = record.now();
      if (is === 'in') await askSurely(owner, asking, 'POST', `/conversations/${conv}/members`, { userIds: [user] });
      else await askSurely(owner, asking, 'DELETE', `/conversations/${conv}/members/${user}`).catch(unlessOut);
      const t = is === 'in' ? asked : record.now();
      where.set(key(conv, user), is);
      record.write({ f: 'member', t, conv, user, is, rev: await revOf(owner, conv, user, is) });
    },
  };
}

/** Whoever asks again, because no answer came, may have taken them out the first time. */
function unlessOut(error: unknown): void {
  if (!(error instanceof Refused) || error.code !== 'member.unknown') throw error;
}

const tells = ({ system }: Message, user: Id, is: 'in' | 'out'): boolean =>
  system !== undefined &&
  'userId' in system &&
  system.userId === user &&
  system.kind === (is === 'in' ? 'joined' : 'removed');
