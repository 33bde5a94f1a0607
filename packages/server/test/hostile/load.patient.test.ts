import { describe, test } from 'node:test';
import { comingsAndGoings, crowd, idleStrangers } from './load.ts';
import { deafReaders, fullRoom } from './slow.ts';

// Short forms; load.long.test.ts and comings.long.test.ts have the long ones.

test('promise 6: 300 silent sockets cost little, and cut at once all are back, or told when to come', t =>
  crowd(t, { count: 300, withinMs: 60_000 }));

// Side by side, since they wait for the same half minute.
describe('readers that do not read', { concurrency: true }, () => {
  test('promise 6: who asks and does not read is ended with 4410, hears it when they wake, holds little, and nobody else waits', t =>
    deafReaders(t, 6));

  test('promise 6: 8 MB into a room: who takes nothing is ended with 4410, who sips stays and finds all of it, nobody else waits', t =>
    fullRoom(t, 250));
});

test('promise 6: 200 strangers who say nothing hear why they go', t => idleStrangers(t, 200));

test('2,000 connections come and go in all ways, and nothing of them stays', t => comingsAndGoings(t, 2_000));
