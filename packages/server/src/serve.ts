import { randomBytes } from 'node:crypto';
import { fixed } from '@carpenter/protocol';
import type { Logger } from 'pino';
import { createAllowances } from './auth/allowances.ts';
import { createAuth } from './auth/auth.ts';
import { createSharedLimits } from './auth/shared-limits.ts';
import { createMemoryBus } from './bus/memory.ts';
import { createInOrder } from './chat/in-order.ts';
import { keepTime } from './chat/in-time.ts';
import { createPresences } from './chat/presence.ts';
import { createQuestions } from './chat/questions.ts';
import { tellMarked } from './chat/receipts.ts';
import { createRetold } from './chat/retold.ts';
import { tellSettled } from './chat/settled.ts';
import { createTypingSigns } from './chat/typing.ts';
import type { Config } from './config.ts';
import { createAccounts } from './gateway/accounts.ts';
import { drain, hurry } from './gateway/drain.ts';
import { createHub } from './gateway/hub.ts';
import type { Line } from './gateway/seat.ts';
import { streamEvents } from './gateway/sse.ts';
import { acceptUpgrades } from './gateway/upgrade.ts';
import { watchSessions } from './gateway/watch-sessions.ts';
import { createWheel } from './gateway/wheel.ts';
import { createHealth } from './health.ts';
import { closerOf } from './http/close.ts';
import { createHttp } from './http/http.ts';
import { keepOpenFiles } from './http/open-files.ts';
import { openMedia } from './media/open.ts';
import { openNotify } from './notify/open.ts';
import { createPressure } from './pressure.ts';
import { follow } from './store/aside.ts';
import { migrate } from './store/migrate.ts';
import { createOutlast } from './store/outlast.ts';
import { everybodyIsAway } from './store/presence.ts';
import { searchIndex } from './store/search-index.ts';
import { openStore } from './store/store.ts';

export interface Running {
  /** Where people reach it, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Nothing new, finish what is under way, send everybody on with 1012, close. */
  drain(): Promise<void>;
}

/** Connections that wait to be taken while this process is busy: as many as Linux lets wait. Beyond them it drops without a word. */
const backlog = 4_096;

/** Puts the house together: the list of what exists, and the order in which it comes and goes. */
export async function serve(
  config: Config & { readonly databaseUrl: string; readonly jwtSecret: string },
  log: Logger,
  webDir?: string,
): Promise<Running> {
  const { databaseUrl: url, jwtSecret: secret, accessTokenSeconds, passwordCost, rates, limits } = config;
  const applied = await migrate(url);
  if (applied.length > 0) log.info({ applied }, 'the schema was brought up to date');

  const node = randomBytes(4).toString('hex'); // answers tell the nodes behind one address apart
  const bus = createMemoryBus(log);
  const hub = createHub(bus);
  const store = await openStore(url, log, {
    smallRoom: fixed.smallRoom,
    marked: marked => tellMarked(bus, marked),
    settled: (tx, ids) => tellSettled({ bus, listeners: hub.listeners }, tx, ids),
  });
  await everybodyIsAway(store.db);
  const pressure = createPressure();
  const sharedLimits = createSharedLimits(store.db, log);
  const allowances = createAllowances(sharedLimits, rates);
  const presences = createPresences({ store, bus, log, pressure });
  const indexing = follow(url, bus, log, searchIndex);
  const turns = { inOrder: createInOrder(), questions: createQuestions(createOutlast(store.db)) };
  const counted = { typingSigns: createTypingSigns(), retold: createRetold(rates.bytesPerMinute), allowances };
  const chat = { store, bus, limits, presences, indexing, pressure, ...turns, ...counted };
  const auth = createAuth({ db: store.db, bus, secret, accessTokenSeconds, passwordCost, rates, sharedLimits, log });
  const wheel = createWheel();
  const health = createHealth(store.db);
  const { media, close: closeMedia } = await openMedia(config, store.db, allowances, log);
  const { notify, close: closeNotify } = await openNotify(url, config, { chat, bus, media, log });
  const lines = new Set<Line>();
  const gateway = {
    accounts: createAccounts(rates),
    chat,
    auth,
    hub,
    wheel,
    pressure,
    lines,
    config,
    log,
    draining: () => health.draining(),
  };
  const http = await createHttp({
    node,
    chat,
    media,
    notify,
    auth,
    config,
    log,
    webDir,
    health: health.read,
    events: (actor, response) => void streamEvents(gateway, actor, response),
  });
  const closeHttp = closerOf(http);
  acceptUpgrades(http.server, gateway, node);
  keepOpenFiles(http.server, log);
  const sessions = watchSessions(hub, bus, auth, config.sessionCheckMs, log);
  const inTime = keepTime(chat, log);
  await http.listen({ host: config.host, port: config.port, backlog });
  health.ready();

  const address = http.server.address();
  const port = typeof address === 'object' && address ? address.port : config.port;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return {
    url: `http://${host === '0.0.0.0' || host === '[::]' ? 'localhost' : host}:${port}`,
    port,
    async drain() {
      health.drain();
      await drain(lines, config.drainSeconds * 1_000);
      const answered = hurry(lines);
      await closeHttp();
      answered();
      await closeNotify();
      closeMedia();
      await inTime.close();
      await presences.close();
      sessions.close();
      wheel.close();
      pressure.close();
      sharedLimits.close();
      await indexing.close();
      await store.close();
      await bus.close();
    },
  };
}
