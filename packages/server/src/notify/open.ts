import type { Logger } from 'pino';
import webPush from 'web-push';
import type { Bus } from '../bus/bus.ts';
import type { Chat } from '../chat/chat.ts';
import type { Config } from '../config.ts';
import { startJobs } from '../jobs/jobs.ts';
import { forgetAuditTask, forgetSessionsTask, sweepTask } from '../jobs/sweep.ts';
import { createCodeLimits } from '../mail/address.ts';
import { digestTask } from '../mail/digest.ts';
import { openPost } from '../mail/post.ts';
import type { Media } from '../media/media.ts';
import { openResolver } from '../outside/judge.ts';
import { previewTask } from '../previews/preview-task.ts';
import { follow } from '../store/aside.ts';
import { keepPushKeys } from '../store/push.ts';
import { deliverTask, forgetTask } from './deliver.ts';
import { createDeviceTries } from './devices.ts';
import { followForNotifications } from './follow.ts';
import type { Notify } from './notify.ts';
import { unpushTask, watchReading } from './read-elsewhere.ts';
import { tellTask } from './tell.ts';

/** Pages that are looked at the same time. */
const looksAtOnce = 4;

/** Everything that happens after a message was stored: telling people who are not there, and looking at the pages it links to. */
export async function openNotify(
  url: string,
  config: Pick<Config, 'linkPreviews' | 'reachable' | 'publicUrl' | 'mail' | 'auditDays'>,
  { chat, bus, media, log }: { chat: Chat; bus: Bus; media: Media; log: Logger },
): Promise<{ readonly notify: Notify; close(): Promise<void> }> {
  const policy = { allowed: config.reachable, resolver: openResolver() };
  const keys = await keepPushKeys(chat.store.db, webPush.generateVAPIDKeys());
  const { publicUrl } = config;
  const post = config.mail && openPost(config.mail);
  const mail = { chat, post, publicUrl, codes: createCodeLimits() };
  const notify: Notify = { chat, log, policy, keys, mail, publicUrl, deviceTries: createDeviceTries() };
  // What waits for servers that strangers name, and may be slow, holds up nothing else.
  const patient = await startJobs(url, log, [deliverTask(notify), unpushTask(notify)]);
  const looking = await startJobs(url, log, [previewTask({ chat, media, policy, publicUrl })], looksAtOnce);
  const jobs = await startJobs(url, log, [
    tellTask(notify),
    forgetTask(notify),
    digestTask(mail),
    sweepTask(chat.store.db, log),
    forgetAuditTask(chat.store.db, config.auditDays, log),
    forgetSessionsTask(chat.store.db, log),
  ]);
  const following = follow(url, bus, log, followForNotifications(config.linkPreviews));
  const reading = watchReading(notify);
  return {
    notify,
    async close() {
      await following.close();
      await reading.close();
      await Promise.all([jobs.close(), patient.close(), looking.close()]);
      post?.close();
    },
  };
}
