import { test } from 'node:test';
import { comingsAndGoings, crowd, deafReaders, idleStrangers } from './load.ts';

// Short forms; load.long.test.ts has the long ones.

test('promise 6: 300 silent sockets cost little, and cut at once all are back, or told when to come', t =>
  crowd(t, 300, 60_000));

test('promise 6: who asks and does not read is ended with 4410, holds little, and nobody else waits', t =>
  deafReaders(t, 5));

test('promise 6: 200 strangers who say nothing hear why they go', t => idleStrangers(t, 200));

test('3,000 connections come and go in all ways, and nothing of them stays', t => comingsAndGoings(t, 3_000));
