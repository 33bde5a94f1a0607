import { protocolVersion, refuse, type VersionAnswer, version } from '@carpenter/protocol';
import type { FastifyInstance } from 'fastify';
import type { Auth } from '../auth/auth.ts';

/** How this node feels, for load balancers and people. */
export interface Health {
  /** Whether a balancer should send people here. */
  readonly ready: boolean;
  readonly state: 'starting' | 'ready' | 'degraded' | 'draining';
  readonly database: 'up' | 'down';
  /** PostgreSQL's own words for what an acknowledged message survives; absent while it does not answer. */
  readonly durability?: Readonly<Record<string, string>>;
}

interface ProbeNeeds {
  readonly node: string;
  readonly auth: Auth;
  readonly registration: VersionAnswer['registration'];
  health(): Promise<Health>;
}

/** Addresses outside the prefix, open to all, never counted: machines ask them all day. */
export function openProbes(app: FastifyInstance, { node, auth, registration, health }: ProbeNeeds): void {
  const startedAt = new Date().toISOString();

  app.get('/healthz', async () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    const now = await health();
    return reply.code(now.state === 'ready' || now.state === 'degraded' ? 200 : 503).send(now);
  });
  app.get('/version', async (): Promise<VersionAnswer> => {
    const firstAccount = !(await auth.inhabited());
    return { name: 'carpenter', version, protocol: protocolVersion, node, startedAt, firstAccount, registration };
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
