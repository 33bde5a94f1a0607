import type { Timeline } from '@carpenter/client';
import { mayDo } from '@carpenter/protocol';
import { useClient, useMe, useObservable } from '../hooks/client.ts';
import { serverNow } from '../hooks/clock.ts';
import { usePreferences } from '../hooks/preferences.ts';
import { device } from '../notify/device.ts';

export type StepKey = 'account' | 'invite' | 'look' | 'face' | 'notify';
export interface Step {
  readonly key: StepKey;
  readonly done: boolean;
}
/** Somebody is new for so long. */
const newForMs = 14 * 86_400_000;

/**
 * The first steps of somebody who has just come, in the channel that everybody is in. Undefined elsewhere, for those who are not new
 * any more (unless they ask for them in the settings), who put them away, or have done them all.
 */
export function useSteps({ conversation, mine }: Pick<Timeline, 'conversation' | 'mine'>): readonly Step[] | undefined {
  const me = useMe();
  const { firstSteps } = usePreferences();
  const rows = useObservable(useClient().conversations);
  const state = useObservable(device);
  if (!conversation?.everybody || !mine) return undefined;
  if (!(firstSteps ?? serverNow() - Date.parse(me.createdAt) < newForMs)) return undefined;
  const steps: readonly Step[] = [
    { key: 'account', done: true },
    mayDo(mine.role, 'invite')
      ? { key: 'invite', done: conversation.memberCount > 1 }
      : { key: 'look', done: (rows?.length ?? 0) > 1 },
    { key: 'face', done: me.pictureId !== undefined },
    ...(state === 'impossible' ? [] : [{ key: 'notify' as const, done: state === 'on' || state === 'page' }]),
  ];
  return firstSteps !== true && steps.every(({ done }) => done) ? undefined : steps;
}
