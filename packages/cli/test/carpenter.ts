import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** Runs a command as an operator does. @param input  what it finds on standard input */
export const carpenter = (args: string[], env: Record<string, string>, input = '') => begin(args, env, input).ended;

/** The same, to do something to it meanwhile. */
export function begin(args: string[], env: Record<string, string> = {}, input = '') {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
    stdio: 'pipe',
  });
  child.stdin.end(input);
  const code = new Promise<number | null>(resolve => child.once('close', resolve));
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  return { child, ended: said.then(async ([out, err]) => ({ code: await code, out, err })) };
}
