import type {
  Delivery,
  Id,
  MailAddress,
  NotificationAnswer,
  PushDevice,
  PushSubscriptionInput,
  Seq,
} from '@carpenter/protocol';
import type { Account } from './account.ts';
import type { Session } from './session.ts';

/** What tells me when I am not looking, why it did or did not, and what could not be delivered. */
export interface NotificationsClient {
  /** The server's public key, for `pushManager.subscribe`. */
  pushKey(): Promise<string>;
  /** My browsers that take pushes. */
  pushDevices(): Promise<readonly PushDevice[]>;
  /** Push to this browser from now on, as long as this login lasts. @returns the device's id @throws ClientError push.refused */
  subscribePush(subscription: PushSubscriptionInput): Promise<Id>;
  unsubscribePush(id: Id): Promise<void>;
  /** Pushes something to it now. @returns what went wrong, in words of the server */
  testPush(id: Id): Promise<string | undefined>;
  /** Why I was told of a message, or not. */
  whyNotified(id: Id, seq: Seq): Promise<NotificationAnswer>;
  /** Whom a message of mine did not reach. */
  failedDeliveries(id: Id, seq: Seq): Promise<readonly Delivery[]>;
  /** What could not be delivered to anybody; for the owner of the server. */
  allFailedDeliveries(
    cursor?: string,
  ): Promise<{ readonly deliveries: readonly Delivery[]; readonly next?: string | undefined }>;
  /** Takes the preview away from my message, for good. */
  removePreview(id: Id, seq: Seq): Promise<void>;
  mail(): Promise<{ readonly available: boolean; readonly mail?: MailAddress | undefined }>;
  setMail(address: string, everyHours: MailAddress['everyHours']): Promise<MailAddress>;
  confirmMail(code: string): Promise<MailAddress>;
  removeMail(): Promise<void>;
}

export function notificationsClient({ ask }: Session, account: () => Account | undefined): NotificationsClient {
  return {
    pushKey: async () => (await ask('pushKey', {})).key,
    pushDevices: async () => (await ask('pushDevices', {})).devices,
    subscribePush: async body => (await ask('subscribePush', { body })).id,
    async unsubscribePush(id) {
      await ask('unsubscribePush', { params: { id } });
    },
    testPush: async id => (await ask('testPush', { params: { id } })).trouble,
    whyNotified: (id, seq) => ask('notification', { params: { id, seq } }),
    async failedDeliveries(id, seq) {
      const { deliveries, users } = await ask('messageDeliveries', { params: { id, seq } });
      account()?.people.know(users);
      return deliveries;
    },
    async allFailedDeliveries(cursor) {
      const { deliveries, users, next } = await ask('deliveries', { query: { cursor, limit: 50 } });
      account()?.people.know(users);
      return { deliveries, next };
    },
    async removePreview(id, seq) {
      await ask('removePreview', { params: { id, seq } });
    },
    mail: () => ask('mail', {}),
    setMail: (address, everyHours) => ask('setMail', { body: { address, everyHours } }),
    confirmMail: code => ask('confirmMail', { body: { code } }),
    async removeMail() {
      await ask('removeMail', {});
    },
  };
}
