import type { Attachment } from '@carpenter/protocol';
import { useContext, useState } from 'react';
import { useClient } from '../hooks/client.ts';
import { TabStopContext } from '../markdown/names.ts';
import { words } from '../words/words.ts';
import styles from './Attachments.module.css';
import { FileCard, iconOf } from './FileCard.tsx';
import { Picture } from './Picture.tsx';
import { Sound } from './Sound.tsx';
import { boxOf, columnsOf } from './sizes.ts';
import { Viewer } from './Viewer.tsx';

interface Props {
  files: readonly Attachment[];
  /** One line each: what it is and how it is called. */
  compact: boolean;
}

/** What came with a message: pictures in their places, one below the other what is heard, and files to save. */
export function Attachments({ files, compact }: Props) {
  const [open, setOpen] = useState<number>();
  const pictures = files.filter(({ kind }) => kind === 'image');
  const viewer = open !== undefined && (
    <Viewer pictures={pictures} at={open} onMove={setOpen} onClose={() => setOpen(undefined)} />
  );
  if (compact) {
    return (
      <span className={styles.chips}>
        {files.map(file => (
          <Chip key={file.id} file={file} onOpen={() => setOpen(pictures.indexOf(file))} />
        ))}
        {viewer}
      </span>
    );
  }
  const [first] = pictures;
  return (
    <div className={styles.attachments}>
      {first && pictures.length === 1 && <Alone picture={first} onOpen={() => setOpen(0)} />}
      {pictures.length > 1 && (
        <div
          className={styles.grid}
          style={{ gridTemplateColumns: `repeat(${columnsOf(pictures.length)}, minmax(0, 1fr))` }}
        >
          {pictures.map((picture, index) => (
            <Picture key={picture.id} picture={picture} style={{ aspectRatio: 1 }} onOpen={() => setOpen(index)} />
          ))}
        </div>
      )}
      {files.map(file => file.kind !== 'image' && <Other key={file.id} file={file} />)}
      {viewer}
    </div>
  );
}

function Alone({ picture, onOpen }: { picture: Attachment; onOpen: () => void }) {
  const { width, ratio } = boxOf(picture);
  return <Picture picture={picture} style={{ inlineSize: width, aspectRatio: ratio }} onOpen={onOpen} />;
}

function Other({ file }: { file: Attachment }) {
  if (file.kind === 'video') return <Film film={file} />;
  return file.kind === 'file' ? <FileCard file={file} /> : <Sound sound={file} />;
}

function Film({ film }: { film: Attachment }) {
  const client = useClient();
  const stop = useContext(TabStopContext);
  const { width, ratio } = boxOf(film);
  return (
    // biome-ignore lint/a11y/useMediaCaption: people send films without captions; `alt` says what is on them.
    <video
      className={styles.film}
      style={{ inlineSize: width, aspectRatio: ratio }}
      src={client.mediaUrl(film.id)}
      controls
      preload="metadata"
      playsInline
      tabIndex={stop}
      aria-label={film.alt ?? words.media.open(film.name)}
    />
  );
}

function Chip({ file, onOpen }: { file: Attachment; onOpen: () => void }) {
  const client = useClient();
  const stop = useContext(TabStopContext);
  const Icon = iconOf(file);
  const inside = (
    <>
      <Icon size={14} strokeWidth={1.7} aria-hidden="true" />
      <bdi>{file.kind === 'voice' ? words.media.voice : file.name}</bdi>
    </>
  );
  if (file.kind === 'image') {
    return (
      <button type="button" className={styles.chip} tabIndex={stop} onClick={onOpen}>
        {inside}
      </button>
    );
  }
  return (
    <a className={styles.chip} href={client.mediaUrl(file.id)} download={file.name} tabIndex={stop}>
      {inside}
    </a>
  );
}
