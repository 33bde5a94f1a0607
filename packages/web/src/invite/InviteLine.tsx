import type { Invite } from '@carpenter/protocol';
import { Copy } from 'lucide-react';
import { serverNow } from '../hooks/clock.ts';
import { Button } from '../parts/Button.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { longTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import styles from './Invite.module.css';

interface Props {
  link: Invite;
  onCopy: (code: string) => void;
  onWithdraw: () => void;
}

/** What became of a link: still good, or why not. */
function endOf({ withdrawnAt, expiresAt, maxUses, uses }: Invite, now: number): string | undefined {
  const { invite } = words;
  if (withdrawnAt !== undefined) return invite.withdrawn;
  if (expiresAt !== undefined && Date.parse(expiresAt) <= now) return invite.expired;
  return maxUses !== undefined && uses >= maxUses ? invite.usedUp : undefined;
}

export function InviteLine({ link, onCopy, onWithdraw }: Props) {
  const { invite, details } = words;
  const now = serverNow();
  const end = endOf(link, now);
  const { code } = link;
  const role = details.roles[link.role];
  return (
    <li className={styles.link} data-over={end !== undefined || undefined}>
      <span>
        <b>{role}</b>
        <small>
          {invite.used(link.uses, link.maxUses)}
          {' · '}
          {end ?? (link.expiresAt === undefined ? invite.noEnd : invite.until(longTime(link.expiresAt, now)))}
        </small>
      </span>
      {end === undefined && (
        <>
          {code !== undefined && <IconButton small icon={Copy} label={invite.copy} onClick={() => onCopy(code)} />}
          <Button size="small" aria-label={invite.withdrawThat(role)} onClick={onWithdraw}>
            {invite.withdraw}
          </Button>
        </>
      )}
    </li>
  );
}
