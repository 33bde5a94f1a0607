import { useSyncExternalStore } from 'react';

/** Whether a media query holds, as long as one looks. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    listener => {
      const media = matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => matchMedia(query).matches,
  );
}

export const phoneQuery = '(max-width: 767px)';
export const usePhone = (): boolean => useMedia(phoneQuery);
export const touch = (): boolean => matchMedia('(pointer: coarse)').matches;

/** Somebody sits in front of this page: only then anything is read. */
export const attended = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

export function onAttention(listener: () => void): () => void {
  addEventListener('focus', listener);
  addEventListener('blur', listener);
  document.addEventListener('visibilitychange', listener);
  return () => {
    removeEventListener('focus', listener);
    removeEventListener('blur', listener);
    document.removeEventListener('visibilitychange', listener);
  };
}
