import type { Api, RouteName } from '@carpenter/protocol';

/**
 * Where the routes that this client calls are. The compiler holds this table and every call to `api`; at run time its schemas are
 * not needed, and stay where they are.
 */
export const routes = {
  register: { method: 'POST', path: '/auth/register', open: true },
  login: { method: 'POST', path: '/auth/login', open: true },
  refresh: { method: 'POST', path: '/auth/refresh', open: true },
  usernameFree: { method: 'GET', path: '/auth/username', open: true },
  logout: { method: 'POST', path: '/auth/logout' },
  sessions: { method: 'GET', path: '/auth/sessions' },
  endSession: { method: 'DELETE', path: '/auth/sessions/:id' },
  updateMe: { method: 'PATCH', path: '/users/me' },
  users: { method: 'GET', path: '/users' },
  setStatus: { method: 'PUT', path: '/users/me/status' },
  clearStatus: { method: 'DELETE', path: '/users/me/status' },
  drafts: { method: 'GET', path: '/drafts' },
  keepDraft: { method: 'PUT', path: '/conversations/:id/draft' },
  bookmarks: { method: 'GET', path: '/bookmarks' },
  bookmark: { method: 'PUT', path: '/conversations/:id/messages/:seq/bookmark' },
  removeBookmark: { method: 'DELETE', path: '/conversations/:id/messages/:seq/bookmark' },
  scheduled: { method: 'GET', path: '/scheduled' },
  schedule: { method: 'POST', path: '/conversations/:id/scheduled' },
  reschedule: { method: 'PATCH', path: '/scheduled/:id' },
  withdraw: { method: 'DELETE', path: '/scheduled/:id' },
  conversations: { method: 'GET', path: '/conversations' },
  createConversation: { method: 'POST', path: '/conversations' },
  conversation: { method: 'GET', path: '/conversations/:id' },
  updateConversation: { method: 'PATCH', path: '/conversations/:id' },
  deleteConversation: { method: 'DELETE', path: '/conversations/:id' },
  updateMine: { method: 'PATCH', path: '/conversations/:id/mine' },
  channels: { method: 'GET', path: '/channels' },
  join: { method: 'POST', path: '/conversations/:id/join' },
  invites: { method: 'GET', path: '/invites' },
  createInvite: { method: 'POST', path: '/invites' },
  withdrawInvite: { method: 'DELETE', path: '/invites/:code' },
  readInvite: { method: 'GET', path: '/invites/:code', open: true },
  acceptInvite: { method: 'POST', path: '/invites/:code/accept' },
  block: { method: 'PUT', path: '/users/:id/block' },
  unblock: { method: 'DELETE', path: '/users/:id/block' },
  reportMessage: { method: 'POST', path: '/conversations/:id/messages/:seq/report' },
  reports: { method: 'GET', path: '/reports' },
  resolveReport: { method: 'POST', path: '/reports/:id/resolve' },
  changePassword: { method: 'POST', path: '/auth/password' },
  members: { method: 'GET', path: '/conversations/:id/members' },
  addMembers: { method: 'POST', path: '/conversations/:id/members' },
  updateMember: { method: 'PATCH', path: '/conversations/:id/members/:userId' },
  removeMember: { method: 'DELETE', path: '/conversations/:id/members/:userId' },
  leave: { method: 'POST', path: '/conversations/:id/leave' },
  messages: { method: 'GET', path: '/conversations/:id/messages' },
  editMessage: { method: 'PATCH', path: '/conversations/:id/messages/:seq' },
  deleteMessage: { method: 'DELETE', path: '/conversations/:id/messages/:seq' },
  message: { method: 'GET', path: '/conversations/:id/messages/:seq' },
  editHistory: { method: 'GET', path: '/conversations/:id/messages/:seq/history' },
  reactedBy: { method: 'GET', path: '/conversations/:id/messages/:seq/reactions/:emoji' },
  votedBy: { method: 'GET', path: '/conversations/:id/messages/:seq/votes/:option' },
  closePoll: { method: 'POST', path: '/conversations/:id/messages/:seq/close' },
  pin: { method: 'PUT', path: '/conversations/:id/messages/:seq/pin' },
  unpin: { method: 'DELETE', path: '/conversations/:id/messages/:seq/pin' },
  pins: { method: 'GET', path: '/conversations/:id/pins' },
  mentions: { method: 'GET', path: '/mentions' },
  thread: { method: 'POST', path: '/conversations/:id/messages/:seq/thread' },
  threads: { method: 'GET', path: '/threads' },
  follow: { method: 'PUT', path: '/conversations/:id/follow' },
  unfollow: { method: 'DELETE', path: '/conversations/:id/follow' },
  markUnread: { method: 'PUT', path: '/conversations/:id/unread' },
  search: { method: 'GET', path: '/search' },
  upload: { method: 'GET', path: '/uploads/:id' },
  mediaUsage: { method: 'GET', path: '/media/usage' },
  describeMedia: { method: 'PATCH', path: '/media/:id' },
  pushKey: { method: 'GET', path: '/push/key' },
  pushDevices: { method: 'GET', path: '/push/devices' },
  subscribePush: { method: 'PUT', path: '/push/devices' },
  unsubscribePush: { method: 'DELETE', path: '/push/devices/:id' },
  testPush: { method: 'POST', path: '/push/devices/:id/test' },
  notification: { method: 'GET', path: '/conversations/:id/messages/:seq/notification' },
  messageDeliveries: { method: 'GET', path: '/conversations/:id/messages/:seq/deliveries' },
  removePreview: { method: 'DELETE', path: '/conversations/:id/messages/:seq/preview' },
  deliveries: { method: 'GET', path: '/admin/deliveries' },
  mail: { method: 'GET', path: '/users/me/mail' },
  setMail: { method: 'PUT', path: '/users/me/mail' },
  confirmMail: { method: 'POST', path: '/users/me/mail/confirm' },
  removeMail: { method: 'DELETE', path: '/users/me/mail' },
  setPicture: { method: 'PUT', path: '/users/me/picture' },
  clearPicture: { method: 'DELETE', path: '/users/me/picture' },
  conversationMedia: { method: 'GET', path: '/conversations/:id/media' },
} as const satisfies { [N in RouteName]?: Place<N> };

type Place<N extends RouteName> = Pick<Api[N], 'method' | 'path'> &
  (Api[N] extends { open: true } ? { open: true } : object);

export type Called = keyof typeof routes;
/** Routes that need no access token. */
export type OpenRoute = { [N in Called]: (typeof routes)[N] extends { open: true } ? N : never }[Called];

type Given<S> = S extends { _zod: { input: infer I } } ? I : never;
type Got<S> = S extends { _zod: { output: infer O } } ? O : undefined;
type Needs<R, K extends string> = R extends { [P in K]: infer S } ? { [P in K]: Given<S> } : object;

/** Path parameters, query and body of a route, as it takes them. */
export type Input<N extends Called> = Needs<Api[N], 'params'> & Needs<Api[N], 'query'> & Needs<Api[N], 'body'>;
/** What a route answers when it agrees. */
export type Answer<N extends Called> = Got<Api[N]['answers'][keyof Api[N]['answers']]>;
