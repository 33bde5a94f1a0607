import type { Upload } from '@carpenter/client';
import type { MediaKind } from '@carpenter/protocol';
import { RotateCcw, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useClient } from '../hooks/client.ts';
import { cx } from '../parts/cx.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { reason } from '../words/failures.ts';
import { words } from '../words/words.ts';
import { iconOf } from './FileCard.tsx';
import styles from './UploadTile.module.css';
import { useObjectUrl } from './useObjectUrl.ts';

/** A file on its way: what it is, how far it has come, and what can be done about it. */
export function UploadTile({ upload, children }: { upload: Upload; children?: ReactNode }) {
  const client = useClient();
  const kind = kindOf(upload);
  const { status } = upload;
  const here = useObjectUrl(kind === 'image' ? upload.file : undefined);
  const there =
    !upload.file && kind === 'image' && status.is === 'ready'
      ? client.mediaUrl(status.attachment.id, 'thumbnail')
      : undefined;
  const url = here ?? there;
  const [broken, setBroken] = useState(false);
  const { media } = words;
  const Icon = iconOf({ kind, mediaType: upload.mediaType });
  const name = kind === 'voice' ? media.voice : upload.name || media.file('');
  const percent = status.is === 'sending' ? Math.floor((100 * status.sentBytes) / upload.bytes) : undefined;
  const failed = status.is === 'failed';
  return (
    <li className={cx(styles.tile, failed && styles.failed)}>
      {url && !broken ? (
        <img className={styles.sign} src={url} alt="" onError={() => setBroken(true)} />
      ) : (
        <span className={styles.sign}>
          <Icon size={20} strokeWidth={1.6} aria-hidden="true" />
        </span>
      )}
      <span className={styles.what}>
        <bdi title={upload.name}>{name}</bdi>
        <small role={failed ? 'alert' : undefined}>{stateOf(upload)}</small>
      </span>
      {children}
      {failed && (
        <IconButton small icon={RotateCcw} label={media.retry(name)} onClick={() => client.retryUpload(upload.id)} />
      )}
      {!upload.inMessage && (
        <IconButton small icon={X} label={media.remove(name)} onClick={() => client.cancelUpload(upload.id)} />
      )}
      {percent !== undefined && (
        <progress
          className={styles.progress}
          value={percent}
          max={100}
          aria-label={media.uploadingSpoken(name, percent)}
        />
      )}
    </li>
  );
}

function stateOf({ status, bytes }: Upload): string {
  const { media } = words;
  switch (status.is) {
    case 'waiting':
      return status.because.code === 'waiting.connection' ? media.waiting : media.pausing(reason(status.because));
    case 'sending':
      return `${media.uploading(Math.floor((100 * status.sentBytes) / bytes))} · ${media.size(bytes)}`;
    case 'checking':
      return media.checking;
    case 'ready':
      return media.size(status.attachment.bytes);
    case 'failed':
      return media.failed(reason(status.because));
  }
}

/** A guess, until the server has looked at it. */
function kindOf({ status, said, mediaType }: Upload): MediaKind {
  if (status.is === 'ready') return status.attachment.kind;
  if (said.voice) return 'voice';
  const [kind] = mediaType.split('/');
  return kind === 'image' || kind === 'video' || kind === 'audio' ? kind : 'file';
}
