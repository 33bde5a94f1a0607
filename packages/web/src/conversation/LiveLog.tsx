import type { Timeline } from '@carpenter/client';
import type { Message } from '@carpenter/protocol';
import { useEffect, useRef, useState } from 'react';
import { useClient, useObservable } from '../hooks/client.ts';
import { usePreferences } from '../hooks/preferences.ts';
import { preview } from '../markdown/plain.ts';
import { fileSummary } from '../media/fileWords.ts';
import { Hidden } from '../parts/Hidden.tsx';
import { words } from '../words/words.ts';
import { useRoom } from './room.ts';

const gatherMs = 2_000;
const eachUpTo = 3;
const keepLines = 20;

const heardOf = (message: Message): string =>
  [preview(message.text, 500), fileSummary(message)].filter(Boolean).join(', ');

/** Speaks new messages of others, and only those; a flood becomes a number. */
export function LiveLog({ timeline }: { timeline: Timeline }) {
  const { me, nameOf } = useRoom();
  const blocked = useObservable(useClient().blocked);
  const { announce } = usePreferences();
  const [lines, setLines] = useState<readonly { key: string; text: string }[]>([]);
  const heard = useRef<number | undefined>(undefined);
  const waiting = useRef<{ key: string; text: string }[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    if (timeline.phase !== 'ready' || !announce) return;
    const isNews = (message: Message) =>
      message.sender !== me && heardOf(message) !== '' && !blocked.has(message.sender);
    const from = heard.current ?? timeline.lastSeq;
    heard.current = timeline.lastSeq;
    for (const entry of timeline.messages)
      if (entry.kind === 'stored' && entry.message.seq > from && isNews(entry.message))
        waiting.current.push({
          key: entry.key,
          text: words.timeline.heard(nameOf(entry.message.sender), heardOf(entry.message)),
        });
    if (waiting.current.length === 0 || timer.current) return;
    const speak = () => {
      const news = waiting.current.splice(0);
      timer.current = undefined;
      const last = news.at(-1);
      if (!last) return;
      const said = news.length <= eachUpTo ? news : [{ key: last.key, text: words.timeline.heardMany(news.length) }];
      setLines(before => [...before, ...said].slice(-keepLines));
    };
    timer.current = setTimeout(speak, waiting.current.length === 1 ? 300 : gatherMs);
  }, [timeline, me, nameOf, blocked, announce]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <div role="log" aria-live="polite" aria-relevant="additions">
      <Hidden>
        {lines.map(line => (
          <span key={line.key}>{line.text} </span>
        ))}
      </Hidden>
    </div>
  );
}
