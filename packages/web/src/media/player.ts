import { createStore, type Store } from '../hooks/store.ts';

/** What is heard at the moment, wherever on the page one is: it plays on while one moves about. */
export interface Playing {
  readonly id: string;
  readonly going: boolean;
  readonly atMs: number;
  /** As the file says; 0 where it does not. */
  readonly durationMs: number;
  readonly failed: boolean;
}

export const playing: Store<Playing | undefined> = createStore<Playing | undefined>(undefined);
const speeds: readonly number[] = [1, 1.5, 2];
export const speed: Store<number> = createStore<number>(1);

let audio: HTMLAudioElement | undefined;

function element(): HTMLAudioElement {
  if (audio) return audio;
  const made = new Audio();
  const tell = (failed = false) => {
    const now = playing.get();
    if (!now) return;
    const durationMs = Number.isFinite(made.duration) ? made.duration * 1_000 : 0;
    playing.set({ ...now, going: !made.paused, atMs: made.currentTime * 1_000, durationMs, failed });
  };
  for (const type of ['play', 'pause', 'timeupdate', 'durationchange', 'seeked'])
    made.addEventListener(type, () => tell());
  made.addEventListener('error', () => tell(true));
  made.addEventListener('ended', () => {
    made.currentTime = 0;
    tell();
  });
  audio = made;
  return made;
}

/** Plays it from where it stands, or pauses it; another one that plays stops. */
export function toggle(id: string, url: string): void {
  const sound = element();
  if (playing.get()?.id !== id) {
    sound.src = url;
    playing.set({ id, going: true, atMs: 0, durationMs: 0, failed: false });
  }
  sound.playbackRate = speed.get();
  if (sound.paused)
    sound.play().catch(() => {}); // the element says so by its own event
  else sound.pause();
}

/** Moves within what is loaded already. */
export function seek(id: string, ms: number): void {
  if (playing.get()?.id === id) element().currentTime = ms / 1_000;
}

/** The next speed, for this and all that follow. */
export function nextSpeed(): void {
  const next = speeds[(speeds.indexOf(speed.get()) + 1) % speeds.length] ?? 1;
  speed.set(next);
  element().playbackRate = next;
}
