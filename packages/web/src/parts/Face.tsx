import type { PresenceStatus } from '@carpenter/protocol';
import { FacePicture, PictureOver } from '../media/FacePicture.tsx';
import { words } from '../words/words.ts';
import { cx } from './cx.ts';
import styles from './Face.module.css';
import { initials, woodOf } from './face.ts';

interface Props {
  id: string;
  name: string;
  size: 18 | 20 | 24 | 32 | 36 | 40 | 48 | 72;
  /** Round is a person, a rounded square a group, one with a # a channel. */
  shape?: 'person' | 'group' | 'channel';
  /** Of a group or channel; a person has their own. */
  picture?: string | undefined;
  /** Nothing is shown while nobody knows. */
  presence?: PresenceStatus | undefined;
}

/** Who it is, at a glance: never the only place where the name stands, so not for ears. */
export function Face({ id, name, size, shape = 'person', picture, presence }: Props) {
  return (
    <span
      className={cx(
        styles.face,
        shape !== 'person' && styles.group,
        shape === 'channel' ? styles.channel : styles[woodOf(id)],
      )}
      data-size={size}
    >
      {shape === 'person' ? <FacePicture id={id} /> : <PictureOver pictureId={picture} />}
      <span aria-hidden="true" className={styles.sign}>
        {shape === 'channel' ? words.rooms.hash : size < 20 ? initials(name).slice(0, 1) : initials(name)}
      </span>
      {presence && (
        <span
          className={cx(styles.presence, styles[presence])}
          role="img"
          aria-label={words.presence[presence]}
          title={words.presence[presence]}
        />
      )}
    </span>
  );
}
