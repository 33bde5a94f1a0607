import { test } from 'node:test';
import { killAround } from './kill-around.ts';

test('promises 1 and 2: 201 kills around a COMMIT lose nothing and double nothing', t => killAround(t, 67));
