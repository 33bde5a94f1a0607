import type { Client } from '@carpenter/client';
import { kept } from '../hooks/kept.ts';
import { createStore } from '../hooks/store.ts';
import { workerAddress } from './worker-address.ts';

/**
 * Whether this browser tells. `unknown`: nobody was asked yet. `page`: allowed, but there is no push service to reach it by, so
 * that it tells only while a page is open. `impossible`: this browser cannot do so at all, or not on this address.
 */
export type DeviceState = 'impossible' | 'unknown' | 'denied' | 'off' | 'page' | 'on';

const wantedKey = 'carpenter.notifications';
const wanted = (): boolean => kept.read(wantedKey) === 'on';

const possible = (): boolean => 'Notification' in window && 'serviceWorker' in navigator && isSecureContext;

const state = createStore<DeviceState>(first());
function first(): DeviceState {
  if (!possible()) return 'impossible';
  if (Notification.permission === 'denied') return 'denied';
  if (Notification.permission === 'default') return 'unknown';
  return wanted() ? 'page' : 'off';
}
export const device = { get: state.get, subscribe: state.subscribe };

/** The worker that shows notifications; made with the page, long before anybody allows anything. */
export const worker = (): Promise<ServiceWorkerRegistration> | undefined =>
  'serviceWorker' in navigator && isSecureContext ? navigator.serviceWorker.register(workerAddress) : undefined;

/** Asks for the permission, which browsers want to come from a click, and then turns pushes on. */
export async function turnOn(client: Client): Promise<void> {
  if (!possible()) return;
  const permission = await Notification.requestPermission();
  if (permission !== 'granted') return state.set(permission === 'denied' ? 'denied' : 'unknown');
  kept.write(wantedKey, 'on');
  await connect(client);
}

/** No notifications from this browser any more; the permission stays as the browser has it. */
export async function turnOff(client: Client): Promise<void> {
  kept.write(wantedKey, 'off');
  state.set('off');
  const registration = await worker();
  const subscription = await registration?.pushManager.getSubscription();
  const mine = (await client.pushDevices()).find(one => one.current);
  if (mine) await client.unsubscribePush(mine.id);
  await subscription?.unsubscribe();
}

/** With each login, as the server pushes to a login and no longer than it lasts. */
export async function connect(client: Client): Promise<void> {
  if (!possible() || Notification.permission !== 'granted' || !wanted()) return;
  try {
    await subscribe(client);
    state.set('on');
  } catch {
    state.set('page'); // no push service in this browser, or it cannot be reached: a page that is open still tells
  }
}

async function subscribe(client: Client): Promise<void> {
  const { pushManager } = await navigator.serviceWorker.ready;
  const key = await client.pushKey();
  const present = await pushManager.getSubscription();
  const fits = present?.options.applicationServerKey && base64url(present.options.applicationServerKey) === key;
  if (present && !fits) await present.unsubscribe(); // of another server that was here before
  const subscription =
    present && fits ? present : await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint = '', keys } = subscription.toJSON();
  await client.subscribePush({ endpoint, keys: { p256dh: keys?.p256dh ?? '', auth: keys?.auth ?? '' } });
}

const base64url = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
