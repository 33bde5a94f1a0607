import { test } from 'node:test';
import { comingsAndGoings } from './load.ts';

test('100,000 connections come and go', t => comingsAndGoings(t, 100_000));
