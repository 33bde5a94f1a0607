import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotStart } from './cannot-start.ts';

/** The secret that signs tokens, from `dataDir`; made on the first start, for its owner's eyes only. */
export function keepSecret(dataDir: string): { secret: string; made: boolean } {
  const file = join(dataDir, 'jwt-secret');
  const made = makeSecret(dataDir, file);
  if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
  const secret = readFileSync(file, 'utf8').trim();
  if (Buffer.byteLength(secret) >= 32) return { secret, made };
  throw new CannotStart(`${file} is damaged: it holds less than 32 bytes. Remove it and start again; everybody will have \
to log in anew.`);
}

/** By a link, so that the file is whole as soon as it has its name, and the first of two starts wins. */
function makeSecret(dataDir: string, file: string): boolean {
  const unfinished = `${file}.${process.pid}`;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    if (statSync(file, { throwIfNoEntry: false })) return false;
    writeFileSync(unfinished, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
    linkSync(unfinished, file);
    return true;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if ('code' in error && error.code === 'EEXIST') return false;
    throw new CannotStart(`The data folder ${dataDir} cannot be used (${error.message}). Choose another by DATA_DIR.`);
  } finally {
    rmSync(unfinished, { force: true });
  }
}
