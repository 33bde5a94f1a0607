import { settingsOf } from '@carpenter/protocol';
import { z } from 'zod';
import type { Chat } from '../chat/chat.ts';
import { v7 } from '../ids.ts';
import { task } from '../jobs/jobs.ts';
import { nextTryInMs } from '../jobs/patience.ts';
import { insertDeliveries } from '../store/deliveries.ts';
import { type DueDigest, missedBy, takeDueDigests } from '../store/mail.ts';
import { meById } from '../store/users.ts';
import type { CodeLimits } from './address.ts';
import { letters } from './letters.ts';
import { NotSent, type Post } from './post.ts';

export interface Mail {
  readonly chat: Chat;
  /** Absent: this server sends no mail. */
  readonly post?: Post | undefined;
  /** Where people open this server; absent where nobody has said so. */
  readonly publicUrl?: string | undefined;
  readonly codes: CodeLimits;
}

const portion = 20;
const shownMax = 20;

/** Every few minutes: who has missed a mention, or a message to them alone, hears of it by mail, as often as they chose. */
export const digestTask = (mail: Mail) =>
  task({
    name: 'digest',
    payload: z.unknown(),
    at: '*/5 * * * *',
    async run() {
      for (let more = mail.post !== undefined; more; ) {
        const due = await takeDueDigests(mail.chat.store.db, portion);
        for (const one of due) await noteFailed(mail, one, await sendDigest(mail, one));
        more = due.length === portion;
      }
    },
  });

async function noteFailed({ chat }: Mail, { userId, address }: DueDigest, failed: NotSent | undefined): Promise<void> {
  if (!failed) return;
  const one = { id: v7(), userId, over: 'email' as const, device: address, error: failed.message };
  await insertDeliveries(chat.store.db, [failed.forGood ? one : { ...one, nextTryInMs: nextTryInMs(1, 0) }]);
}

/** What somebody has missed, in one letter; none where they have missed nothing. @returns why it was not sent */
export async function sendDigest({ chat, post, publicUrl }: Mail, due: DueDigest): Promise<NotSent | undefined> {
  const { db } = chat.store;
  const found = await missedBy(db, due.userId, due.since, shownMax + 1);
  if (found.length === 0 || !post) return undefined;
  const me = await meById(db, due.userId);
  const shows = settingsOf(me?.preferences ?? {}).notifyPreview;
  const shown = found.slice(0, shownMax).map(one => (shows ? one : { ...one, text: '(not shown, as you wish)' }));
  try {
    await post.send({
      to: due.address,
      ...letters.missed(hostOf(publicUrl), publicUrl, due.name, shown, found.length > shownMax),
    });
    return undefined;
  } catch (error) {
    if (error instanceof NotSent) return error;
    throw error;
  }
}

export const hostOf = (publicUrl: string | undefined): string => (publicUrl ? new URL(publicUrl).host : 'Carpenter');
