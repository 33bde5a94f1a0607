import type { Client, Observable } from '@carpenter/client';
import type { Id, Me, Presence, User } from '@carpenter/protocol';
import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import { words } from '../words/words.ts';

export const ClientContext = createContext<Client | undefined>(undefined);
export const MeContext = createContext<Me | undefined>(undefined);

function given<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} is missing above this component.`);
  return value;
}

export const useClient = (): Client => given(useContext(ClientContext), 'ClientContext');
/** Who is signed in; only below the signed-in part of the page. */
export const useMe = (): Me => given(useContext(MeContext), 'MeContext');

export const useObservable = <T>(observable: Observable<T>): T =>
  useSyncExternalStore(observable.subscribe, observable.get);

export interface People {
  readonly of: (id: Id | undefined) => User | undefined;
  /** Never empty: who is not known yet is "Somebody". */
  readonly nameOf: (id: Id | undefined) => string;
}

export function usePeople(): People {
  const users = useObservable(useClient().users);
  return useMemo(() => {
    const of = (id: Id | undefined) => (id === undefined ? undefined : users.get(id));
    return { of, nameOf: id => of(id)?.displayName ?? words.app.somebody };
  }, [users]);
}

export const usePresence = (id: Id | undefined): Presence | undefined => {
  const presence = useObservable(useClient().presence);
  return id === undefined ? undefined : presence.get(id);
};
