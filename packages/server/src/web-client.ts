import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { CannotStart } from './cannot-start.ts';

const packages = fileURLToPath(new URL('../../', import.meta.url));
const web = join(packages, 'web');
const dist = join(web, 'dist');
const mark = join(dist, '.built-from');
/** What the page is made of. */
const sources = [
  'web/index.html',
  'web/vite.config.ts',
  'web/public',
  'web/src',
  'client/src',
  'protocol/src',
  '../package-lock.json',
];

/** The built page, made anew when its sources have changed since. Where only the built one was shipped, it
 *  is taken as it is; undefined where there is none at all.
 *  @throws CannotStart with the words of the builder */
export async function ensureWebClient(say: (line: string) => void): Promise<string | undefined> {
  if (!existsSync(join(web, 'src'))) return existsSync(join(dist, 'index.html')) ? dist : undefined;
  const now = fingerprint();
  if (existsSync(mark) && readFileSync(mark, 'utf8') === now) return dist;
  const begin = performance.now();
  say('Building the page…');
  await build();
  writeFileSync(mark, now);
  say(`Built the page in ${((performance.now() - begin) / 1_000).toFixed(1)} s.`);
  return dist;
}

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const file of sources.flatMap(source => filesIn(join(packages, source)))) {
    hash.update(relative(packages, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function filesIn(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!path.endsWith('src') && !path.endsWith('public')) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort();
}

async function build(): Promise<void> {
  const vite = join(createRequire(join(web, 'package.json')).resolve('vite/package.json'), '../bin/vite.js');
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: web,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject));
  const [code, ...words] = await Promise.all([exit, text(child.stdout), text(child.stderr)]);
  if (code === 0) return;
  const [reasons] = stripVTControlCharacters(words.join('')).split('\n    at '); // without its stack
  throw new CannotStart(`The page could not be built. Vite says:\n${reasons}`);
}
