import { z } from 'zod';
import { time } from './ids.ts';
import { inQuietHours, quietHours } from './quiet-hours.ts';
import { metadata } from './text.ts';

const choice = <const T extends string>(...values: [T, ...T[]]) => z.enum(values).nullable();
const yesNo = z.boolean().nullable();
const keyword = z.string().trim().min(1).max(64);

/** The keys that Carpenter knows. `null`, or left out: as `defaultSettings` says. */
const known = {
  theme: choice('light', 'dark', 'system'),
  density: choice('comfortable', 'compact'),
  /** Of messages: CSS pixels where the browser's own size is 16. */
  textSize: z.literal([13, 14, 15, 16, 18]).nullable(),
  /** How dates are written; `system`: as the browser does. */
  language: choice('system', 'en-GB', 'en-US', 'en-CA', 'en-AU', 'en-IN'),
  clock: choice('system', '12', '24'),
  weekStart: choice('monday', 'saturday', 'sunday'),
  /** What sends. */
  sendKey: choice('enter', 'ctrl-enter'),
  motion: choice('system', 'reduced'),
  linkPreviews: yesNo,
  /** Off: others do not see how far I have read, and I do not see it of them. */
  readReceipts: yesNo,
  /** Off: others see whether I am here, not when I was. */
  lastSeen: yesNo,
  /** Screen readers say what comes into the open conversation. */
  announce: yesNo,
  /** Single letters act on the focused message. */
  singleKeys: yesNo,
  sounds: yesNo,
  /** One for what I send, where there are sounds at all. */
  sentSound: yesNo,
  /** What notifies where a conversation has no level of its own. */
  notify: choice('all', 'mentions', 'nothing'),
  /** A notification shows what was written. */
  notifyPreview: yesNo,
  /** Words that notify as a mention does. */
  keywords: z.array(keyword).max(20).nullable(),
  /** The first steps of somebody new. Not chosen: shown for a fortnight, until they are done. */
  firstSteps: yesNo,
  /** Ends by itself. */
  doNotDisturbUntil: time.nullable(),
  /** Comes and goes by itself. */
  doNotDisturbHours: quietHours.nullable(),
};

/** As they are kept: known keys are checked, programs may keep free JSON under others. */
export const preferences = z.looseObject(z.object(known).partial().shape);
export type Preferences = z.infer<typeof preferences>;
/** Given keys replace kept ones, `null` takes one away. At most 4 KiB of JSON together. */
export const preferencesPatch = preferences.superRefine((value, ctx) => {
  for (const { message, path } of metadata.safeParse(value).error?.issues ?? [])
    ctx.addIssue({ code: 'custom', message, path });
});

type Unset = 'firstSteps' | 'doNotDisturbUntil' | 'doNotDisturbHours';
type Kept<K extends keyof typeof known> = z.infer<(typeof known)[K]>;
/** Every known preference; where none was chosen its default. */
export type Settings = {
  readonly [K in keyof typeof known]: K extends Unset ? Kept<K> : NonNullable<Kept<K>>;
};

export const defaultSettings: Settings = {
  theme: 'system',
  density: 'comfortable',
  textSize: 15,
  language: 'system',
  clock: 'system',
  weekStart: 'monday',
  sendKey: 'enter',
  motion: 'system',
  linkPreviews: true,
  readReceipts: true,
  lastSeen: true,
  announce: true,
  singleKeys: true,
  sounds: true,
  sentSound: false,
  notify: 'all',
  notifyPreview: true,
  keywords: [],
  firstSteps: null,
  doNotDisturbUntil: null,
  doNotDisturbHours: null,
};

/** What was chosen, and the defaults for the rest. */
export function settingsOf(kept: Preferences): Settings {
  const d = defaultSettings;
  return {
    theme: kept.theme ?? d.theme,
    density: kept.density ?? d.density,
    textSize: kept.textSize ?? d.textSize,
    language: kept.language ?? d.language,
    clock: kept.clock ?? d.clock,
    weekStart: kept.weekStart ?? d.weekStart,
    sendKey: kept.sendKey ?? d.sendKey,
    motion: kept.motion ?? d.motion,
    linkPreviews: kept.linkPreviews ?? d.linkPreviews,
    readReceipts: kept.readReceipts ?? d.readReceipts,
    lastSeen: kept.lastSeen ?? d.lastSeen,
    announce: kept.announce ?? d.announce,
    singleKeys: kept.singleKeys ?? d.singleKeys,
    sounds: kept.sounds ?? d.sounds,
    sentSound: kept.sentSound ?? d.sentSound,
    notify: kept.notify ?? d.notify,
    notifyPreview: kept.notifyPreview ?? d.notifyPreview,
    keywords: kept.keywords ?? d.keywords,
    firstSteps: kept.firstSteps ?? null,
    doNotDisturbUntil: kept.doNotDisturbUntil ?? null,
    doNotDisturbHours: kept.doNotDisturbHours ?? null,
  };
}

/** Whether somebody with these settings is not to be disturbed at that moment (ms since 1970). */
export const isQuiet = ({ doNotDisturbUntil, doNotDisturbHours }: Settings, at: number): boolean =>
  (doNotDisturbUntil !== null && at < Date.parse(doNotDisturbUntil)) ||
  (doNotDisturbHours !== null && inQuietHours(doNotDisturbHours, at));
