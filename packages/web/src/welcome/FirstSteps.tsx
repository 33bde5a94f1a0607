import type { FreshInvite, Id } from '@carpenter/protocol';
import { Check, Link } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { useClient, useMe, useObservable } from '../hooks/client.ts';
import { useTry } from '../hooks/useTry.ts';
import { device, turnOn } from '../notify/device.ts';
import { Button } from '../parts/Button.tsx';
import { Logo } from '../parts/Logo.tsx';
import { showToast } from '../parts/toasts.ts';
import { useGo } from '../place.ts';
import { dateOf } from '../words/times.ts';
import { words } from '../words/words.ts';
import styles from './FirstSteps.module.css';
import type { Step, StepKey } from './useSteps.ts';

const week = 7 * 86_400;
const people = 25;

/** What makes a new place, or a new account, one to work in: each step with its act, checked off once it is done. */
export function FirstSteps({ steps, id }: { steps: readonly Step[]; id: Id }) {
  const client = useClient();
  const me = useMe();
  const go = useGo();
  const denied = useObservable(device) === 'denied';
  const title = useId();
  const [made, setMade] = useState<FreshInvite>();
  const [failed, attempt] = useTry();
  const { welcome, notify, message, invite } = words;
  const address = made && `${location.origin}/join/${made.code}`;

  const copy = () =>
    attempt(async () => {
      const link =
        made ??
        (await client.createInvite({ conversationIds: [id], role: 'member', expiresInSeconds: week, maxUses: people }));
      setMade(link);
      await navigator.clipboard.writeText(`${location.origin}/join/${link.code}`).then(
        () => showToast({ text: invite.copied }),
        () => showToast({ text: message.copyFailed }),
      );
    });
  const leads: Record<StepKey, string> = {
    account: me.role === 'owner' ? welcome.owner : welcome.account(me.username),
    invite: welcome.inviteLead(7, people),
    look: welcome.lookLead,
    face: welcome.faceLead,
    notify: denied ? welcome.notifyDenied : welcome.notifyLead,
  };
  const acts: Record<StepKey, ReactNode> = {
    account: null,
    invite: (
      <Button look="main" onClick={copy}>
        {welcome.copyLink}
      </Button>
    ),
    look: <Button onClick={() => go.to({ at: 'channels' })}>{welcome.browse}</Button>,
    face: <Button onClick={() => go.to({ at: 'settings', section: 'profile' })}>{welcome.openSettings}</Button>,
    notify: denied ? null : <Button onClick={() => attempt(() => turnOn(client))}>{notify.yes}</Button>,
  };
  return (
    <article className={styles.welcome} aria-labelledby={title} tabIndex={-1}>
      <Logo size={40} />
      <h2 id={title}>{me.role === 'owner' ? welcome.ownerTitle : welcome.title}</h2>
      <p>{welcome.lead}</p>
      <ol className={styles.card}>
        {steps.map(({ key, done }, index) => (
          <li key={key}>
            <span className={styles.number} data-done={done || undefined}>
              {done ? (
                <Check size={16} strokeWidth={2.2} role="img" aria-label={welcome.done} />
              ) : (
                words.app.count(index + 1)
              )}
            </span>
            <span className={styles.what}>
              <b>{welcome.steps[key]}</b>
              <small>{leads[key]}</small>
            </span>
            {(!done || key === 'invite') && acts[key]}
          </li>
        ))}
      </ol>
      {failed && <p role="alert">{failed}</p>}
      {address && (
        <p className={styles.link}>
          <Link size={16} strokeWidth={1.7} aria-hidden="true" />
          <code>{address}</code>
          {made.expiresAt !== undefined && <span>{welcome.expires(dateOf(made.expiresAt))}</span>}
        </p>
      )}
      <p className={styles.away}>
        <Button look="link" onClick={() => attempt(() => client.personal.prefer({ firstSteps: false }))}>
          {welcome.away}
        </Button>{' '}
        {welcome.back}
      </p>
    </article>
  );
}
