import type { TimelineMessage, UnsentMessage } from '@carpenter/client';
import { X } from 'lucide-react';
import { useRoom } from '../conversation/room.ts';
import { useClient, useObservable } from '../hooks/client.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { words } from '../words/words.ts';
import { Attachments } from './Attachments.tsx';
import styles from './MessageFiles.module.css';
import { UploadTile } from './UploadTile.tsx';

/** The files of a message: as they are, or on their way. */
export function MessageFiles({ entry }: { entry: TimelineMessage }) {
  const { layout } = useRoom();
  if (entry.kind === 'stored') {
    const files = entry.message.attachments;
    return files && <Attachments files={files} compact={layout === 'compact'} />;
  }
  return entry.more?.uploads && <OnTheirWay entry={entry} ids={entry.more.uploads} />;
}

function OnTheirWay({ entry, ids }: { entry: UnsentMessage; ids: readonly string[] }) {
  const { handle, write } = useRoom();
  const all = useObservable(useClient().uploads);
  const mine = all.filter(({ id }) => ids.includes(id));
  if (mine.length === 0) return null;
  const takeBack = () => {
    handle.takeBack(entry.clientId);
    if (entry.text !== '') write(entry.text);
  };
  return (
    <ul className={styles.files}>
      {mine.map(upload => (
        <UploadTile key={upload.id} upload={upload}>
          {entry.status.is === 'queued' && (
            <IconButton small icon={X} label={words.media.takeBack} onClick={takeBack} />
          )}
        </UploadTile>
      ))}
    </ul>
  );
}
