import type { Attachment, MediaKind } from '@carpenter/protocol';
import { File, FileArchive, FileText, Film, Image, type LucideIcon, Mic, Music } from 'lucide-react';
import { words } from '../words/words.ts';
import styles from './FileCard.module.css';
import { SaveLink } from './SaveLink.tsx';

const byKind: { readonly [K in Exclude<MediaKind, 'file'>]: LucideIcon } = {
  image: Image,
  video: Film,
  audio: Music,
  voice: Mic,
};

/** A sign for what a file is. */
export function iconOf({ kind, mediaType }: Pick<Attachment, 'kind' | 'mediaType'>): LucideIcon {
  if (kind !== 'file') return byKind[kind];
  if (/^text\/|pdf|document|word|sheet|presentation/.test(mediaType)) return FileText;
  return /zip|compressed|tar|rar|7z/.test(mediaType) ? FileArchive : File;
}

/** A file by name and size, to be saved. */
export function FileCard({ file }: { file: Attachment }) {
  const Icon = iconOf(file);
  return (
    <figure className={styles.card} aria-label={words.media.file(file.name)}>
      <span className={styles.sign}>
        <Icon size={20} strokeWidth={1.6} aria-hidden="true" />
      </span>
      <span className={styles.what}>
        <bdi title={file.name}>{file.name}</bdi>
        <small>{words.media.size(file.bytes)}</small>
      </span>
      <SaveLink file={file} />
    </figure>
  );
}
