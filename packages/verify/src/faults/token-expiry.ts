import { z } from 'zod';
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

const loggedIn = z.object({ accessToken: z.string() });
const listed = z.object({ sessions: z.array(z.object({ id: z.string(), current: z.boolean() })) });

/** As somebody does who has lost a device: logs in anew, logs out everywhere else, and then here. @returns how many sessions it ended */
async function endOtherSessions(url: string, { username, password }: Account): Promise<number> {
  const { accessToken } = loggedIn.parse(
    await ask(`${url}/api/v1/auth/login`, 'POST', {}, { username, password, refresh: 'body' }),
  );
  const headers = { authorization: `Bearer ${accessToken}` };
  const { sessions } = listed.parse(await ask(`${url}/api/v1/auth/sessions`, 'GET', headers));
  let ended = 0;
  for (const { id, current } of sessions) {
    if (current) continue;
    const answer = await send(`${url}/api/v1/auth/sessions/${id}`, 'DELETE', headers);
    await answer.body?.cancel();
    if (answer.ok) ended += 1; // else it is gone by itself
  }
  await ask(`${url}/api/v1/auth/logout`, 'POST', headers);
  return ended;
}

const send = (url: string, method: string, headers: Record<string, string>, body?: object): Promise<Response> =>
  fetch(url, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(withinMs),
  });

async function ask(...asked: Parameters<typeof send>): Promise<unknown> {
  const [url, method] = asked;
  const answer = await send(...asked);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${new URL(url).pathname}: ${answer.status}`);
  return text === '' ? undefined : JSON.parse(text);
}
