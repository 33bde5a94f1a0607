import type { Client } from '@carpenter/client';
import type { Id } from '@carpenter/protocol';

/**
 * Tells which uploaded files come to stand in a composer of this device, and which go out of one: added, taken back, put into a message.
 * @returns the end of it
 */
export function followFiles(
  client: Client,
  account: Id,
  told: (change: { readonly conversation: Id; readonly file: Id; readonly here: boolean }) => void,
): () => void {
  let standing: ReadonlyMap<Id, Id> = new Map();
  const look = () => {
    const session = client.session.get();
    if (session.phase !== 'signedIn' || session.me.id !== account) return; // their files are not gone
    const before = standing;
    standing = new Map(
      client.uploads
        .get()
        .flatMap(({ conversationId, inMessage, status }) =>
          status.is === 'ready' && !inMessage ? [[status.attachment.id, conversationId]] : [],
        ),
    );
    for (const [file, conversation] of standing) if (!before.has(file)) told({ conversation, file, here: true });
    for (const [file, conversation] of before) if (!standing.has(file)) told({ conversation, file, here: false });
  };
  look();
  return client.uploads.subscribe(look);
}
