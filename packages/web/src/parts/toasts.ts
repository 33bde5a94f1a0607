import { createStore } from '../hooks/store.ts';

export interface Toast {
  readonly text: string;
  readonly undo?: () => void;
  /** Called once, when it ends without being undone. */
  readonly ended?: () => void;
}

/** One at a time, only for what succeeded or can be undone. The former one ends when the next comes. */
export const toast = createStore<Toast | undefined>(undefined);

export function showToast(next: Toast): void {
  endToast();
  toast.set(next);
}

/** It is over: what it held back happens now. */
export function endToast(): void {
  const current = toast.get();
  toast.set(undefined);
  current?.ended?.();
}

export function undoToast(): void {
  const current = toast.get();
  toast.set(undefined);
  current?.undo?.();
}

addEventListener('pagehide', endToast);
