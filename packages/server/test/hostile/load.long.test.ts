import { test } from 'node:test';
import { comingsAndGoings, crowd, deafReaders, idleStrangers } from './load.ts';

test('5,000 silent sockets cost little, and cut at once all are back, or told when to come', t =>
  crowd(t, 5_000, 120_000));

test('50 readers that ask for 50 MB each and do not read', t => deafReaders(t, 50));

test('1,000 strangers who say nothing', t => idleStrangers(t, 1_000));

test('100,000 connections come and go', t => comingsAndGoings(t, 100_000));
