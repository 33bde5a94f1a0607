import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spoilCommands, spoilRoutes } from './malformed.ts';

test('every field of every command with every strange value', { timeout: 900_000 }, async t => {
  const refused = await spoilCommands(t, 1);
  t.diagnostic(`${refused} refused`);
  assert.ok(refused > 500);
});

test('every field of every route with every strange value', { timeout: 900_000 }, async t => {
  const refused = await spoilRoutes(t, 1);
  t.diagnostic(`${refused} refused`);
  assert.ok(refused > 3_000);
});
