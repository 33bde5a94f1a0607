import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pino } from 'pino';
import { openLooking } from '../src/media/looking.ts';
import { picture } from './files.ts';

const linux = { skip: process.platform !== 'linux' && 'NOT RUN: processes are found by /proc' };

/** Makes square pictures, and looks at them in a process of its own with these limits. */
async function looker(t: TestContext, limits: { deadlineMs: number; memoryMax: number }) {
  const folder = await mkdtemp(join(tmpdir(), 'carpenter-looking-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const said: string[] = [];
  const looking = openLooking(pino({ level: 'warn' }, { write: line => void said.push(line) }), limits);
  t.after(() => looking.close());
  const file = async (side: number): Promise<string> => {
    const path = join(folder, `${side}.jpeg`);
    await picture(side, side).withMetadata({ orientation: 6 }).jpeg().toFile(path); // to turn it, it has to be held whole
    return path;
  };
  const look = (input: string) => {
    const files = { input, output: join(folder, 'output'), small: join(folder, 'small'), maxPixels: 50_000_000 };
    return looking.look({ files, claimed: 'image/jpeg', said: {} }, 'ana');
  };
  return { file, look, said };
}

/** The process that looks. */
async function processOf(): Promise<number> {
  const children = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8');
  for (const pid of children.trim().split(' ')) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes('media/look.ts')) return Number(pid);
  }
  return assert.fail('no process looks at files');
}

test(
  'a file that is not done in time is refused as broken, and what waits behind it goes to another process',
  linux,
  async t => {
    const { file, look, said } = await looker(t, { deadlineMs: 8_000, memoryMax: 1_000_000_000 });
    const small = await file(20);
    await look(small); // now there is a process
    const stuck = await processOf();
    process.kill(stuck, 'SIGSTOP'); // and nobody but its watcher ends it
    const [late, next] = [look(small), look(small)];
    await assert.rejects(late, { code: 'media.broken' });
    assert.match(said.join(), /took too long/);
    assert.equal((await next).kind, 'image');
    assert.notEqual(await processOf(), stuck);
  },
);

test(
  'a file that takes too much memory is refused as broken, and what waits behind it is looked at',
  linux,
  async t => {
    const { file, look, said } = await looker(t, { deadlineMs: 20_000, memoryMax: 280_000_000 });
    const [small, large] = [await file(20), await file(6_000)];
    assert.equal((await look(small)).kind, 'image', 'a small one has room');
    const [greedy, next] = [look(large), look(small)];
    await assert.rejects(greedy, { code: 'media.broken' });
    assert.match(said.join(), /took too much memory/);
    assert.equal((await next).kind, 'image');
  },
);
