import type { Id, MediaKind, SentMedia } from '@carpenter/protocol';
import { useEffect, useState } from 'react';
import { useClient, usePeople } from '../hooks/client.ts';
import { Button } from '../parts/Button.tsx';
import { useGo } from '../place.ts';
import { said } from '../words/failures.ts';
import { dateOf } from '../words/times.ts';
import { words } from '../words/words.ts';
import { iconOf } from './FileCard.tsx';
import { Picture } from './Picture.tsx';
import { SaveLink } from './SaveLink.tsx';
import styles from './SharedFiles.module.css';
import { Viewer } from './Viewer.tsx';

const pictureKinds: readonly MediaKind[] = ['image'];
const otherKinds: readonly MediaKind[] = ['file', 'video', 'audio', 'voice'];

/** What was sent in a conversation beside words, latest first: pictures as a gallery, all else as a list. */
export function SharedFiles({ id, lastSeq }: { id: Id; lastSeq: number }) {
  const pictures = usePages(id, pictureKinds, lastSeq);
  const others = usePages(id, otherKinds, lastSeq);
  const [open, setOpen] = useState<number>();
  const { gallery } = words.media;
  const none = pictures.media?.length === 0 && others.media?.length === 0;
  return (
    <section className={styles.block} aria-label={gallery.title}>
      <h3>{gallery.title}</h3>
      {none && <p className={styles.none}>{gallery.none}</p>}
      {(pictures.fault ?? others.fault) && <p role="alert">{pictures.fault ?? others.fault}</p>}
      {pictures.media && pictures.media.length > 0 && (
        <ul className={styles.grid} aria-label={gallery.pictures}>
          {pictures.media.map(({ attachment }, index) => (
            <li key={attachment.id}>
              <Picture
                picture={attachment}
                style={{ aspectRatio: 1, inlineSize: '100%' }}
                onOpen={() => setOpen(index)}
              />
            </li>
          ))}
        </ul>
      )}
      {pictures.more && <More onMore={pictures.more} />}
      {others.media && others.media.length > 0 && (
        <ul className={styles.list} aria-label={gallery.others}>
          {others.media.map(sent => (
            <Row key={sent.attachment.id} id={id} sent={sent} />
          ))}
        </ul>
      )}
      {others.more && <More onMore={others.more} />}
      {open !== undefined && pictures.media && (
        <Viewer
          pictures={pictures.media.map(({ attachment }) => attachment)}
          at={open}
          onMove={setOpen}
          onClose={() => setOpen(undefined)}
        />
      )}
    </section>
  );
}

const More = ({ onMore }: { onMore: () => void }) => (
  <Button size="small" onClick={onMore}>
    {words.media.gallery.more}
  </Button>
);

function Row({ id, sent: { attachment, sender, createdAt, seq } }: { id: Id; sent: SentMedia }) {
  const go = useGo();
  const { nameOf } = usePeople();
  const { media } = words;
  const Icon = iconOf(attachment);
  const name = attachment.kind === 'voice' ? media.voice : attachment.name;
  return (
    <li className={styles.row}>
      <Icon size={18} strokeWidth={1.6} aria-hidden="true" />
      <button
        type="button"
        className={styles.what}
        title={media.gallery.goto(name)}
        onClick={() => go.to({ at: 'conversation', id, details: false, message: seq })}
      >
        <bdi>{name}</bdi>
        <small>{media.gallery.from(nameOf(sender), dateOf(createdAt))}</small>
      </button>
      <SaveLink file={attachment} />
    </li>
  );
}

interface Pages {
  /** Undefined: not read yet. */
  readonly media: readonly SentMedia[] | undefined;
  readonly more: (() => void) | undefined;
  readonly fault: string | undefined;
}

/** Read anew when something was sent; further pages on demand. */
function usePages(id: Id, kinds: readonly MediaKind[], lastSeq: number): Pages {
  const client = useClient();
  const [page, setPage] = useState<{ media: readonly SentMedia[]; next?: string }>();
  const [fault, setFault] = useState<string>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new message may have brought files.
  useEffect(() => {
    let over = false;
    client.mediaIn(id, { kinds }).then(
      found => {
        if (over) return;
        setPage(found);
        setFault(undefined);
      },
      error => over || setFault(words.details.failed(said(error))),
    );
    return () => {
      over = true;
    };
  }, [client, id, kinds, lastSeq]);
  const { media, next } = page ?? {};
  const more = async () => {
    try {
      const found = await client.mediaIn(id, { kinds, ...(next !== undefined && { cursor: next }) });
      setPage({ ...found, media: [...(media ?? []), ...found.media] });
    } catch (error) {
      setFault(words.details.failed(said(error)));
    }
  };
  return { media, fault, more: next === undefined ? undefined : more };
}
