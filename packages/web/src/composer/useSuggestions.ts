import type { Timeline } from '@carpenter/client';
import { type KeyboardEvent, type RefObject, useEffect, useState } from 'react';
import { toned } from '../emoji/catalogue.ts';
import { habits, took } from '../emoji/habits.ts';
import { loadEmoji } from '../emoji/load.ts';
import { askedAt, closedEmoji } from './asked.ts';
import { typeInto } from './typing.ts';
import { type Option, useOptions } from './useOptions.ts';

export interface Suggestions {
  readonly options: readonly Option[];
  /** The one that Tab and Enter take. */
  readonly at: number;
  readonly take: (option: Option) => void;
  /** @returns whether the key was for the suggestions */
  readonly onKeyDown: (event: KeyboardEvent) => boolean;
  /** The caret may stand elsewhere now. */
  readonly look: () => void;
}

/** Names proposed while one writes: behind `@`, `#`, `:` and a first `/`. They take keys only while there are any, and none of an input method. */
export function useSuggestions(
  field: RefObject<HTMLTextAreaElement | null>,
  text: string,
  timeline: Timeline,
): Suggestions {
  const [caret, setCaret] = useState(0);
  const [away, setAway] = useState<number>();
  const [step, setStep] = useState<{ for: string; at: number }>({ for: '', at: 0 });
  const asked = caret <= text.length ? askedAt(text, caret) : undefined;
  const open = asked !== undefined && asked.from !== away;
  const options = useOptions(open ? asked : undefined, timeline);
  const name = asked ? `${asked.from} ${asked.query}` : '';
  const at = step.for === name ? Math.min(step.at, options.length - 1) : 0;

  const look = () => {
    const element = field.current;
    if (!element) return;
    setCaret(element.selectionStart === element.selectionEnd ? element.selectionStart : Number.MAX_SAFE_INTEGER);
  };
  const take = (option: Option) => {
    if (!field.current || !asked) return;
    if (asked.kind === 'emoji') took(option.text.trim());
    typeInto(field.current, asked.from, caret, option.text);
    look();
  };

  // `:oak:` typed to its end.
  useEffect(() => {
    const element = field.current;
    const closed = element && closedEmoji(text, caret);
    if (!closed) return;
    loadEmoji().then(
      ({ byCode }) => {
        const emoji = byCode.get(closed.code);
        if (!emoji || element.value !== text || element.selectionStart !== caret) return;
        typeInto(element, closed.from, caret, toned(emoji, habits.get().tone));
      },
      () => {}, // it stays as it was typed
    );
  }, [field, text, caret]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (!open || options.length === 0 || event.ctrlKey || event.metaKey || event.altKey) return false;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const by = steps[event.key];
    const chosen = options[at];
    if (by !== undefined) setStep({ for: name, at: (at + by + options.length) % options.length });
    // A command that is written out is done by Enter, not proposed once more.
    else if (event.key === 'Enter' && asked?.kind === 'command' && chosen?.text.trim() === `/${asked.query}`)
      return false;
    else if ((event.key === 'Tab' || event.key === 'Enter') && !event.shiftKey && chosen) take(chosen);
    else if (event.key === 'Escape') setAway(asked?.from);
    else return false;
    event.preventDefault();
    return true;
  };
  return { options: open ? options : [], at, take, onKeyDown, look };
}
