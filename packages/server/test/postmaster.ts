import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

/** All processes of the PostgreSQL behind this address, the one that starts the others first. Linux. */
export async function processesOf(url: string): Promise<number[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ dir: string }>(`SELECT current_setting('data_directory') AS dir`);
  await client.end();
  const postmaster = Number.parseInt(readFileSync(join(rows[0]?.dir ?? '', 'postmaster.pid'), 'utf8'), 10);
  return [postmaster, ...childrenOf(postmaster)];
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter(pid => pid > 0 && parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
  } catch {
    return undefined; // it has ended meanwhile
  }
}

/**
 * Holds these processes until it is called. However this process ends, a shell that reads from a pipe of ours lets them go
 * then: what is held could not end with us.
 */
export function freeze(pids: readonly number[]): () => void {
  const thaw = `read _; kill -CONT ${pids.join(' ')}`;
  const shell = spawn('/bin/sh', ['-c', thaw], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  signal(pids, 'SIGSTOP');
  return () => {
    signal(pids, 'SIGCONT');
    shell.stdin.end();
  };
}

export function signal(pids: readonly number[], name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {} // it has ended meanwhile
  }
}
