import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const bin = fileURLToPath(new URL('../node_modules/.bin/', import.meta.url));

export interface Outcome {
  code: number;
  words: string;
}

/** Runs an installed tool at the root and keeps what it says. `code` is 1 where a signal ended it. */
export function run(tool: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    // Tools begin with "#!/usr/bin/env node": the PATH says which Node that is.
    const color = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' };
    const env = { ...process.env, ...color, PATH: `${bin}:${process.env.PATH}` };
    const child = spawn(tool, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let words = '';
    child.stdout.on('data', chunk => (words += chunk));
    child.stderr.on('data', chunk => (words += chunk));
    child.once('error', reject);
    child.once('close', code => resolve({ code: code ?? 1, words: words.trim() }));
  });
}
