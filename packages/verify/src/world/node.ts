import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Exit } from '../history.ts';
import { within } from './within.ts';

/** A server in a process of its own. */
export interface Node {
  readonly name: string;
  readonly url: string;
  /** Starts it, the first time or again on the same port; resolves when it is ready. */
  start(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** SIGTERM, in the middle of it all; resolves when it is gone, by itself or, after `stopWithinMs`, killed. */
  drain(): Promise<Exit>;
  /** SIGSTOP: the kernel goes on to take what is sent to it, and nobody answers. */
  freeze(): void;
  thaw(): void;
  /** How far its clock is from the real one, until it ends. */
  setClock(offsetMs: number): Promise<void>;
  /** SIGTERM, and SIGKILL where that does not help. */
  stop(): Promise<void>;
}

const { PATH, NODE_COMPILE_CACHE } = process.env;
const readyWithinMs = 30_000;
const stopWithinMs = 20_000;
const [program, clock] = ['./server.ts', './clock.ts'].map(file => fileURLToPath(new URL(file, import.meta.url)));

/** @param logFile what it says is appended there */
export async function makeNode(name: string, env: Record<string, string>, logFile: string): Promise<Node> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;

  function spawnIt(): ChildProcess {
    const log = openSync(logFile, 'a', 0o600);
    try {
      return spawn(process.execPath, ['--max-semi-space-size=4', '--import', clock ?? '', program ?? ''], {
        env: { PATH, NODE_COMPILE_CACHE, HOST: '127.0.0.1', PORT: String(port), ...env },
        stdio: ['ignore', log, log, 'ipc'],
        detached: true, // Ctrl-C is for us alone
      });
    } finally {
      closeSync(log);
    }
  }

  /** @throws Error when it is not running: what is not there cannot be broken */
  function running(): ChildProcess {
    if (child && !hasEnded(child)) return child;
    throw new Error(`${name} is not running; see ${logFile}`);
  }

  /** @returns its exit code; null where a signal ended it */
  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const ending = child;
    child = undefined;
    if (!ending || hasEnded(ending)) return ending?.exitCode ?? null;
    const exit = once(ending, 'exit');
    ending.kill(signal);
    ending.kill('SIGCONT'); // it may have been frozen
    const late = setTimeout(() => ending.kill('SIGKILL'), stopWithinMs);
    await exit;
    clearTimeout(late);
    return ending.exitCode;
  }

  return {
    name,
    url,
    async start() {
      const starting = spawnIt();
      child = starting;
      starting.on('error', () => {}); // shows below: it never gets ready
      await within(readyWithinMs, `${name} did not start; see ${logFile}`, async signal => {
        while (!(await isReady(url, signal))) {
          if (hasEnded(starting)) throw new Error(`${name} ended at its start; see ${logFile}`);
        }
      });
    },
    async kill() {
      running();
      await end('SIGKILL');
    },
    async drain() {
      running();
      const began = performance.now();
      const code = await end('SIGTERM');
      return { ms: Math.round(performance.now() - began), code };
    },
    freeze: () => void running().kill('SIGSTOP'),
    thaw: () => void running().kill('SIGCONT'),
    async setClock(offsetMs) {
      const set = running();
      await within(5_000, `${name} does not take a clock`, async signal => {
        const answer = once(set, 'message', { signal });
        set.send({ clockOffsetMs: offsetMs });
        await answer;
      });
    },
    async stop() {
      await end('SIGTERM');
    },
  };
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

async function isReady(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/readyz`, { signal });
    await answer.body?.cancel();
    if (answer.ok) return true;
  } catch {
    signal.throwIfAborted(); // else: nobody listens yet
  }
  await new Promise(resolve => setTimeout(resolve, 50));
  return false;
}

/** One that nobody has at this moment. It is the same for the whole life of the node, so it cannot be left to the system. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || !address) throw new Error('No free port.');
  return address.port;
}
