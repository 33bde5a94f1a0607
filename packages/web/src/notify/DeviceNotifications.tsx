import type { PushDevice } from '@carpenter/protocol';
import { useCallback, useEffect, useState } from 'react';
import { useClient, useObservable } from '../hooks/client.ts';
import { serverNow } from '../hooks/clock.ts';
import { useTry } from '../hooks/useTry.ts';
import { Button } from '../parts/Button.tsx';
import { Card } from '../settings/Card.tsx';
import styles from '../settings/Settings.module.css';
import { longTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import { device, turnOff, turnOn } from './device.ts';

/** Which of my devices tell me while no page is open, and whether the last one arrived. */
export function DeviceNotifications() {
  const client = useClient();
  const state = useObservable(device);
  const [devices, setDevices] = useState<readonly PushDevice[]>([]);
  const [note, setNote] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [failed, attempt] = useTry();
  const { notify } = words;
  const look = useCallback(() => client.pushDevices().then(setDevices, () => {}), [client]); // shown the next time
  // biome-ignore lint/correctness/useExhaustiveDependencies: another state of this device is another list.
  useEffect(() => void look(), [look, state]);

  const act = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setNote(undefined);
    await attempt(async () => {
      await work();
    });
    setBusy(false);
    await look();
  };
  const test = (id: string) =>
    act(async () => {
      const trouble = await client.testPush(id);
      setNote(trouble === undefined ? notify.tested : notify.trouble(trouble));
    });
  const here = devices.find(one => one.current);
  const on = state === 'on' || state === 'page';
  return (
    <Card title={notify.thisDevice} note={note === undefined ? undefined : { text: note }}>
      <div className={styles.row}>
        <span>
          {words.settings.notifications}
          <small>{notify.states[state]}</small>
          {here?.trouble && <small>{notify.trouble(here.trouble)}</small>}
        </span>
        <span className={styles.buttons}>
          {state === 'on' && here && (
            <Button size="small" disabled={busy} onClick={() => void test(here.id)}>
              {notify.test}
            </Button>
          )}
          {on && (
            <Button size="small" disabled={busy} onClick={() => void act(() => turnOff(client))}>
              {notify.turnOff}
            </Button>
          )}
          {(state === 'unknown' || state === 'off') && (
            <Button size="small" look="main" disabled={busy} onClick={() => void act(() => turnOn(client))}>
              {notify.turnOn}
            </Button>
          )}
        </span>
      </div>
      {failed && (
        <p role="alert" className={styles.failed}>
          {failed}
        </p>
      )}
      {devices.some(one => !one.current) && <h3 className={styles.others}>{notify.otherDevices}</h3>}
      <ul>
        {devices
          .filter(one => !one.current)
          .map(one => (
            <li key={one.id} className={styles.session}>
              <span className={styles.device}>
                <b>{one.device}</b>
                <small>
                  {one.trouble
                    ? notify.trouble(one.trouble)
                    : one.toldAt
                      ? notify.lastTold(longTime(one.toldAt, serverNow()))
                      : notify.neverTold}
                </small>
              </span>
              <Button
                size="small"
                disabled={busy}
                aria-label={notify.forget(one.device)}
                onClick={() => void act(() => client.unsubscribePush(one.id))}
              >
                {notify.turnOff}
              </Button>
            </li>
          ))}
      </ul>
    </Card>
  );
}
