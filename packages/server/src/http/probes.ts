import { protocolVersion, refuse, type VersionAnswer, version } from '@carpenter/protocol';
import type { FastifyInstance } from 'fastify';
import type { Db } from '../store/database.ts';
import { anyAccount } from '../store/users.ts';

/** How this node feels, for load balancers and people. */
export interface Health {
  readonly ready: boolean;
  readonly state: 'ready' | 'degraded' | 'draining' | 'starting';
  readonly database: 'up' | 'down';
  /** What PostgreSQL promises about an acknowledged commit. */
  readonly durability: Readonly<Record<string, string | boolean>>;
}

/** Addresses outside the prefix, open to all, never counted: machines ask them all day. */
export function openProbes(app: FastifyInstance, node: string, db: Db, health: () => Promise<Health>): void {
  const startedAt = new Date().toISOString();
  let inhabited = false; // accounts come, the first one never goes

  app.get('/healthz', async () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    const now = await health();
    return reply.code(now.state === 'ready' || now.state === 'degraded' ? 200 : 503).send(now);
  });
  app.get('/version', async (): Promise<VersionAnswer> => {
    inhabited ||= await anyAccount(db);
    return { name: 'carpenter', version, protocol: protocolVersion, node, startedAt, firstAccount: !inhabited };
  });
  // The gateway takes real upgrades off the server before they come here.
  app.get('/ws', async ({ headers }, reply) => {
    reply.header('upgrade', 'websocket');
    const seen = Object.keys(headers).filter(name =>
      /^(connection|upgrade|sec-websocket-.*|via|forwarded|x-forwarded-.*)$/.test(name),
    );
    refuse('upgrade.required', { seen: seen.join(', ') || 'none of the handshake' });
  });
}
