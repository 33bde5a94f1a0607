import { ChevronDown } from 'lucide-react';
import { words } from '../words/words.ts';
import { attentionOf } from './attention.ts';
import styles from './ConversationList.module.css';
import type { Section } from './sections.ts';

interface Props {
  section: Section;
  open: boolean;
  now: number;
  onFold: () => void;
}

/** The name of a section; folds it, and then still says that something in it wants one. */
export function SectionHead({ section, open, now, onFold }: Props) {
  const { keep } = words;
  const names = { pinned: keep.pinnedHeading, others: keep.othersHeading, archived: keep.archivedHeading };
  const loud = open ? 0 : section.rows.filter(row => attentionOf(row, now) === 'loud').length;
  return (
    <h2 className={styles.heading}>
      <button type="button" id={`section-${section.key}`} aria-expanded={open} onClick={onFold}>
        <ChevronDown size={14} strokeWidth={2} aria-hidden="true" />
        <bdi>{section.kind === 'folder' ? section.name : names[section.kind]}</bdi>
        {loud > 0 && <b>{words.list.unread(loud)}</b>}
      </button>
    </h2>
  );
}
