import type { TimelineMessage } from '@carpenter/client';
import type { Preview } from '@carpenter/protocol';
import { X } from 'lucide-react';
import { useContext, useState } from 'react';
import { useClient, useMe } from '../hooks/client.ts';
import { usePreferences } from '../hooks/preferences.ts';
import { useTry } from '../hooks/useTry.ts';
import { TabStopContext } from '../markdown/names.ts';
import { blurOf } from '../media/blur.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { words } from '../words/words.ts';
import styles from './LinkPreview.module.css';

/** What the page that a message links to says of itself; for those who want to see such things. Whoever sent it can take it away. */
export function LinkPreview({ entry }: { entry: TimelineMessage }) {
  const { linkPreviews } = usePreferences();
  const client = useClient();
  const me = useMe();
  const [failed, attempt] = useTry();
  if (entry.kind !== 'stored' || !entry.message.preview || !linkPreviews) return null;
  const { conversationId, seq, sender, preview } = entry.message;
  return (
    <div className={styles.preview}>
      <Page preview={preview} removable={sender === me.id} />
      {sender === me.id && (
        <span className={styles.remove}>
          <IconButton
            icon={X}
            label={words.notify.removePreview}
            onClick={() => void attempt(() => client.removePreview(conversationId, seq))}
          />
        </span>
      )}
      {failed && <small role="alert">{failed}</small>}
    </div>
  );
}

function Page({ preview, removable }: { preview: Preview; removable: boolean }) {
  const client = useClient();
  const stop = useContext(TabStopContext);
  const [state, setState] = useState<'coming' | 'there' | 'failed'>('coming');
  const { url, title, description, site, imageId, width = 1, height = 1 } = preview;
  const { hostname } = new URL(url);
  const blur = state === 'there' ? undefined : blurOf(preview.blur);
  const wide = width / height > 1.4;
  return (
    <a
      className={styles.page}
      data-wide={wide}
      data-removable={removable}
      href={url}
      target="_blank"
      rel="noopener noreferrer nofollow"
      tabIndex={stop}
    >
      <span className={styles.words} dir="auto">
        <small>{site && site !== hostname ? words.notify.site(site, hostname) : hostname}</small>
        {title && <b>{title}</b>}
        {description && <span className={styles.description}>{description}</span>}
      </span>
      {imageId && state !== 'failed' && (
        <span
          className={styles.picture}
          style={{ aspectRatio: wide ? `${width} / ${height}` : '1', ...(blur && { backgroundImage: blur }) }}
        >
          <img
            src={client.mediaUrl(imageId, 'thumbnail')}
            alt=""
            loading="lazy"
            decoding="async"
            draggable={false}
            onLoad={() => setState('there')}
            onError={() => setState('failed')}
          />
        </span>
      )}
    </a>
  );
}
