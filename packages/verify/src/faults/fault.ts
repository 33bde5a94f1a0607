import type { Exit } from '../history.ts';
import type { Random } from '../world/random.ts';
import type { Own, World } from '../world/world.ts';

/** Something that a run breaks, again and again, and mends each time. */
export interface Fault {
  readonly name: string;
  /** Why it cannot be had in that world, in words. */
  cannot?(world: World): string | undefined;
  /** One time of it: whom it hits and for how long. All by chance from `random`; `turn` counts from 0. */
  plan(world: World, random: Random, turn: number): Turn;
}

export interface Turn {
  /** Whom it hits, by the names of clients. Absent: everybody. */
  readonly clients?: readonly string[];
  /** What it hits cannot move at all meanwhile, and is not late for it. */
  readonly frozen?: boolean;
  /** Connections may just break by it, without a close code. */
  readonly cuts?: boolean;
  /** PostgreSQL has to recover from its log. */
  readonly crashes?: boolean;
  readonly forMs: number;
  on(): Promise<void> | void;
  /** Resolves when it is mended. */
  off(): Promise<void> | void;
  /** How a node went that it told to stop in order. */
  exit?(): Exit | undefined;
}

export const ownOf = ({ own }: World): Own => {
  if (!own) throw new Error('This takes a world of our own.');
  return own;
};

/** For what takes processes of ours. */
export const needsOwn = ({ own }: World): string | undefined =>
  own ? undefined : 'that takes a world of our own, and this installation is somebody else’s';

/** About so many of them, at least one. */
export function some<T>(list: readonly T[], share: number, random: Random): T[] {
  const count = Math.max(1, Math.round(list.length * share));
  return random.shuffle(list).slice(0, count);
}

export const namesOf = (ways: readonly { readonly client: string }[]): string[] => ways.map(({ client }) => client);
