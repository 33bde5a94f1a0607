import { username as usernameRule } from '@carpenter/protocol';
import { useEffect, useState } from 'react';
import { useClient } from '../hooks/client.ts';

export type UsernameFree = { readonly is: 'idle' | 'asking' | 'free' | 'taken' };
const askAfterMs = 400;

/** Whether a username can be had, asked 400 ms after the last key. An answer that does not come says nothing. */
export function useUsernameFree(username: string): UsernameFree {
  const client = useClient();
  const [known, setKnown] = useState<{ username: string; free: boolean | undefined }>();
  const askable = usernameRule.safeParse(username).success;
  useEffect(() => {
    if (!askable) return;
    let current = true;
    const timer = setTimeout(async () => {
      const free = await client.usernameFree(username).catch(() => undefined);
      if (current) setKnown({ username, free });
    }, askAfterMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [client, username, askable]);
  if (!askable) return { is: 'idle' };
  if (known?.username !== username) return { is: 'asking' };
  return { is: known.free === undefined ? 'idle' : known.free ? 'free' : 'taken' };
}
