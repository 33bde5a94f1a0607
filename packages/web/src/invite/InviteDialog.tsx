import type { FreshInvite, Id, Invite, MemberRole } from '@carpenter/protocol';
import { useEffect, useState } from 'react';
import { useClient } from '../hooks/client.ts';
import { serverNow } from '../hooks/clock.ts';
import { useTry } from '../hooks/useTry.ts';
import { Button } from '../parts/Button.tsx';
import { Modal } from '../parts/Modal.tsx';
import { QrCode } from '../parts/QrCode.tsx';
import { Select } from '../parts/Select.tsx';
import { showToast } from '../parts/toasts.ts';
import { words } from '../words/words.ts';
import styles from './Invite.module.css';
import { InviteLine } from './InviteLine.tsx';

interface Props {
  id: Id;
  title: string;
  /** Mine: links give no role above it. */
  role: MemberRole;
  onClose: () => void;
}
type Given = Invite['role'];

const day = 86_400;
const terms = { day, week: 7 * day, month: 30 * day, always: undefined };
const uses = { once: 1, tenTimes: 10, often: undefined };
type Term = keyof typeof terms;
type Uses = keyof typeof uses;

const addressOfInvite = (code: string): string => `${location.origin}/join/${code}`;

/** A link that brings people into a conversation, to copy or to point a phone at; and the links there are. */
export function InviteDialog({ id, title, role, onClose }: Props) {
  const client = useClient();
  const [as, setAs] = useState<Given>('member');
  const [term, setTerm] = useState<Term>('week');
  const [often, setOften] = useState<Uses>('often');
  const [links, setLinks] = useState<readonly Invite[]>();
  const [made, setMade] = useState<FreshInvite>();
  const [missing, setMissing] = useState(false);
  const [failed, attempt] = useTry();
  const { invite, details } = words;
  useEffect(() => {
    client.invites(id).then(setLinks, () => setMissing(true));
  }, [client, id]);

  const make = () =>
    attempt(async () => {
      const [expiresInSeconds, maxUses] = [terms[term], uses[often]];
      const fresh = await client.createInvite({
        conversationIds: [id],
        role: as,
        ...(expiresInSeconds && { expiresInSeconds }),
        ...(maxUses && { maxUses }),
      });
      setMade(fresh);
      setLinks([fresh, ...(links ?? [])]);
    });
  const withdraw = (link: Invite) =>
    attempt(async () => {
      await client.withdrawInvite(link.id);
      const withdrawnAt = new Date(serverNow()).toISOString();
      setLinks(links?.map(each => (each.id === link.id ? { ...each, withdrawnAt } : each)));
      if (made?.id === link.id) setMade(undefined);
    });
  const copy = (code: string) =>
    navigator.clipboard.writeText(addressOfInvite(code)).then(
      () => showToast({ text: invite.copied }),
      () => showToast({ text: words.message.copyFailed }),
    );
  const given: Given[] = ['guest', 'member', 'moderator', ...(role === 'moderator' ? [] : ['admin' as const])];
  return (
    <Modal title={invite.title(title)} onClose={onClose}>
      <p className={styles.lead}>{invite.lead}</p>
      {made ? (
        <div className={styles.made}>
          <QrCode text={addressOfInvite(made.code)} label={invite.qr} />
          <div>
            <input
              type="text"
              readOnly
              aria-label={invite.address}
              value={addressOfInvite(made.code)}
              onFocus={event => event.target.select()}
            />
            <Button look="main" onClick={() => copy(made.code)}>
              {invite.copy}
            </Button>
          </div>
        </div>
      ) : (
        <form
          className={styles.form}
          onSubmit={event => {
            event.preventDefault();
            void make();
          }}
        >
          <Select
            label={invite.role}
            value={as}
            options={given.map(value => ({ value, label: details.roles[value] }))}
            onChange={setAs}
          />
          <Select
            label={invite.term}
            value={term}
            options={(['day', 'week', 'month', 'always'] as const).map(value => ({ value, label: invite[value] }))}
            onChange={setTerm}
          />
          <Select
            label={invite.uses}
            value={often}
            options={(['once', 'tenTimes', 'often'] as const).map(value => ({ value, label: invite[value] }))}
            onChange={setOften}
          />
          <Button type="submit" look="main">
            {invite.make}
          </Button>
        </form>
      )}
      {(failed ?? missing) && (
        <p role="alert" className={styles.failed}>
          {failed ?? invite.loadFailed}
        </p>
      )}
      <h3 className={styles.heading}>{invite.others}</h3>
      <ul className={styles.links}>
        {links?.map(link => (
          <InviteLine key={link.id} link={link} onCopy={copy} onWithdraw={() => withdraw(link)} />
        ))}
      </ul>
      {links?.length === 0 && <p className={styles.none}>{invite.none}</p>}
    </Modal>
  );
}
