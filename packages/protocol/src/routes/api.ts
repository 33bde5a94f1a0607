import { authRoutes } from './auth.ts';
import { blockRoutes } from './blocks.ts';
import { channelRoutes } from './channels.ts';
import { conversationRoutes } from './conversations.ts';
import { inviteRoutes } from './invites.ts';
import { mediaRoutes } from './media.ts';
import { memberRoutes } from './members.ts';
import { messageRoutes } from './messages.ts';
import { notificationRoutes } from './notifications.ts';
import { personalRoutes } from './personal.ts';
import { reactionRoutes } from './reactions.ts';
import { reportRoutes } from './reports.ts';
import type { Route } from './route.ts';
import { searchRoutes } from './search.ts';
import { syncRoutes } from './sync.ts';
import { threadRoutes } from './threads.ts';
import { uploadRoutes } from './uploads.ts';
import { userRoutes } from './users.ts';

/** Every address under `/api/v1`, by the name that SDK and handlers use. */
export const api = {
  ...authRoutes,
  ...userRoutes,
  ...personalRoutes,
  ...conversationRoutes,
  ...channelRoutes,
  ...inviteRoutes,
  ...blockRoutes,
  ...reportRoutes,
  ...memberRoutes,
  ...messageRoutes,
  ...notificationRoutes,
  ...reactionRoutes,
  ...threadRoutes,
  ...searchRoutes,
  ...syncRoutes,
  ...mediaRoutes,
  ...uploadRoutes,
} as const satisfies Record<string, Route>;
export type Api = typeof api;
export type RouteName = keyof Api;
