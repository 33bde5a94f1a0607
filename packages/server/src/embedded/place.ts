import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CannotStart } from '../cannot-start.ts';
import { type Account, canEnter, canRun, chooseAccount } from './account.ts';
import { findBinaries, linkBinaries } from './binaries.ts';
import { socketFolder } from './socket-folder.ts';

/** Where one PostgreSQL lives. */
export interface Place {
  /** DATA_DIR, or the other folder where PostgreSQL may not enter that one. Holds all below but `binaries`. */
  base: string;
  /** What PostgreSQL calls its data directory. */
  data: string;
  /** Folder of its socket; there only while it runs. */
  sockets: string;
  /** Its own log. Always in DATA_DIR. */
  log: string;
  /** Holds bin, lib and share. */
  binaries: string;
  account: Account | undefined;
}

/** Folders that root makes for an unprivileged PostgreSQL, when its own are closed to others. */
const elsewhere = '/var/lib/carpenter';
/** In DATA_DIR, when the data are elsewhere: one line, the other folder. */
const signpost = 'postgres-is-elsewhere';

/** Finds or makes the folders, and says nothing about a server in them.
 *  @throws CannotStart where PostgreSQL could not enter its own data */
export function findPlace(dataDir: string): Place {
  const asked = ownFolder(resolve(dataDir));
  const base = readSignpost(asked) ?? asked;
  const account = chooseAccount(join(base, 'postgres'));
  const chosen = account && base === asked && !canEnter(account, base) ? moveElsewhere(asked) : base;
  return {
    base: chosen,
    data: join(chosen, 'postgres'),
    sockets: socketFolder(chosen),
    log: join(asked, 'postgres.log'),
    binaries: reachableBinaries(account),
    account,
  };
}

/** DATA_DIR. A new or empty one is opened so far that PostgreSQL may pass through; ours are never opened against your will. */
function ownFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (process.getuid?.() === 0 && readdirSync(folder).length === 0) chmodSync(folder, 0o711);
    return folder;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new CannotStart(`The data folder ${folder} cannot be used (${error.message}). Choose another by DATA_DIR.`);
  }
}

function readSignpost(dataDir: string): string | undefined {
  const file = join(dataDir, signpost);
  if (!existsSync(file)) return undefined;
  const base = readFileSync(file, 'utf8').trim();
  if (existsSync(base)) return base;
  throw new CannotStart(`${file} says that the database is in ${base}, but that folder is gone. Bring it back, or \
remove ${file} to begin with an empty database.`);
}

function moveElsewhere(dataDir: string): string {
  if (existsSync(join(dataDir, 'postgres'))) {
    throw new CannotStart(`There is a database in ${dataDir}, but PostgreSQL, which cannot run as root, may not enter \
that folder any more. Let others pass through the folders above it (chmod o+x), then try again.`);
  }
  const base = join(elsewhere, randomBytes(4).toString('hex'));
  mkdirSync(elsewhere, { recursive: true, mode: 0o755 });
  mkdirSync(base, { mode: 0o711 });
  writeFileSync(join(dataDir, signpost), `${base}\n`);
  return base;
}

function reachableBinaries(account: Account | undefined): string {
  const found = findBinaries();
  if (!account || canRun(account, join(found.folder, 'bin/postgres'))) return found.folder;
  const linked = join(elsewhere, `postgresql-${found.version}`);
  mkdirSync(elsewhere, { recursive: true, mode: 0o755 });
  linkBinaries(found, linked);
  return linked;
}
