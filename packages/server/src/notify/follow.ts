import { type Id, type Message, previewableIn } from '@carpenter/protocol';
import type pg from 'pg';
import { createRecent } from '../recent.ts';
import type { Aside, Changed } from '../store/aside.ts';
import { addJob } from '../store/jobs.ts';
import { listenedTo } from '../store/notified.ts';

/** What is older is no news: after a long pause nobody is woken for it. */
const newsMs = 15 * 60_000;
/** Links of one person are counted until they send none for so long. */
const pauseMs = 60_000;
const countedMax = 1_000;

/**
 * Looks at every new message, beside the lanes, and puts aside what is to be done about it: tell people, look at the page it links
 * to. One job a conversation and portion, and none where nobody could be told.
 */
export function followForNotifications(previews: boolean): Aside {
  const links = createRecent<Id, number>(100_000, pauseMs);
  return { name: 'notify', handle };

  async function handle(tx: pg.ClientBase, changed: readonly Changed[]): Promise<void> {
    const young = changed.filter(({ ageMs }) => ageMs < newsMs);
    const standing = young.filter(({ message }) => message.type === 'text' && !message.deletedAt);
    await noteTelling(
      tx,
      standing.filter(({ fresh }) => fresh).map(({ message }) => message),
    );
    if (!previews) return;
    for (const { message } of standing.filter(wantsLook)) {
      const { conversationId, seq, sender } = message;
      // the first link of everybody, then the second: whoever links to many pages, slow ones perhaps, waits for themselves
      const before = links.get(sender) ?? 0;
      links.set(sender, Math.min(before + 1, countedMax));
      await addJob(tx, 'preview', { conversationId, seq }, { key: `preview ${conversationId} ${seq}`, behind: before });
    }
  }
}

async function noteTelling(tx: pg.ClientBase, messages: readonly Message[]): Promise<void> {
  if (messages.length === 0) return;
  const byConversation = Map.groupBy(messages, message => message.conversationId);
  const listened = await listenedTo(tx, [...byConversation.keys()]);
  for (const [conversationId, list] of byConversation) {
    if (!listened.has(conversationId) && !list.some(({ mentions }) => mentions)) continue;
    await addJob(tx, 'tell', { conversationId, seqs: list.map(({ seq }) => seq) });
  }
}

/** New with a link, or edited so that the preview no longer fits. Of a reaction to all others the text is not even read. */
function wantsLook({ message, fresh }: Changed): boolean {
  if (!fresh && message.editedAt === undefined) return false;
  const link = previewableIn(message.text);
  return fresh ? link !== undefined : message.preview?.url !== link;
}
