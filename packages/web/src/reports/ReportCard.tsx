import { type Message, mayDo, mayRemove, type Report } from '@carpenter/protocol';
import { useClient, useObservable, usePeople } from '../hooks/client.ts';
import { serverNow } from '../hooks/clock.ts';
import { useTry } from '../hooks/useTry.ts';
import { Button } from '../parts/Button.tsx';
import { cx } from '../parts/cx.ts';
import { Face } from '../parts/Face.tsx';
import { useGo } from '../place.ts';
import { clock, longTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import styles from './Reports.module.css';

/** One report: what was said, by whom, and the acts that settle it. */
export function ReportCard({ report }: { report: Report }) {
  const client = useClient();
  const go = useGo();
  const { nameOf } = usePeople();
  const row = useObservable(client.conversations)?.find(each => each.id === report.conversationId);
  const [failed, attempt] = useTry();
  const { safety } = words;
  const { id, conversationId, seq, sender, reason, text, context, outcome, resolvedAt, resolvedBy } = report;
  const role = row?.mine.role;
  const now = serverNow();
  const settle = (how: 'acted' | 'dismissed') => client.resolveReport(id, how);
  const act = (what: () => Promise<unknown>) =>
    attempt(async () => {
      await what();
      await settle('acted');
    });
  return (
    <article className={styles.card} aria-label={safety.of(nameOf(sender))}>
      <header>
        <b>{safety.reasons[reason]}</b>
        <small>
          {report.conversationName === undefined ? safety.inDirect : safety.inRoom(report.conversationName)}
          {' · '}
          {safety.by(nameOf(report.reportedBy), longTime(report.createdAt, now))}
        </small>
        {text && <p dir="auto">{text}</p>}
      </header>
      <ol className={styles.context}>
        {context
          .filter(message => message.type === 'text')
          .map(message => (
            <Line key={message.seq} message={message} name={nameOf(message.sender)} meant={message.seq === seq} />
          ))}
      </ol>
      {failed && (
        <p role="alert" className={styles.failed}>
          {failed}
        </p>
      )}
      {resolvedAt && resolvedBy ? (
        <p className={styles.settled}>
          {(outcome === 'dismissed' ? safety.dismissedBy : safety.settledBy)(
            nameOf(resolvedBy),
            longTime(resolvedAt, now),
          )}
        </p>
      ) : (
        <footer>
          {row && (
            <Button
              size="small"
              onClick={() => go.to({ at: 'conversation', id: conversationId, details: false, message: seq })}
            >
              {safety.toMessage}
            </Button>
          )}
          {role && row.conversation.type !== 'direct' && mayDo(role, 'delete.others') && (
            <Button
              size="small"
              look="danger"
              onClick={() => act(() => client.conversation(conversationId).delete(seq))}
            >
              {safety.deleteIt}
            </Button>
          )}
          {role && row.conversation.type !== 'direct' && mayRemove(role, 'member') && (
            <Button size="small" onClick={() => act(() => client.removeMember(conversationId, sender))}>
              {safety.removePerson(nameOf(sender))}
            </Button>
          )}
          <Button size="small" onClick={() => attempt(() => settle('acted'))}>
            {safety.acted}
          </Button>
          <Button size="small" onClick={() => attempt(() => settle('dismissed'))}>
            {safety.dismiss}
          </Button>
        </footer>
      )}
    </article>
  );
}

function Line({ message, name, meant }: { message: Message; name: string; meant: boolean }) {
  return (
    <li className={cx(styles.line, meant && styles.meant)}>
      <Face id={message.sender} name={name} size={24} />
      <span>
        <small>
          <bdi>{name}</bdi> <time dateTime={message.createdAt}>{clock(message.createdAt)}</time>
        </small>
        <span dir="auto">{message.deletedAt ? words.message.deleted : message.text}</span>
      </span>
    </li>
  );
}
