import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { scratch } from '../../../server/test/cluster.ts';
import type { Cut, Load } from './mutant.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const packages = ['protocol', 'server', 'client', 'verify', 'cli'];
const endsWithinMs = 600_000;

/** Carpenter once more, to be broken: what is changed in it is changed nowhere else. */
export interface Copy {
  /** @throws where the text does not stand there exactly once */
  cut(cut: Cut): void;
  /** Runs its own `carpenter verify`. */
  verify(load: Load, seed: number): Promise<Run>;
}
export interface Run {
  /** 0 proved, 1 refuted, 3 the run itself failed; null: it did not come to its end. */
  readonly code: number | null;
  /** Of what was found. */
  readonly titles: readonly string[];
  /** All that it said. */
  readonly words: string;
}

/** Sources of ours; libraries are found one folder up, where those of the original are. */
export function copyOf(t: TestContext): Copy {
  const folder = mkdtempSync(join(scratch, 'carpenter-mutant-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const copy = join(folder, 'copy');
  mkdirSync(join(copy, 'node_modules/@carpenter'), { recursive: true });
  for (const name of packages) {
    for (const part of ['src', 'package.json']) {
      cpSync(join(root, 'packages', name, part), join(copy, 'packages', name, part), { recursive: true });
    }
    symlinkSync(join(copy, 'packages', name), join(copy, 'node_modules/@carpenter', name), 'junction');
  }
  return {
    cut(cut) {
      const file = join(copy, 'packages', cut.file);
      writeFileSync(file, broken(readFileSync(file, 'utf8'), cut));
    },
    verify: (load, seed) => verify(copy, load, seed),
  };
}

/** The text with what stands there instead. @throws where what is to go does not stand there exactly once */
export function broken(before: string, { file, find, instead }: Cut): string {
  const [head = '', tail, ...more] = before.split(find);
  if (tail === undefined || more.length > 0) {
    const times = tail === undefined ? 'not at all' : `${more.length + 1} times`;
    throw new Error(
      `${file} has this ${times}, and a mutant (verify/test/mutants/mutants.ts) breaks it where it stands once:\n${find}`,
    );
  }
  return head + instead + tail;
}

async function verify(copy: string, { minutes, clients, faults }: Load, seed: number): Promise<Run> {
  const asked = ['--minutes', minutes, '--clients', clients, '--seed', seed, '--faults', faults.join(',') || 'none'];
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, ['packages/cli/src/main.ts', 'verify', ...asked.map(String)], {
    cwd: copy, // where its history goes
    env: { PATH, NODE_COMPILE_CACHE, TMPDIR: scratch },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: endsWithinMs,
  });
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  const titles = [...out.matchAll(/^### (.+?)(?: \([\d,]+ times\))?$/gm)].flatMap(([, title]) => title ?? []);
  return { code, titles, words: `${err}\n${out}` };
}
