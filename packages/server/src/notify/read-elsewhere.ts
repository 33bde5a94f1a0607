import { id } from '@carpenter/protocol';
import { z } from 'zod';
import { task } from '../jobs/jobs.ts';
import { addJob } from '../store/jobs.ts';
import { subscriptionsOf, takePushed } from '../store/push.ts';
import type { Notify } from './notify.ts';
import { pushEach } from './push-each.ts';

const gatherMs = 1_000;
type Read = { userId: string; conversationId: string; readSeq: number };

/** Listens for reading, and has what stands on other screens taken away: a note of what one has read is noise. */
export function watchReading({ chat, log }: Notify): { close(): Promise<void> } {
  let read = new Map<string, Read>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  chat.bus.listen(told => {
    if (told.to !== 'users' || told.event.type !== 'receipt') return;
    const { conversationId, userId, readSeq, unreadFrom } = told.event;
    if (unreadFrom !== undefined || told.userIds[0] !== userId) return;
    read.set(`${userId} ${conversationId}`, { userId, conversationId, readSeq });
    timer ??= setTimeout(look, gatherMs);
  });

  function look(): void {
    timer = undefined;
    const batch = [...read.values()];
    read = new Map();
    running = take(batch).catch(error =>
      log.warn({ err: error }, 'notifications of what was read could not be closed'),
    );
  }

  async function take(batch: readonly Read[]): Promise<void> {
    for (const one of await takePushed(chat.store.db, batch)) await addJob(chat.store.db, 'unpush', one);
  }

  return {
    async close() {
      clearTimeout(timer);
      await running;
    },
  };
}

export const unpushTask = (notify: Notify) =>
  task({
    name: 'unpush',
    payload: z.object({ userId: id, conversationId: id }),
    async run({ userId, conversationId }) {
      // what does not arrive is no loss: the note stays until its person looks at it
      const devices = await subscriptionsOf(notify.chat.store.db, [userId]);
      await pushEach(notify, devices, async () => ({ kind: 'read', conversationId }));
    },
  });
