import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { z } from 'zod';
import {
  api,
  closes,
  command,
  event,
  problem,
  type Route,
  refusals,
  version,
  versionAnswer,
  wireHistory,
} from '../src/index.ts';

const input = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
const output = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' });
const shape = ({ method, path, open, params, query, body, answers, refusals }: Route) => ({
  method,
  path,
  open,
  asked: [params, query, body].map(schema => schema && [input(schema), output(schema)]),
  answers: Object.entries(answers).map(([status, schema]) => [status, schema && output(schema)]),
  refusals,
});

/** All that travels, as data; the words that people read may change freely. */
const wire = {
  command: input(command),
  event: output(event),
  problem: output(problem),
  version: output(versionAnswer),
  routes: Object.entries<Route>(api).map(([name, route]) => [name, shape(route)]),
  refusals: Object.entries(refusals).map(([code, { status }]) => [code, status]),
  closes: Object.entries(closes).map(([name, { code, action }]) => [name, code, action]),
};

test('the wire is as recorded', () => {
  const fingerprint = createHash('sha256').update(JSON.stringify(wire)).digest('hex').slice(0, 16);
  const recorded = wireHistory.at(-1);
  assert.equal(
    fingerprint,
    recorded?.fingerprint,
    'What travels has changed. Could a client of the last release misunderstand it? Then raise protocolVersion. ' +
      `Record "${fingerprint}" in packages/protocol/src/version.ts, and make docs/protocol.md true.`,
  );
  assert.equal(recorded?.version, version, 'the last line of the history belongs to this version');
});
