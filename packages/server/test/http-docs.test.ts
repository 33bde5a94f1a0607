import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, closes, command, event, refusalCodes, refusals } from '@carpenter/protocol';
import { z } from 'zod';
import { ask } from './ask.ts';
import { launch } from './chromium.ts';
import { house } from './house.ts';

const responses = z.record(
  z.string().regex(/^[1-5]\d\d$/),
  z.object({
    description: z.string(),
    content: z.record(z.string(), z.object({ schema: z.looseObject({}) })).optional(),
  }),
);
const operation = z.looseObject({
  operationId: z.string(),
  summary: z.string().min(5),
  security: z.array(z.record(z.string(), z.array(z.unknown()))).optional(),
  parameters: z
    .array(
      z
        .object({
          name: z.string(),
          in: z.enum(['path', 'query', 'header']),
          required: z.boolean(),
          schema: z.looseObject({}),
        })
        .loose(),
    )
    .optional(),
  requestBody: z
    .looseObject({
      content: z.partialRecord(z.enum(['application/json', 'application/octet-stream']), z.looseObject({})),
    })
    .optional(),
  responses,
});
const methods = z.enum(['get', 'head', 'post', 'put', 'patch', 'delete']);
const document = z.object({
  openapi: z.literal('3.1.0'),
  info: z.object({ title: z.string(), version: z.string(), description: z.string() }),
  servers: z.tuple([z.object({ url: z.literal('/api/v1') })]),
  security: z.tuple([z.object({ bearer: z.array(z.string()) })]),
  paths: z.record(z.string().startsWith('/'), z.partialRecord(methods, operation)),
  components: z.looseObject({ schemas: z.record(z.string(), z.looseObject({})) }),
});

/** Every `$ref` in a document leads somewhere. */
function checkReferences(doc: unknown): void {
  for (const [, path = ''] of JSON.stringify(doc).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    let place: unknown = doc;
    for (const step of path.split('/')) {
      place =
        typeof place === 'object' && place !== null
          ? Object.entries(place).find(([name]) => name === step)?.[1]
          : undefined;
    }
    assert.notEqual(place, undefined, path);
  }
}

test('openapi.json names every route with its parameters, body, answers, refusals and whether it needs a token', async t => {
  const { url } = await house(t);
  const answer = await ask(url, '/api/openapi.json');
  const doc = document.parse(answer.json());
  checkReferences(answer.json());
  for (const [name, route] of Object.entries(api)) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    const method = methods.parse(route.method.toLowerCase());
    const found = doc.paths[path]?.[method];
    assert.ok(found, `${route.method} ${path}`);
    assert.equal(found.operationId, name);
    assert.equal(found.security?.length === 0, 'open' in route, name);
    assert.equal(found.security?.some(one => 'cookie' in one) ?? false, 'cookie' in route, name);
    assert.equal(found.requestBody !== undefined, 'body' in route, name);
    for (const status of Object.keys(route.answers)) assert.ok(found.responses[status], `${name} ${status}`);
    for (const code of 'refusals' in route ? route.refusals : []) {
      const told = found.responses[String(refusals[code].status)];
      assert.match(told?.description ?? '', new RegExp(`\`${code.replace('.', '\\.')}\``), `${name} ${code}`);
      assert.ok(told?.content?.['application/problem+json']);
    }
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, one]) => one);
    assert.deepEqual(
      found.parameters?.filter(p => p.in === 'path').map(p => p.name),
      inPath,
      name,
    );
  }
  const changes = doc.paths['/conversations/{id}/changes']?.get?.parameters ?? [];
  assert.deepEqual(
    changes.map(({ name, required }) => [name, required]),
    [
      ['id', true],
      ['since', true],
      ['limit', false],
    ],
  );
  assert.ok(doc.paths['/events']?.get);
});

test('asyncapi.json names every command, every event and every close code', async t => {
  const { url } = await house(t);
  const doc = (await ask(url, '/api/asyncapi.json')).json();
  checkReferences(doc);
  assert.equal(doc.asyncapi, '3.0.0');
  const { messages } = z
    .looseObject({ messages: z.record(z.string(), z.object({ name: z.string(), payload: z.looseObject({}) })) })
    .parse(doc.components);
  const types = [
    ...command.options.map(option => `command.${option.shape.type.value}`),
    ...event.options.map(option => `event.${option.shape.type.value}`),
  ];
  assert.deepEqual(Object.keys(messages).sort(), types.sort());
  assert.equal(z.array(z.unknown()).parse(doc['x-close-codes']).length, Object.keys(closes).length);
});

test('the documentation opens in a browser: all of it is there, and the content security policy has nothing to say', async t => {
  const { url } = await house(t);
  const browser = await launch();
  t.after(() => browser.close());
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', message => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', error => complaints.push(error.message));
  page.on('response', answer => answer.status() >= 400 && complaints.push(`${answer.status()} ${answer.url()}`));

  await page.goto(`${url}/api/docs`);
  const ids = await page.locator('[id]').evaluateAll(all => all.map(a => a.id));
  const links = await page
    .locator('a[href^="#"], a[href^="/api/docs#"]')
    .evaluateAll(all => all.map(a => a.getAttribute('href')?.split('#')[1]));
  const named = [...refusalCodes, ...Object.values(closes).map(({ code }) => `close-${code}`), ...links];
  for (const one of new Set(named)) assert.equal(ids.filter(id => id === one).length, 1, `#${one}`);
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/docs.png`, fullPage: true });

  await page.goto(`${url}/api/docs/http`);
  const operations = page.locator('.opblock');
  await operations.first().waitFor();
  assert.equal(await operations.count(), Object.keys(api).length + 1);
  await page.locator('#operations-messages-sendMessage, #operations-conversations-sendMessage').first().click();
  await page.getByText('Request body').first().waitFor();
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/swagger.png`, fullPage: true });
  assert.deepEqual(complaints, []);
});
