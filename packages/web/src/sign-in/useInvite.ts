import { ClientError } from '@carpenter/client';
import { useEffect, useState } from 'react';
import { useClient } from '../hooks/client.ts';
import { dateOf } from '../words/times.ts';
import { words } from '../words/words.ts';

export type InviteState =
  | { readonly is: 'asked' }
  | { readonly is: 'good'; readonly guest: boolean }
  | { readonly is: 'over'; readonly why: string };

/** Why a link does not open: expired, used up and withdrawn are three different things. */
export function inviteFault(error: unknown): string {
  if (!(error instanceof ClientError)) throw error;
  const { invite } = words;
  switch (error.code) {
    case 'invite.expired': {
      const { expiredAt } = error.details;
      return invite.isExpired(dateOf(typeof expiredAt === 'string' ? expiredAt : ''));
    }
    case 'invite.used_up':
      return invite.isUsedUp;
    case 'invite.withdrawn':
      return invite.isWithdrawn;
    case 'invite.unknown':
    case 'input.invalid':
      return invite.unknown;
    case 'network.unreachable':
      return invite.unreachable;
    default:
      return error.message;
  }
}

/** Whether a link still opens; `undefined`: there is none. */
export function useInvite(code: string | undefined): InviteState | undefined {
  const client = useClient();
  const [state, setState] = useState<InviteState>({ is: 'asked' });
  useEffect(() => {
    if (code === undefined) return;
    let current = true;
    client.readInvite(code).then(
      ({ guest }) => current && setState({ is: 'good', guest }),
      error => current && setState({ is: 'over', why: inviteFault(error) }),
    );
    return () => {
      current = false;
    };
  }, [client, code]);
  return code === undefined ? undefined : state;
}
