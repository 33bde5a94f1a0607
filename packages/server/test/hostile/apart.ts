import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { z } from 'zod';
import type { Config } from '../../src/config.ts';
import { migrated, testConfig } from '../house.ts';

const where = z.object({ url: z.string(), port: z.number() });
const used = z.object({
  /** Bytes. */
  rss: z.number(),
  heapUsed: z.number(),
  external: z.number(),
  sockets: z.number(),
  timers: z.number(),
  /** Connections that it took from the kernel so far, of the addresses in enter.ts. */
  taken: z.number(),
});
export type Used = z.infer<typeof used>;

const logLine = z.looseObject({
  level: z.string(),
  msg: z.string().optional(),
  status: z.number().optional(),
  words: z.string().optional(),
});
export type LogLine = z.infer<typeof logLine>;

/** A server in a process of its own. */
export interface Apart {
  readonly url: string;
  readonly databaseUrl: string;
  readonly port: number;
  /** What it uses after a collection of garbage. */
  uses(): Promise<Used>;
  /** What its log says of faults: lines of the level error and above, and answers from 500 on, but for 503. */
  readonly faults: LogLine[];
  /** What it says with the level warn. */
  readonly warnings: LogLine[];
  /** How many connections it ended with these words, by its log. */
  ended(words: string): number;
  /** That the process still runs. */
  alive(): boolean;
  /** Stops the process as it is, until what it returns is called. */
  standStill(): () => void;
}

/**
 * @param newDatabase  which kind of database it gets
 * @param openFiles  as many as the system lets it have; needs a POSIX shell
 */
export async function houseApart(
  t: TestContext,
  changes: Partial<Config> = {},
  newDatabase: typeof migrated = migrated,
  openFiles?: number,
): Promise<Apart> {
  let child: ChildProcess | undefined;
  const databaseUrl = await newDatabase(t, async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  });
  const program = new URL('server.ts', import.meta.url);
  const server = fork(program, [JSON.stringify(testConfig(databaseUrl, changes))], {
    ...(openFiles === undefined
      ? { execArgv: ['--expose-gc'] }
      : {
          execPath: '/bin/sh',
          execArgv: ['-c', `ulimit -n ${openFiles}; exec "$0" "$@"`, process.execPath, '--expose-gc'],
        }),
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  child = server;
  const faults: LogLine[] = [];
  const warnings: LogLine[] = [];
  const ends = new Map<string, number>();
  assert.ok(server.stdout);
  createInterface({ input: server.stdout }).on('line', line => {
    const read = logLine.parse(JSON.parse(line));
    if (/^(error|fatal)$/.test(read.level) || ((read.status ?? 0) >= 500 && read.status !== 503)) faults.push(read);
    if (read.level === 'warn') warnings.push(read);
    if (read.msg === 'disconnected') ends.set(read.words ?? '', (ends.get(read.words ?? '') ?? 0) + 1);
  });
  const answers: PromiseWithResolvers<unknown>[] = [];
  const heard = () => {
    const answer = Promise.withResolvers<unknown>();
    answers.push(answer);
    return answer.promise;
  };
  server.on('message', message => answers.shift()?.resolve(message));
  server.on('exit', () => {
    for (const { reject } of answers) reject(new Error('the server ended'));
  });
  const { url, port } = where.parse(await heard());
  return {
    url,
    databaseUrl,
    port,
    faults,
    warnings,
    ended: words => ends.get(words) ?? 0,
    alive: () => server.exitCode === null && server.signalCode === null,
    standStill() {
      server.kill('SIGSTOP');
      return () => void server.kill('SIGCONT');
    },
    async uses() {
      server.send('uses');
      return used.parse(await heard());
    },
  };
}
