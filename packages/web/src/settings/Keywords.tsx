import { useEffect, useState } from 'react';
import { Field } from '../parts/Field.tsx';
import { words } from '../words/words.ts';
import type { Prefer } from './usePrefer.ts';

const split = (text: string): string[] => [...new Set(text.split(',').map(word => word.trim()))].filter(Boolean);
const fits = (list: readonly string[]) => list.length <= 20 && list.every(word => word.length <= 64);

/** Words that notify; kept when one leaves the field or presses Enter. */
export function Keywords({ keywords, prefer }: { keywords: readonly string[]; prefer: Prefer }) {
  const kept = keywords.join(', ');
  const [text, setText] = useState(kept);
  useEffect(() => setText(kept), [kept]);
  const { settings } = words;
  const list = split(text);
  const keep = () => {
    if (fits(list) && list.join(', ') !== kept) prefer({ keywords: list });
  };
  return (
    <Field
      label={settings.keywords}
      hint={settings.keywordsLead}
      error={fits(list) ? undefined : settings.keywordsTooMany}
      value={text}
      onChange={event => setText(event.target.value)}
      onBlur={keep}
      onKeyDown={event => {
        if (event.key === 'Enter') keep();
      }}
    />
  );
}
