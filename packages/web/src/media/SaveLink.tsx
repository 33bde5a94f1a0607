import type { Attachment } from '@carpenter/protocol';
import { Download } from 'lucide-react';
import { useContext } from 'react';
import { useClient } from '../hooks/client.ts';
import { TabStopContext } from '../markdown/names.ts';
import { words } from '../words/words.ts';
import styles from './SaveLink.module.css';

/** Saves a file under its name. */
export function SaveLink({ file }: { file: Attachment }) {
  const client = useClient();
  const stop = useContext(TabStopContext);
  const label = words.media.saveFile(file.name);
  return (
    <a
      className={styles.save}
      href={client.mediaUrl(file.id)}
      download={file.name}
      tabIndex={stop}
      aria-label={label}
      title={words.media.save}
    >
      <Download size={18} strokeWidth={1.6} aria-hidden="true" />
    </a>
  );
}
