import { gatewayStatuses } from './http.ts';
import type { Because } from './types/basics.ts';
import type { ConnectionCode } from './types/connection.ts';

const words = {
  'connection.lost': 'The connection broke.',
  'server.unreachable': 'The server does not answer.',
  'network.foreign': 'Something other than Carpenter answers: this network may want you to sign in to it first.',
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
  if (!alive || gatewayStatuses.has(alive.status)) return 'server.unreachable';
  if ((await told(alive)).status !== 'alive') return 'network.foreign';
  const ready = await get(`${base}/readyz`);
  if (ready && !ready.ok) return (await told(ready)).state === 'draining' ? 'server.draining' : 'server.degraded';
  return opened || !ready ? 'connection.lost' : 'proxy.no_websocket';
}

const get = (url: string): Promise<Response | undefined> =>
  fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(patienceMs) }).catch(() => undefined);

async function told(response: Response): Promise<{ readonly status?: unknown; readonly state?: unknown }> {
  try {
    return Object(await response.json());
  } catch {
    return {};
  }
}
