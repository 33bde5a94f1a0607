import { api } from '@carpenter/protocol';
import { ask } from '../clients/door.ts';
import type { Account } from '../world/types.ts';
import { type Fault, some } from './fault.ts';

/** On a busy machine a login alone may take long. */
const withinMs = 60_000;

/**
 * Some are logged out from elsewhere (4409), in the middle of it all. In a world of our own, tokens live for a minute only where this is
 * asked for, and end by themselves (4401).
 */
export const tokenExpiry: Fault = {
  name: 'token-expiry',
  plan(world, random) {
    const accounts = some(world.accounts, 0.15, random);
    const [url = ''] = world.urls.values();
    const clients = world.ways.flatMap(({ client }, i) => {
      const account = world.accounts[i % world.accounts.length];
      return account && accounts.includes(account) ? [client] : [];
    });
    return {
      clients,
      forMs: random.whole(500, 3_000),
      async on() {
        const ended = await Promise.allSettled(accounts.map(account => endOtherSessions(url, account)));
        if (ended.some(one => one.status === 'fulfilled' && one.value > 0)) return;
        const failed = ended.find(one => one.status === 'rejected');
        throw new Error('Nobody was logged out.', { cause: failed?.reason });
      },
      off: () => {},
    };
  },
};

/** As somebody does who has lost a device: logs in anew, logs out everywhere else, and then here. @returns how many sessions it ended */
async function endOtherSessions(url: string, { username, password }: Account): Promise<number> {
  const body = { username, password, refresh: 'body' };
  const { accessToken: token } = api.login.answers[200].parse(await answer(url, 'POST', '/auth/login', { body }));
  const { sessions } = api.sessions.answers[200].parse(await answer(url, 'GET', '/auth/sessions', { token }));
  let ended = 0;
  for (const { id, current } of sessions) {
    if (current) continue;
    const { is } = await ask(url, 'DELETE', `/auth/sessions/${id}`, { token, withinMs });
    if (is === 'answer') ended += 1; // else it is gone by itself
  }
  await answer(url, 'POST', '/auth/logout', { token });
  return ended;
}

/** @throws Error with what was said in place of an answer */
async function answer(url: string, method: string, path: string, more: { token?: string; body?: unknown }) {
  const said = await ask(url, method, path, { ...more, withinMs });
  if (said.is === 'answer') return said.body;
  throw new Error(`${method} ${path}: ${said.words}`);
}
