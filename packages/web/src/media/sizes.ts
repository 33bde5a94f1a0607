import type { Attachment } from '@carpenter/protocol';

/** The largest place of one picture, in CSS pixels; the phone has its own limit in the style sheet. */
const max = { width: 480, height: 360 };
const min = 56;

export interface Box {
  readonly width: number;
  /** Width by height. */
  readonly ratio: number;
}

/** Where a picture or film will stand, known before a byte of it is loaded, so that nothing around it moves. */
export function boxOf({ width = 480, height = 270 }: Pick<Attachment, 'width' | 'height'>): Box {
  // Very long ones are cut at the sides, else a line a pixel high would be all there is to see.
  const ratio = Math.min(Math.max(width / height, 0.4), 4);
  const fits = Math.min(width, max.width, max.height * ratio);
  // Down, never up: a pixel more in width would be more than that in height, over the limit.
  return { width: Math.floor(Math.max(fits, min)), ratio };
}

/** Columns of a grid of so many pictures. */
export const columnsOf = (count: number): number => (count === 2 || count === 4 ? 2 : 3);

/** `1:04`, as players have it. */
export function clockOf(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** So many bars out of a waveform of any length, each the loudest of its share. */
export function barsOf(waveform: readonly number[], count: number): number[] {
  if (waveform.length === 0) return Array.from({ length: count }, () => 0);
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * waveform.length) / count);
    const to = Math.max(from + 1, Math.floor(((i + 1) * waveform.length) / count));
    return Math.max(...waveform.slice(from, to));
  });
}
