import { Toolbar } from '@base-ui/react/toolbar';
import { Bold, Code, Italic, Link2, List, ListOrdered, type LucideIcon, Strikethrough, TextQuote } from 'lucide-react';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { IconButton } from '../parts/IconButton.tsx';
import { words } from '../words/words.ts';
import styles from './FormatBar.module.css';
import { type Format, formats, type Selected, toggleOf } from './format.ts';
import { toggleFormat } from './typing.ts';

const looks: { readonly [F in Format]: { readonly icon: LucideIcon; readonly keys?: string } } = {
  bold: { icon: Bold, keys: 'Control+B' },
  italic: { icon: Italic, keys: 'Control+I' },
  strike: { icon: Strikethrough, keys: 'Control+Shift+X' },
  code: { icon: Code, keys: 'Control+E' },
  quote: { icon: TextQuote },
  bullets: { icon: List },
  numbers: { icon: ListOrdered },
  link: { icon: Link2 },
};

/** Over the field while something is selected in it. Shift Tab leads into it; it never takes the focus by itself. */
export function FormatBar({ field }: { field: RefObject<HTMLTextAreaElement | null> }) {
  const [selected, setSelected] = useState<Selected>();
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const look = () => {
      const element = field.current;
      const focus = document.activeElement;
      if (!element || (focus !== element && !bar.current?.contains(focus))) return setSelected(undefined);
      const { value: text, selectionStart: from, selectionEnd: to } = element;
      setSelected(text.slice(from, to).trim() === '' ? undefined : { text, from, to });
    };
    const left = (event: FocusEvent) => event.relatedTarget === null && look();
    document.addEventListener('selectionchange', look);
    document.addEventListener('focusin', look);
    document.addEventListener('focusout', left);
    return () => {
      document.removeEventListener('selectionchange', look);
      document.removeEventListener('focusin', look);
      document.removeEventListener('focusout', left);
    };
  }, [field]);
  if (!selected) return null;
  return (
    <Toolbar.Root
      ref={bar}
      className={styles.bar}
      aria-label={words.format.label}
      onPointerDown={event => event.preventDefault()} // the field keeps the focus, and the phone its keyboard
      onKeyDown={event => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        field.current?.focus();
      }}
    >
      {formats.map(format => {
        const { icon, keys } = looks[format];
        return (
          <Toolbar.Button
            key={format}
            render={<IconButton icon={icon} label={words.format.does[format]} {...(keys && { keys })} />}
            aria-pressed={toggleOf(selected, format).isOn}
            onClick={() => field.current && toggleFormat(field.current, format)}
          />
        );
      })}
    </Toolbar.Root>
  );
}
