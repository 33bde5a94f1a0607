import type { SearchAnswer } from '@carpenter/protocol';
import { useClient, useObservable, usePeople } from '../hooks/client.ts';
import { useNow } from '../hooks/clock.ts';
import { iconOf } from '../media/FileCard.tsx';
import { SaveLink } from '../media/SaveLink.tsx';
import { addressOf, useGo } from '../place.ts';
import { longTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import styles from './FileHits.module.css';
import { type FoundFile, foundFiles } from './foundFiles.ts';
import { hitPlace } from './hitPlace.ts';
import { Marked } from './Marked.tsx';
import { useTitles } from './useTitles.ts';

/** Files that were found: each a link to its message. Those of people whom one has blocked are not shown. */
export function FileHits({ answer }: { answer: SearchAnswer }) {
  const blocked = useObservable(useClient().blocked);
  const now = useNow(60_000);
  return (
    <ul className={styles.files}>
      {foundFiles(answer)
        .filter(({ message }) => !blocked.has(message.sender))
        .map(found => (
          <FileHit key={`${found.message.id} ${found.file.id}`} found={found} now={now} />
        ))}
    </ul>
  );
}

function FileHit({ found: { file, message, conversation, root, ranges }, now }: { found: FoundFile; now: number }) {
  const go = useGo();
  const { nameOf } = usePeople();
  const { title } = useTitles()(root);
  const place = hitPlace(message, conversation);
  const { search, media } = words;
  return (
    <li className={styles.file}>
      <a
        data-hit=""
        href={addressOf(place)}
        onClick={event => {
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
          event.preventDefault();
          go.to(place);
        }}
      >
        <Sign file={file} />
        <span className={styles.what}>
          <bdi className={styles.name}>
            {file.kind === 'voice' ? media.voice : <Marked text={file.name} ranges={ranges} />}
          </bdi>
          <small>
            {search.fileFrom(nameOf(message.sender), title, longTime(message.createdAt, now), media.size(file.bytes))}
          </small>
        </span>
      </a>
      <SaveLink file={file} />
    </li>
  );
}

function Sign({ file }: Pick<FoundFile, 'file'>) {
  const client = useClient();
  const Icon = iconOf(file);
  return (
    <span className={styles.sign}>
      {file.kind === 'image' ? (
        <img src={client.mediaUrl(file.id, 'thumbnail')} alt="" loading="lazy" decoding="async" />
      ) : (
        <Icon size={20} strokeWidth={1.6} aria-hidden="true" />
      )}
    </span>
  );
}
