import { Forwarded } from '../message/Forwarded.tsx';
import { Poll } from '../message/Poll.tsx';
import { ReplyQuote } from '../message/ReplyQuote.tsx';
import { Body, Gone } from './Body.tsx';
import type { MessageItem } from './items.ts';

/** What is said, with what it answers before it, and what there is to choose from after it. */
export function MessageContent({ item, text, gone }: { item: MessageItem; text: string; gone: boolean }) {
  const { entry } = item;
  if (gone) return <Gone />;
  const replyTo = entry.kind === 'stored' ? entry.message.replyTo : entry.more?.replyTo;
  const message = entry.kind === 'stored' ? entry.message : undefined;
  return (
    <>
      {message?.forwarded && <Forwarded from={message.forwarded} />}
      {replyTo !== undefined && <ReplyQuote seq={replyTo} />}
      <Body text={text} entry={entry} />
      {entry.kind === 'stored' && message?.poll && <Poll entry={entry} poll={message.poll} />}
    </>
  );
}
