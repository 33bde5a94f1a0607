import type { Attachment } from '@carpenter/protocol';
import { ImageOff, Play } from 'lucide-react';
import { type CSSProperties, useContext, useState } from 'react';
import { useClient } from '../hooks/client.ts';
import { useMedia } from '../hooks/surroundings.ts';
import { TabStopContext } from '../markdown/names.ts';
import { Button } from '../parts/Button.tsx';
import { cx } from '../parts/cx.ts';
import { words } from '../words/words.ts';
import { blurOf } from './blur.ts';
import styles from './Picture.module.css';

interface Props {
  picture: Attachment;
  /** Of the place; absent: it fills the one it is given. */
  style?: CSSProperties;
  onOpen: () => void;
}

/** A small picture in its place, blurred until it is there. Pressed, it opens large. */
export function Picture({ picture, style, onOpen }: Props) {
  const client = useClient();
  const stop = useContext(TabStopContext);
  const still = useMedia('(prefers-reduced-motion: reduce)');
  const [state, setState] = useState<'coming' | 'there' | 'failed'>('coming');
  const [tries, setTries] = useState(0);
  const { media } = words;
  const name = picture.alt ?? picture.name;
  const blur = state === 'there' ? undefined : blurOf(picture.blur);
  if (state === 'failed') {
    return (
      <div className={cx(styles.place, styles.failed)} style={style}>
        <ImageOff size={20} strokeWidth={1.6} aria-hidden="true" />
        <span>{media.gone}</span>
        <Button
          look="link"
          tabIndex={stop}
          onClick={() => {
            setTries(tries + 1);
            setState('coming');
          }}
        >
          {media.loadAgain}
        </Button>
      </div>
    );
  }
  const moving = picture.animated && !still;
  return (
    <button
      type="button"
      className={styles.place}
      style={{ ...style, ...(blur && { backgroundImage: blur }) }}
      tabIndex={stop}
      aria-label={media.open(name)}
      onClick={onOpen}
    >
      <img
        key={tries}
        src={client.mediaUrl(picture.id, moving ? undefined : 'thumbnail')}
        alt=""
        width={picture.width}
        height={picture.height}
        loading="lazy"
        decoding="async"
        draggable={false}
        className={cx(state === 'there' && styles.there)}
        onLoad={() => setState('there')}
        onError={() => setState('failed')}
      />
      {picture.animated && still && (
        <span className={styles.play} title={media.moves}>
          <Play size={18} strokeWidth={1.8} aria-hidden="true" />
        </span>
      )}
    </button>
  );
}
