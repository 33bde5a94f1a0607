import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spoilCommands, spoilRoutes } from './malformed.ts';

test('every field of every command with every strange value', { timeout: 900_000 }, async t => {
  assert.ok((await spoilCommands(t, 1)) > 500);
});

test('every field of every route with every strange value', { timeout: 900_000 }, async t => {
  assert.ok((await spoilRoutes(t, 1)) > 3_000);
});
