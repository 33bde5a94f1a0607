/** How far something had come, and when: `rev` only rises. */
export interface Steps {
  readonly list: Step[];
}
export interface Step {
  readonly t: number;
  readonly rev: number;
  readonly line: number;
}

export const noSteps = (): Steps => ({ list: [] });

export function raise({ list }: Steps, step: Step): void {
  if (step.rev > (list.at(-1)?.rev ?? Number.NEGATIVE_INFINITY)) list.push(step);
}

/** The step that came to `rev`, or over it. */
export const reached = ({ list }: Steps, rev: number): Step | undefined => list[firstWhere(list, s => s.rev >= rev)];

/** The last step before `t`. */
export const before = ({ list }: Steps, t: number): Step | undefined => list[firstWhere(list, s => s.t >= t) - 1];

/** The first place in a sorted list from which on something is true; its length where it never is. */
export function firstWhere<T>(list: readonly T[], is: (item: T) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = list[middle];
    if (item !== undefined && is(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}
