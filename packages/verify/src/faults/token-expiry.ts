import { z } from 'zod';
import type { Account } from '../world/types.ts';
import { type Fault, some } from './fault.ts';

const withinMs = 15_000;

/** Some are logged out from elsewhere (4409), in the middle of it all. Tokens end by themselves, as they live for a minute only (4401). */
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
      on: async () => void (await Promise.allSettled(accounts.map(account => endOtherSessions(url, account)))),
      off: () => {},
    };
  },
};

const loggedIn = z.object({ accessToken: z.string() });
const listed = z.object({ sessions: z.array(z.object({ id: z.string(), current: z.boolean() })) });

/** As somebody does who has lost a device: logs in anew, logs out everywhere else, and then here. */
async function endOtherSessions(url: string, { username, password }: Account): Promise<void> {
  const { accessToken } = loggedIn.parse(
    await ask(`${url}/api/v1/auth/login`, 'POST', {}, { username, password, refresh: 'body' }),
  );
  const headers = { authorization: `Bearer ${accessToken}` };
  const { sessions } = listed.parse(await ask(`${url}/api/v1/auth/sessions`, 'GET', headers));
  for (const { id, current } of sessions) {
    if (!current) await ask(`${url}/api/v1/auth/sessions/${id}`, 'DELETE', headers).catch(() => {}); // gone by itself
  }
  await ask(`${url}/api/v1/auth/logout`, 'POST', headers);
}

async function ask(url: string, method: string, headers: Record<string, string>, body?: object): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(withinMs),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${new URL(url).pathname}: ${answer.status}`);
  return text === '' ? undefined : JSON.parse(text);
}
