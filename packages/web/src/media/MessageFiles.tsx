import type { TimelineMessage } from '@carpenter/client';
import { useRoom } from '../conversation/room.ts';
import { useClient, useObservable } from '../hooks/client.ts';
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
  return entry.more?.uploads && <OnTheirWay ids={entry.more.uploads} />;
}

function OnTheirWay({ ids }: { ids: readonly string[] }) {
  const all = useObservable(useClient().uploads);
  const mine = all.filter(({ id }) => ids.includes(id));
  if (mine.length === 0) return null;
  return (
    <ul className={styles.files}>
      {mine.map(upload => (
        <UploadTile key={upload.id} upload={upload} />
      ))}
    </ul>
  );
}
