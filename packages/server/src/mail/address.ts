import { createHash, randomInt } from 'node:crypto';
import { type Id, type MailAddress, refuse } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import { createLimiter, type Limiter } from '../auth/limiter.ts';
import { confirmMail, deleteMail, mailOf, putMail, setMailRhythm } from '../store/mail.ts';
import { hostOf, type Mail } from './digest.ts';
import { letters } from './letters.ts';
import { NotSent } from './post.ts';

/** Between two codes to one person: nobody fills somebody else's letter box. */
const betweenMs = 60_000;
/** Codes that one letter box gets in an hour, whoever asks for them. */
const perBox = 5;

/** Counted beside the database, which forgets with the address when it was asked for a code. */
export interface CodeLimits {
  readonly byPerson: Limiter;
  readonly byBox: Limiter;
}
export const createCodeLimits = (): CodeLimits => ({
  byPerson: createLimiter(1, betweenMs),
  byBox: createLimiter(perBox, 3_600_000),
});

export async function readMail(
  { chat, post }: Mail,
  actor: Actor,
): Promise<{ available: boolean; mail?: MailAddress }> {
  const found = await mailOf(chat.store.db, actor.userId);
  if (!found) return { available: post !== undefined };
  const { address, everyHours, confirmed } = found;
  return { available: post !== undefined, mail: { address, everyHours, confirmed } };
}

/**
 * Another rhythm, or another address, which gets a code and nothing else until it is confirmed.
 * @throws {Refusal} mail.unavailable, mail.too_often, mail.failed
 */
export async function setMail(
  { chat, post, publicUrl, codes }: Mail,
  actor: Actor,
  { address, everyHours }: Pick<MailAddress, 'address' | 'everyHours'>,
): Promise<MailAddress> {
  if (!post) refuse('mail.unavailable', {});
  const { db } = chat.store;
  const before = await mailOf(db, actor.userId);
  if (before?.confirmed && before.address === address) {
    await setMailRhythm(db, actor.userId, everyHours);
    return { address, everyHours, confirmed: true };
  }
  if (before && before.codeAgeMs < betweenMs) refuse('mail.too_often', { retryAfterMs: betweenMs - before.codeAgeMs });
  const retryAfterMs = codes.byPerson.take(actor.userId) || codes.byBox.take(address.toLowerCase());
  if (retryAfterMs > 0) refuse('mail.too_often', { retryAfterMs });
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  await putMail(db, actor.userId, { address, everyHours, codeHash: hashOf(actor.userId, code) });
  try {
    await post.send({ to: address, ...letters.code(hostOf(publicUrl), code) });
  } catch (error) {
    if (error instanceof NotSent) refuse('mail.failed', { reason: error.message });
    throw error;
  }
  return { address, everyHours, confirmed: false };
}

/** @throws {Refusal} mail.wrong_code */
export async function confirm({ chat }: Mail, actor: Actor, code: string): Promise<MailAddress> {
  const { db } = chat.store;
  if (!(await confirmMail(db, actor.userId, hashOf(actor.userId, code)))) refuse('mail.wrong_code', {});
  const found = await mailOf(db, actor.userId);
  if (!found) refuse('mail.wrong_code', {});
  return { address: found.address, everyHours: found.everyHours, confirmed: true };
}

export const removeMail = ({ chat }: Mail, actor: Actor): Promise<void> => deleteMail(chat.store.db, actor.userId);

const hashOf = (userId: Id, code: string): Buffer => createHash('sha256').update(`${userId} ${code}`).digest();
