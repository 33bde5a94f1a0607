import { Files, Search } from 'lucide-react';
import { Fragment } from 'react';
import { iconOf } from '../media/FileCard.tsx';
import { Face } from '../parts/Face.tsx';
import type { Entry } from './entries.ts';
import styles from './Palette.module.css';

/** What stands before an entry. */
export function Sign({ entry }: { entry: Entry }) {
  switch (entry.kind) {
    case 'conversation': {
      const { row } = entry;
      const shape = row.peer ? 'person' : row.conversation.type === 'channel' ? 'channel' : 'group';
      return (
        <Face
          id={row.peer?.id ?? row.id}
          name={row.title}
          size={32}
          shape={shape}
          picture={row.conversation.pictureId}
        />
      );
    }
    case 'person':
      return <Face id={entry.user.id} name={entry.user.displayName} size={32} />;
    case 'action':
      return (
        <span className={styles.icon}>
          <entry.action.icon size={20} strokeWidth={1.6} aria-hidden="true" />
        </span>
      );
    case 'channel':
      return (
        <Face id={entry.channel.id} name={entry.title} size={32} shape="channel" picture={entry.channel.pictureId} />
      );
    case 'file': {
      const Icon = iconOf(entry.found.file);
      return (
        <span className={styles.icon}>
          <Icon size={20} strokeWidth={1.6} aria-hidden="true" />
        </span>
      );
    }
    case 'allFiles':
      return (
        <span className={styles.icon}>
          <Files size={20} strokeWidth={1.6} aria-hidden="true" />
        </span>
      );
    case 'messages':
      return (
        <span className={styles.icon}>
          <Search size={20} strokeWidth={1.6} aria-hidden="true" />
        </span>
      );
  }
}

/** What fits what was typed, in green. */
export function Lit({ text, ranges }: { text: string; ranges: Entry['match']['ranges'] }) {
  return (
    <bdi>
      {ranges.map(({ from, to }, i) => (
        <Fragment key={from}>
          {text.slice(ranges[i - 1]?.to ?? 0, from)}
          <b>{text.slice(from, to)}</b>
        </Fragment>
      ))}
      {text.slice(ranges.at(-1)?.to ?? 0)}
    </bdi>
  );
}
