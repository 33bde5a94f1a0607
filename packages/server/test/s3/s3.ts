import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AwsClient } from 'aws4fetch';
import type { S3Config } from '../../src/media/s3.ts';

const python = '/usr/bin/python3'; // Debian's own: python3-swift belongs to no other
const program = fileURLToPath(new URL('./store.py', import.meta.url));
const login = { region: 'us-east-1', accessKeyId: 'test:tester', secretAccessKey: 'testing' };

/** What a test says that cannot run; undefined where it can. */
export const withoutS3: string | undefined =
  spawnSync(python, ['-c', 'import swift.common.wsgi'], { stdio: 'ignore' }).status === 0
    ? undefined
    : 'NOT RUN: no real S3-compatible store here. On Debian: sudo apt-get install python3-swift';

let store: Promise<string> | undefined;
let stop = async () => {};
after(() => stop()); // registered here, at the top: inside a test it would end with that test

/** OpenStack Swift, spoken to by S3: one for all tests of a file. */
async function start(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'carpenter-s3-'));
  const child: ChildProcess = spawn(python, [program, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  stop = async () => {
    const ended = once(child, 'exit');
    child.stdin?.end();
    await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  if (!child.stdout) throw new Error('the store has no output');
  // the builder of its rings may speak before it
  for await (const line of createInterface(child.stdout)) if (line.startsWith('http://')) return line;
  throw new Error('the store ended before it said where it is');
}

/** A bucket of its own in a real S3-compatible store. */
export async function bucket(): Promise<S3Config> {
  store ??= start();
  const endpoint = await store;
  const name = `test-${Math.random().toString(36).slice(2)}`;
  const made = await new AwsClient({ ...login, service: 's3' }).fetch(`${endpoint}/${name}`, { method: 'PUT' });
  if (!made.ok) throw new Error(`the bucket was not made: ${made.status} ${await made.text()}`);
  return { ...login, endpoint, bucket: name };
}
