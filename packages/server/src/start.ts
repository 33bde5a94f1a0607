import { resolve } from 'node:path';
import type { Logger } from 'pino';
import { CannotStart } from './cannot-start.ts';
import { type Config, ConfigError, type Environment, readConfig } from './config.ts';
import { startEmbedded } from './embedded/start.ts';
import { endOnFault } from './end-on-fault.ts';
import { errorInWords } from './error-in-log.ts';
import { createLog } from './log.ts';
import { reachDatabase, withoutPassword } from './reach-database.ts';
import { keepSecret } from './secret.ts';
import { serve } from './serve.ts';
import { type Closer, closeOnSignal } from './signals.ts';
import { ensureWebClient } from './web-client.ts';

/** Gives the folder of the built page; undefined where there is none to serve. */
type Page = (say: (line: string) => void) => Promise<string | undefined>;

/** Brings everything up, tells where it is, and takes it down in the opposite order on SIGINT or SIGTERM.
 *  Exit codes: 0 asked to end; 1 could not start, with the reason in words; 2 mistakes in the environment, all of them. */
export async function start(env: Environment, page: Page = ensureWebClient): Promise<void> {
  try {
    const config = readConfig(env);
    const log = createLog(config.logLevel);
    endOnFault(log);
    await bringUp(config, log, page);
  } catch (error) {
    if (error instanceof ConfigError) {
      console.error(`The configuration has ${error.mistakes.length === 1 ? 'a mistake' : 'mistakes'}:`);
      for (const mistake of error.mistakes) console.error(`  ${mistake}`);
      process.exit(2);
    }
    console.error(error instanceof CannotStart ? error.message : errorInWords(error));
    process.exit(1);
  }
}

async function bringUp(config: Config, log: Logger, page: Page): Promise<void> {
  const closer = closeOnSignal(log, (config.drainSeconds + 9) * 1_000); // a platform kills ten seconds after the drain
  const webDir = await page(console.log);
  const { databaseUrl, data } = await openDatabase(config, log, closer);
  try {
    const running = await serve({ ...config, databaseUrl, jwtSecret: jwtSecretOf(config, log) }, log, webDir);
    closer.add(() => running.drain());
    tell(config.publicUrl ?? running.url, data);
  } catch (error) {
    await closer.close();
    throw portTaken(error, config) ?? error;
  }
}

async function openDatabase(
  config: Config,
  log: Logger,
  closer: Closer,
): Promise<{ databaseUrl: string; data: string }> {
  if (config.databaseUrl) {
    await reachDatabase(config.databaseUrl, log);
    return { databaseUrl: config.databaseUrl, data: withoutPassword(config.databaseUrl) };
  }
  const embedded = await startEmbedded(config.dataDir, log);
  closer.add(() => embedded.stop());
  const moved = embedded.dataDir !== resolve(config.dataDir);
  const data = moved ? `${embedded.dataDir}  (PostgreSQL may not enter ${resolve(config.dataDir)})` : embedded.dataDir;
  return { databaseUrl: embedded.url, data };
}

function jwtSecretOf({ jwtSecret, dataDir, databaseUrl }: Config, log: Logger): string {
  if (jwtSecret) return jwtSecret;
  const { secret, made } = keepSecret(resolve(dataDir));
  if (made && databaseUrl) {
    log.warn(
      `JWT_SECRET is unset: made one in ${resolve(dataDir)}. Several nodes, or a folder that is lost at a restart, need it set.`,
    );
  }
  return secret;
}

function tell(url: string, data: string): void {
  console.log(`
  Carpenter is running.

    Address  ${url}
    Data     ${data}

  Open it in two browsers; the first account becomes the owner.
  Ctrl-C ends it.
`);
}

function portTaken(error: unknown, { host, port }: Config): CannotStart | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return new CannotStart(`Port ${port} is taken by another program. Choose another: PORT=${port + 1} npm start`);
  if (code === 'EACCES')
    return new CannotStart(`This user may not open port ${port}. Choose one above 1023: PORT=3000 npm start`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new CannotStart(
      `HOST is ${host}, which is no address of this machine. Try 127.0.0.1, or 0.0.0.0 for all networks.`,
    );
  }
  return undefined;
}
