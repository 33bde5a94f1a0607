import type { IncomingMessage, Server } from 'node:http';
import { Socket as NetSocket, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { fixed, type Refusal, refusal } from '@carpenter/protocol';
import { WebSocketServer } from 'ws';
import { createLimiter } from '../auth/limiter.ts';
import { addressOf } from '../http/address.ts';
import { bareHeaders } from '../http/headers.ts';
import { holdsToken, hostFault, isOurs } from '../http/origin.ts';
import { bareProblem } from '../http/problem.ts';
import { v7 } from '../ids.ts';
import { serveConnection } from './connection.ts';
import type { Gateway } from './gateway.ts';
import { WordySocket } from './wordy-socket.ts';

/**
 * Opens WebSockets at /ws. Before the upgrade only what is no handshake of ours, a foreign origin and shedding of load is
 * refused, by HTTP; all else afterwards by close code, since a browser shows a refused upgrade as a bare 1006. Handshakes that led
 * to no login are counted by address, as requests of strangers are: beyond that only a good token opens one.
 */
export function acceptUpgrades(server: Server, gateway: Gateway, node: string): void {
  const { auth, config, log } = gateway;
  const headers = { ...bareHeaders(config, node), 'sec-websocket-version': spokenVersion };
  const sockets = new WebSocketServer<typeof WordySocket>({
    ...socketOptions,
    maxPayload: config.limits.frameMaxBytes,
  });
  const waiting = new Map<string, number>(); // connections that have not logged in, by address
  const strangers = createLimiter(config.rates.requestsPerMinute, 60_000);

  sockets.on('wsClientError', (error, stream) => answer(stream, refusal('upgrade.invalid', { fault: error.message })));

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', error => log.debug({ err: error }, 'a socket failed during its upgrade'));
    const address = addressOf(request, config.trustProxy);
    const refused = judge(request, address);
    if (refused) return answer(stream, refused);
    const open = () =>
      sockets.handleUpgrade(request, stream, head, ws => {
        waiting.set(address, (waiting.get(address) ?? 0) + 1);
        serveConnection(gateway, ws, socketOf(stream), hello(request, address));
      });
    const retryAfterMs = strangers.take(address);
    if (retryAfterMs === 0) {
      strangers.giveBack(address); // taken again when it ends as a stranger
      open();
      return;
    }
    const tooMany = refusal('rate.exceeded', { retryAfterMs });
    auth.verify(tokenOf(request) ?? '').then(open, () => answer(stream, tooMany));
  });

  /** A refusal before the upgrade, as bare HTTP: there is no response object for it. Node has let go of the socket: nobody else ends it. */
  function answer(stream: Duplex, refused: Refusal): void {
    stream.end(bareProblem(refused, headers), () => stream.destroy());
  }

  function judge(request: IncomingMessage, address: string): Refusal | undefined {
    const { origin, host, 'sec-websocket-version': version } = request.headers;
    if (pathOf(request) !== '/ws') return refusal('route.unknown', {});
    const fault = hostFault(host, config);
    if (fault) return fault;
    if (origin !== undefined && !isOurs({ origin, host }, config.allowedOrigins)) {
      return refusal('auth.foreign_origin', { origin: origin.slice(0, 200) });
    }
    if (version !== spokenVersion) {
      return refusal('upgrade.invalid', { fault: `version ${spokenVersion} of the protocol is spoken here` });
    }
    const offered = protocolsOf(request);
    if (offered.length > 0 && !offered.includes(fixed.subprotocol)) {
      return refusal('upgrade.invalid', { fault: `of the subprotocols offered, none is ${fixed.subprotocol}` });
    }
    if ((waiting.get(address) ?? 0) >= config.rates.connectionsPerAddress) {
      return refusal('rate.exceeded', { retryAfterMs: fixed.authWithinMs });
    }
    return undefined;
  }

  function hello(request: IncomingMessage, address: string) {
    let greeted = false;
    const { url = '' } = request;
    return {
      id: v7(),
      token: tokenOf(request),
      address,
      username: queryOf(url).get('username') ?? undefined,
      tokenInUrl: holdsToken(url),
      greeted(known: boolean) {
        if (greeted) return;
        greeted = true;
        if (!known) strangers.take(address);
        const left = (waiting.get(address) ?? 1) - 1;
        if (left > 0) waiting.set(address, left);
        else waiting.delete(address);
      },
    };
  }
}

/** The library would take 8, too, in which a browser names its origin in another header than the one we look at. */
const spokenVersion = '13';

// Names that the library knows and its types do not: limits that its defaults set for another purpose.
const bounds = { maxFragments: 256, maxBufferedChunks: 4_096, closeTimeout: 15_000 };
const socketOptions = {
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  autoPong: false, // pings are answered by us, out of the same budget as frames
  WebSocket: WordySocket,
  handleProtocols: (offered: Set<string>): string | false =>
    offered.has(fixed.subprotocol) ? fixed.subprotocol : false,
  ...bounds,
};

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0] ?? '';
const queryOf = (url: string): URLSearchParams => new URLSearchParams(url.split('?').slice(1).join('?'));
const protocolsOf = (request: IncomingMessage): string[] =>
  (request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');

/** `Authorization: Bearer` of programs, or `bearer.<jwt>` among the subprotocols of a browser, which can set no header. */
function tokenOf(request: IncomingMessage): string | undefined {
  const header = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return (
    header ??
    protocolsOf(request)
      .find(name => name.startsWith('bearer.'))
      ?.slice('bearer.'.length)
  );
}

/** Upgrades arrive on the server's own TCP sockets. */
function socketOf(stream: Duplex): Socket {
  if (stream instanceof NetSocket) return stream;
  throw new Error('an upgrade arrived on something that is no TCP socket');
}
