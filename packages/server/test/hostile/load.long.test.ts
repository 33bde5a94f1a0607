import { test } from 'node:test';
import { crowd, idleStrangers } from './load.ts';
import { deafReaders, fullRoom } from './slow.ts';

test('5,000 silent sockets cost little, and cut at once all are back in one stream, or told when to come', t =>
  crowd(t, { count: 5_000, withinMs: 120_000, tenthMax: 0.4 }));

test('50 readers that ask for 50 MB each and do not read', t => deafReaders(t, 50));

test('50 MB into a room with one reader who takes nothing and one who sips', t => fullRoom(t, 1_600));

test('1,000 strangers who say nothing', t => idleStrangers(t, 1_000));
