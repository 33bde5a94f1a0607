import { authRoutes } from './auth.ts';
import { conversationRoutes } from './conversations.ts';
import { memberRoutes } from './members.ts';
import { messageRoutes } from './messages.ts';
import type { Route } from './route.ts';
import { syncRoutes } from './sync.ts';
import { userRoutes } from './users.ts';

/** Every address under `/api/v1`, by the name that SDK and handlers use. */
export const api = {
  ...authRoutes,
  ...userRoutes,
  ...conversationRoutes,
  ...memberRoutes,
  ...messageRoutes,
  ...syncRoutes,
} as const satisfies Record<string, Route>;
export type Api = typeof api;
export type RouteName = keyof Api;
