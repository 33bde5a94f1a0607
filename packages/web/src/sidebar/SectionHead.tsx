import { ChevronDown } from 'lucide-react';
import { useRail } from '../hooks/rail.ts';
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
  const rail = useRail();
  const names = { pinned: keep.pinnedHeading, others: keep.othersHeading, archived: keep.archivedHeading };
  const name = section.kind === 'folder' ? section.name : names[section.kind];
  const loud = open ? 0 : section.rows.filter(row => attentionOf(row, now) === 'loud').length;
  return (
    <h2 className={styles.heading}>
      <button
        type="button"
        id={`section-${section.key}`}
        aria-expanded={open}
        title={rail ? name : undefined}
        onClick={onFold}
      >
        <ChevronDown size={14} strokeWidth={2} aria-hidden="true" />
        <bdi data-beside>{name}</bdi>
        {loud > 0 && <b>{words.list.unread(loud)}</b>}
      </button>
    </h2>
  );
}
