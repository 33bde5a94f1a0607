import { api } from '@carpenter/protocol';
import { confirm, readMail, removeMail, setMail } from '../mail/address.ts';
import { listDevices, subscribe, testDevice, unsubscribe } from '../notify/devices.ts';
import type { Notify } from '../notify/notify.ts';
import { allDeliveries, deliveriesOfMine, whyNotified } from '../notify/why.ts';
import { removePreview } from '../previews/set-preview.ts';
import { type Endpoint, on } from './endpoint.ts';

export const notificationRoutes = (notify: Notify): Endpoint[] => [
  on(api.pushKey, async () => ({ status: 200, body: { key: notify.keys.publicKey } })),
  on(api.pushDevices, async ({ actor }) => ({ status: 200, body: { devices: await listDevices(notify, actor) } })),
  on(api.subscribePush, async ({ actor, body }) => ({
    status: 200,
    body: { id: await subscribe(notify, actor, body) },
  })),
  on(api.unsubscribePush, async ({ actor, params }) => {
    await unsubscribe(notify, actor, params.id);
    return { status: 204 };
  }),
  on(api.testPush, async ({ actor, params }) => {
    const trouble = await testDevice(notify, actor, params.id);
    return { status: 200, body: trouble === undefined ? {} : { trouble } };
  }),
  on(api.notification, async ({ actor, params }) => ({
    status: 200,
    body: await whyNotified(notify, actor, params.id, params.seq),
  })),
  on(api.messageDeliveries, async ({ actor, params }) => ({
    status: 200,
    body: await deliveriesOfMine(notify, actor, params.id, params.seq),
  })),
  on(api.removePreview, async ({ actor, params }) => ({
    status: 200,
    body: await removePreview(notify.chat, actor, params.id, params.seq),
  })),
  on(api.mail, async ({ actor }) => ({ status: 200, body: await readMail(notify.mail, actor) })),
  on(api.setMail, async ({ actor, body }) => ({ status: 200, body: await setMail(notify.mail, actor, body) })),
  on(api.confirmMail, async ({ actor, body }) => ({
    status: 200,
    body: await confirm(notify.mail, actor, body.code),
  })),
  on(api.removeMail, async ({ actor }) => {
    await removeMail(notify.mail, actor);
    return { status: 204 };
  }),
  on(api.deliveries, async ({ actor, query }) => ({ status: 200, body: await allDeliveries(notify, actor, query) })),
];
