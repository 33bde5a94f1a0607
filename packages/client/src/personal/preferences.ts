import { type Me, type Preferences, preferences, type Settings, settingsOf } from '@carpenter/protocol';
import { ClientError } from '../error.ts';
import { type Derived, derived } from '../observable.ts';
import type { Retries } from '../retries.ts';
import type { Session } from '../session.ts';
import type { Storage } from '../types/basics.ts';

export interface MyPreferences {
  readonly settings: Derived<Settings | undefined>;
  prefer(change: Preferences): Promise<void>;
  online(): void;
  close(): Promise<void>;
}

/** Chosen here and not on the server yet: kept in the storage, so that it goes out after a restart too. */
export function createPreferences({
  me,
  session,
  storage,
  retries,
}: {
  me: Me;
  session: Session;
  storage: Storage;
  retries: Retries;
}): MyPreferences {
  const key = `preferences/${me.id}`;
  let waiting: Preferences = {};
  let sending: Promise<void> | undefined;
  let closed = false;

  const settings = derived<Settings | undefined>(former => {
    const state = session.state.get();
    if (state.phase !== 'signedIn') return undefined;
    const next = settingsOf({ ...state.me.preferences, ...waiting });
    return former && JSON.stringify(former) === JSON.stringify(next) ? former : next;
  });
  const unsubscribe = session.state.subscribe(settings.stale);

  async function keep(): Promise<void> {
    await storage.write(key, Object.keys(waiting).length > 0 ? waiting : undefined);
  }

  const loaded = storage.read(key).then(kept => {
    const { data } = preferences.safeParse(kept);
    if (!data || closed) return;
    waiting = { ...data, ...waiting };
    settings.stale();
    quietly();
  });

  /** One request at a time; what was chosen meanwhile goes with the next. */
  function push(): Promise<void> {
    sending ??= send()
      .then(
        () => retries.done('preferences'),
        error => {
          retries.later('preferences', error, quietly);
          throw error;
        },
      )
      .finally(() => {
        sending = undefined;
      });
    return sending;
  }

  /** Whoever chose it was told; it is tried again. */
  function quietly(): void {
    push().catch(() => {});
  }

  async function send(): Promise<void> {
    while (Object.keys(waiting).length > 0 && !closed) {
      const given = waiting;
      try {
        session.changeMe(await session.ask('updateMe', { body: { preferences: given } }));
      } catch (error) {
        if (error instanceof ClientError && error.worthRetrying) throw error;
        await forget(given); // refused for good: as it was before
        throw error;
      }
      await forget(given);
    }
  }

  async function forget(given: Preferences): Promise<void> {
    waiting = Object.fromEntries(Object.entries(waiting).filter(([name, value]) => given[name] !== value));
    settings.stale();
    await keep();
  }

  return {
    settings,
    async prefer(change) {
      waiting = { ...waiting, ...change };
      settings.stale();
      await keep();
      await push();
    },
    online: quietly,
    async close() {
      closed = true;
      unsubscribe();
      await loaded;
    },
  };
}
