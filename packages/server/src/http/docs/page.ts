import { closes, refusalCodes, refusals } from '@carpenter/protocol';
import { frames, type Said } from './asyncapi.ts';
import type { JsonSchema } from './schemas.ts';

/** Details of all refusals at once: enough to show the words of each. */
const example = {
  retryAfterMs: 3_000,
  issues: [{ path: 'text', message: 'Expected a string.' }],
  type: 'mesage.send',
  chars: 9_000,
  maxChars: 8_000,
  maxBytes: 262_144,
  maxMembers: 5_000,
  username: 'ben',
  bytes: 250_000_000,
  usedBytes: 4_900_000_000,
  quotaBytes: 5_000_000_000,
  megapixels: 50,
  mediaType: 'image/png',
  offset: 4_096,
  max: 20,
  min: 2,
  days: 366,
  seen: 'connection, via',
  fault: 'no Sec-WebSocket-Key',
  expiredAt: '2026-11-24',
  host: 'elsewhere.example',
  origin: 'https://elsewhere.example',
  reason: 'This address is not on the public internet.',
  maxTerms: 20,
  filter: 'has' as const,
  value: 'banana',
  faultId: '8f3a51c09be27d46',
};

/** The list of everything that can be said and heard. */
export function docsPage(): string {
  const { commands, events, schemas } = frames();
  return page(
    'Carpenter API',
    `<p>Two doors to the same house: a WebSocket at <code>/ws</code>, and HTTP under <code>/api/v1</code>.
       The <a href="/api/docs/http">HTTP routes</a> can be tried out in the browser.
       For machines: <a href="/api/openapi.json">OpenAPI</a> and <a href="/api/asyncapi.json">AsyncAPI</a>.</p>
     ${section('commands', 'Commands', 'What a client may say: one JSON object per text frame, with <code>type</code>, and <code>ref</code> if the answer should carry it.', said(commands, 'command'))}
     ${section('events', 'Events', 'What a client hears.', said(events, 'event'))}
     ${section(
       'things',
       'Things',
       'What occurs in several of them.',
       said(
         Object.entries(schemas).map(([type, payload]) => ({ type, payload })),
         'thing',
       ),
     )}
     ${section('closes', 'Ends of a connection', 'Close codes, each with the words of its reason.', closeRows())}
     ${section('refusals', 'Refusals', 'Every "no": the <code>code</code> of an <code>error</code> frame and of a problem over HTTP.', refusalRows())}`,
  );
}

/** Swagger UI over `/api/openapi.json`. */
export const swaggerPage = (): string =>
  page(
    'Carpenter HTTP API',
    '<div id="swagger"></div>',
    `<link rel="stylesheet" href="/api/docs/swagger/swagger-ui.css">
     <script src="/api/docs/swagger/swagger-ui-bundle.js" defer></script>
     <script src="/api/docs/assets/swagger.js" defer></script>`,
  );

const page = (title: string, body: string, head = ''): string => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title}</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/api/docs/assets/docs.css">
  ${head}
</head>
<body>
  <header>
    <h1>${title}</h1>
    <nav aria-label="Documentation">
      <a href="/api/docs/http">HTTP routes</a> <a href="/api/docs#commands">Commands</a> <a href="/api/docs#events">Events</a>
      <a href="/api/docs#things">Things</a> <a href="/api/docs#closes">Close codes</a> <a href="/api/docs#refusals">Refusals</a>
    </nav>
  </header>
  <main>${body}</main>
</body>
</html>
`;

const section = (id: string, title: string, intro: string, rows: string): string =>
  `<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2><p>${intro}</p><div class="scroll"><table>${rows}</table></div></section>`;

const html = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const code = (text: string): string => `<code>${html(text)}</code>`;
const heads = (...names: string[]): string => `<tr>${names.map(name => `<th scope="col">${name}</th>`).join('')}</tr>`;

const said = (list: readonly Said[], kindOf: string): string =>
  heads('Type', 'Fields') +
  list
    .map(({ type, payload }) => `<tr id="${kindOf}-${type}"><td>${code(type)}</td><td>${fields(payload)}</td></tr>`)
    .join('\n');

function fields(schema: JsonSchema): string {
  if (!schema.properties) return kind(schema);
  const required = new Set(schema.required);
  return Object.entries(schema.properties)
    .filter(([, one]) => one.const === undefined)
    .map(([name, one]) => `${code(required.has(name) ? name : `${name}?`)} ${kind(one)}`)
    .join(' · ');
}

function kind(schema: JsonSchema): string {
  const name = schema.$ref?.split('/').at(-1);
  if (name) return `<a href="#thing-${name}">${name}</a>`;
  if (schema.enum) return schema.enum.map(value => code(String(value))).join(' | ');
  if (schema.items) return `list of ${kind(schema.items)}`;
  const some = schema.anyOf ?? schema.oneOf;
  if (some) return some.map(one => (one.properties ? `{ ${constOf(one)} ${fields(one)} }` : kind(one))).join(' | ');
  if (schema.properties) return `{ ${fields(schema)} }`;
  return html([schema.type ?? 'JSON', schema.format].filter(Boolean).join(', '));
}

/** What tells the options of a union from each other. */
const constOf = (schema: JsonSchema): string =>
  Object.values(schema.properties ?? {})
    .flatMap(one => (one.const === undefined ? [] : [code(String(one.const))]))
    .join(' ');

const closeRows = (): string =>
  heads('Code', 'Reason', 'The client should') +
  Object.values(closes)
    .map(
      c =>
        `<tr id="close-${c.code}"><td>${code(String(c.code))}</td><td>${html(c.words)}</td><td>${c.action}</td></tr>`,
    )
    .join('\n');

const refusalRows = (): string =>
  heads('Code', 'Status', 'Words, for example') +
  refusalCodes
    .map(
      name =>
        `<tr id="${name}"><td>${code(name)}</td><td>${refusals[name].status}</td><td>${html(refusals[name].words(example))}</td></tr>`,
    )
    .join('\n');
