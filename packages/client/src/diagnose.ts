import type { Because } from './types/basics.ts';
import type { ConnectionCode } from './types/connection.ts';

const words = {
  'connection.lost': 'The connection broke.',
  'server.unreachable': 'The server does not answer.',
  'server.draining': 'The server is restarting.',
  'server.degraded': 'The server is up, but its database does not answer.',
  'proxy.no_websocket': 'This network does not let WebSockets through.',
} as const satisfies { [C in ConnectionCode]?: string };
export type Finding = keyof typeof words;

export const finding = (code: Finding): Because<Finding> => ({ code, words: words[code] });

const patienceMs = 5_000;

/**
 * A browser hides why a WebSocket broke (a bare 1006). Ask the server over HTTP, from the outside inwards.
 * @param opened the connection had been open: then it is no proxy that forbids it
 */
export async function diagnose(base: string, opened: boolean): Promise<Finding> {
  const alive = await get(`${base}/healthz`);
  if (!alive?.ok) return 'server.unreachable';
  const ready = await get(`${base}/readyz`);
  if (ready && !ready.ok) return (await stateOf(ready)) === 'draining' ? 'server.draining' : 'server.degraded';
  return opened || !ready ? 'connection.lost' : 'proxy.no_websocket';
}

const get = (url: string): Promise<Response | undefined> =>
  fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(patienceMs) }).catch(() => undefined);

async function stateOf(response: Response): Promise<unknown> {
  try {
    const health: { state?: unknown } = await response.json();
    return health.state;
  } catch {
    return undefined;
  }
}
