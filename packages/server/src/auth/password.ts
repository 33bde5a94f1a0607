import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { refuse } from '@carpenter/protocol';
import { createGate } from './gate.ts';

/** What one hash takes: `memory` in KiB. */
export interface PasswordCost {
  readonly memory: number;
  readonly passes: number;
}
/** OWASP's first choice for argon2id: 19 MiB, two passes. About 50 ms of one core. */
export const passwordCost: PasswordCost = { memory: 19_456, passes: 2 };
const parallelism = 1;
const tagLength = 32;

// Work costs memory and a whole core: as many at once as there are cores, one of libuv's four threads stays free for
// files, and a waiting room of about two seconds. Whoever comes after that hears when to come again.
const cores = Math.min(availableParallelism(), 3);
const inTurn = createGate(cores, 64, waiting => refuse('auth.busy', { retryAfterMs: (waiting / cores) * 100 }));

const derive = promisify(argon2);
/** One password, one form: keyboards compose letters differently. */
const bytes = (password: string) => Buffer.from(password.normalize('NFKC'));

/** PHC string: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`. @throws auth.busy */
export async function hashPassword(password: string, cost = passwordCost): Promise<string> {
  const nonce = randomBytes(16);
  const message = bytes(password);
  const tag = await inTurn(() => derive('argon2id', { message, nonce, ...cost, parallelism, tagLength }));
  return format(nonce, tag, cost);
}

/**
 * Whether the password belongs to the hash. Without a hash (nobody has that name) it does the same work, then says no.
 * @throws auth.busy
 */
export async function passwordMatches(password: string, phc: string = nobody): Promise<boolean> {
  const { nonce, tag, ...given } = parse(phc);
  const found = await inTurn(() =>
    derive('argon2id', { message: bytes(password), nonce, tagLength: tag.length, ...given }),
  );
  return timingSafeEqual(found, tag) && phc !== nobody;
}

const base64 = (data: Buffer) => data.toString('base64').replaceAll('=', '');
const format = (nonce: Buffer, tag: Buffer, { memory, passes }: PasswordCost) =>
  `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(nonce)}$${base64(tag)}`;
const nobody = format(randomBytes(16), randomBytes(tagLength), passwordCost);

const pattern =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

/** Whether this is a hash that `passwordMatches` can read: for accounts that come from elsewhere. */
export const isPasswordHash = (phc: string): boolean => pattern.test(phc);

function parse(phc: string) {
  const [, memory, passes, parallelism, nonce, tag] = pattern.exec(phc) ?? [];
  if (nonce === undefined || tag === undefined) throw new Error('a stored password hash is not one of argon2id');
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    nonce: Buffer.from(nonce, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}
