import { type Fault, needsOwn, ownOf } from './fault.ts';

const backWithinMs = 60_000;

/** The database's disk is full; then there is room again. */
export const diskFull: Fault = {
  name: 'disk-full',
  cannot(world) {
    const disk = world.own?.disk;
    return needsOwn(world) ?? (typeof disk === 'string' ? disk : undefined);
  },
  plan(world, random) {
    const { disk, postgres } = ownOf(world);
    if (typeof disk === 'string') throw new Error(disk);
    return {
      crashes: true,
      forMs: random.whole(4_000, 10_000),
      on: () => disk.fill(),
      async off() {
        disk.empty();
        await postgres.ready(backWithinMs);
      },
    };
  },
};
