import type { Settings } from '@carpenter/protocol';
import type { KeyboardEvent } from 'react';

/** Whether this key sends, by preference; on touch nothing but the button does. The others begin a new line. */
export function sends(
  { key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent,
  sendKey: Settings['sendKey'],
  touch: boolean,
): boolean {
  if (key !== 'Enter' || altKey || touch) return false;
  const mod = ctrlKey || metaKey;
  return sendKey === 'enter' ? !mod && !shiftKey : mod;
}
