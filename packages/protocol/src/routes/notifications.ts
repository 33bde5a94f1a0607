import { z } from 'zod';
import { id, time } from '../ids.ts';
import { message } from '../message.ts';
import { decision } from '../notification.ts';
import { user } from '../things.ts';
import { cursor, limit, ofMessage, route } from './route.ts';

const base64url = (bytes: number) =>
  z
    .string()
    .regex(/^[\w-]+=*$/)
    .refine(
      // short first: to look for the end of a heap of `=` took a minute
      text => text.length <= 100 && Math.floor((text.replace(/=+$/, '').length * 3) / 4) === bytes,
      `It has ${bytes} bytes in Base64url.`,
    );

/** What a browser's `PushSubscription.toJSON()` gives. */
export const pushSubscription = z.object({
  endpoint: z.url().max(1_024),
  keys: z.object({ p256dh: base64url(65), auth: base64url(16) }),
});
export type PushSubscriptionInput = z.infer<typeof pushSubscription>;

/** A browser of mine that takes pushes. */
export const pushDevice = z.object({
  id,
  device: z.string(),
  createdAt: time,
  /** The last push that its push service took. */
  toldAt: time.optional(),
  /** Why it did not take the last one. */
  trouble: z.string().optional(),
  current: z.boolean(),
});
export type PushDevice = z.infer<typeof pushDevice>;

/** A delivery that failed: waits for its next try, or was given up. */
export const delivery = z.object({
  id,
  /** To whom. */
  userId: id,
  over: z.enum(['push', 'email']),
  /** Absent for the sender of a message: what somebody uses is nothing that others need to know. */
  device: z.string().optional(),
  attempts: z.int(),
  lastError: z.string(),
  createdAt: time,
  nextTryAt: time.optional(),
  givenUpAt: time.optional(),
});
export type Delivery = z.infer<typeof delivery>;

/** Why I was told of a message, or not. */
export const notificationAnswer = z.object({
  ...decision.shape,
  /** When it was decided; absent: worked out now, by the settings of now, as nothing was kept of it. */
  at: time.optional(),
  /** Devices whose push service took it. */
  devices: z.int().optional(),
  /** Devices that it did not reach. */
  failed: z.array(delivery),
});
export type NotificationAnswer = z.infer<typeof notificationAnswer>;

/** Where I hear by mail of mentions that I missed. */
export const mailAddress = z.object({
  address: z.string(),
  everyHours: z.union([z.literal(1), z.literal(24)]),
  confirmed: z.boolean(),
});
export type MailAddress = z.infer<typeof mailAddress>;

export const notificationRoutes = {
  pushKey: route({
    method: 'GET',
    path: '/push/key',
    summary: 'The public key of this server (VAPID), for `pushManager.subscribe`.',
    answers: { 200: z.object({ key: z.string() }) },
  }),
  pushDevices: route({
    method: 'GET',
    path: '/push/devices',
    summary: 'My browsers that take pushes.',
    answers: { 200: z.object({ devices: z.array(pushDevice) }) },
  }),
  subscribePush: route({
    method: 'PUT',
    path: '/push/devices',
    summary: 'Send pushes to this browser as long as this login lasts. At most 20 devices: the oldest go.',
    body: pushSubscription,
    answers: { 200: z.object({ id }) },
    refusals: ['push.refused'],
  }),
  unsubscribePush: route({
    method: 'DELETE',
    path: '/push/devices/:id',
    summary: 'No pushes to this device any more.',
    params: z.object({ id }),
    answers: { 204: null },
    refusals: ['push.unknown'],
  }),
  testPush: route({
    method: 'POST',
    path: '/push/devices/:id/test',
    summary: 'Push something to this device now; answers with what its push service said.',
    params: z.object({ id }),
    answers: { 200: z.object({ trouble: z.string().optional() }) },
    refusals: ['push.unknown'],
  }),
  notification: route({
    method: 'GET',
    path: '/conversations/:id/messages/:seq/notification',
    summary: 'Why was I told of this message, or not?',
    params: ofMessage,
    answers: { 200: notificationAnswer },
    refusals: ['conversation.unknown', 'message.unknown'],
  }),
  messageDeliveries: route({
    method: 'GET',
    path: '/conversations/:id/messages/:seq/deliveries',
    summary: 'Whom a message of mine could not be pushed to, up to 100.',
    params: ofMessage,
    answers: { 200: z.object({ deliveries: z.array(delivery), users: z.array(user) }) },
    refusals: ['conversation.unknown', 'message.unknown', 'message.not_yours'],
  }),
  removePreview: route({
    method: 'DELETE',
    path: '/conversations/:id/messages/:seq/preview',
    summary: 'Take the preview away from my message, or let none come.',
    params: ofMessage,
    answers: { 200: message },
    refusals: ['conversation.unknown', 'message.unknown', 'message.not_yours', 'message.deleted'],
  }),
  deliveries: route({
    method: 'GET',
    path: '/admin/deliveries',
    summary: 'What could not be delivered, latest first; for the owner of the server.',
    query: z.object({ limit, cursor }),
    answers: { 200: z.object({ deliveries: z.array(delivery), users: z.array(user), next: z.string().optional() }) },
    refusals: ['server.not_owner', 'cursor.invalid'],
  }),
  mail: route({
    method: 'GET',
    path: '/users/me/mail',
    summary: 'Where I hear by mail of mentions that I missed; `available`: this server can send mail.',
    answers: { 200: z.object({ available: z.boolean(), mail: mailAddress.optional() }) },
  }),
  setMail: route({
    method: 'PUT',
    path: '/users/me/mail',
    summary: 'Another address or rhythm. A new address gets a code, and nothing else before it is confirmed.',
    body: z.object({ address: z.email().max(254), everyHours: mailAddress.shape.everyHours }),
    answers: { 200: mailAddress },
    refusals: ['mail.unavailable', 'mail.too_often', 'mail.failed'],
  }),
  confirmMail: route({
    method: 'POST',
    path: '/users/me/mail/confirm',
    summary: 'The code that came to the address.',
    body: z.object({ code: z.string().regex(/^\d{6}$/, 'The code has six digits.') }),
    answers: { 200: mailAddress },
    refusals: ['mail.wrong_code'],
  }),
  removeMail: route({
    method: 'DELETE',
    path: '/users/me/mail',
    summary: 'No mail any more.',
    answers: { 204: null },
  }),
} as const;
