import fc from 'fast-check';
import { z } from 'zod';

/** JSON Schema, as far as the schemas of the protocol need it. */
export type Schema = z.core.JSONSchema.BaseSchema;

/** Values that mean something here, by the name of a field: the ids of a room that exists, its numbers. */
export type Known = Readonly<Record<string, readonly unknown[]>>;

export const given = (schema: z.ZodType): Schema => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
/** What becomes of it: here stand the bounds of what came as text. */
export const taken = (schema: z.ZodType): Schema => z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' });

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null;

/** Values that the schema takes, but for what only its rules in code know. */
export function fitting(schema: Schema, known: Known, name = ''): fc.Arbitrary<unknown> {
  const meant = known[name];
  if (meant) return fc.constantFrom(...meant);
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const one = schema.anyOf ?? schema.oneOf;
  if (one) return fc.oneof(...one.filter(isSchema).map(each => fitting(each, known, name)));
  switch ([schema.type].flat()[0]) {
    case 'object': {
      const fields = Object.entries(schema.properties ?? {}).flatMap(([key, inner]) =>
        isSchema(inner) ? [[key, fitting(inner, known, key)] as const] : [],
      );
      if (fields.length === 0)
        return fc.dictionary(fc.string({ maxLength: 10 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 });
      return fc.record(Object.fromEntries(fields), { requiredKeys: [...(schema.required ?? [])] });
    }
    case 'array': {
      const items = isSchema(schema.items) ? schema.items : {};
      return fc.array(fitting(items, known, name.replace(/s$/, '')), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, (schema.minItems ?? 0) + 3),
      });
    }
    case 'integer':
    case 'number':
      return fc.nat(8).map(more => Math.min(Math.max(schema.minimum ?? 0, 0) + more, schema.maximum ?? 9));
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fittingText(schema);
  }
}

const letter = fc.constantFrom('a', 'B', '7', ' ', 'é', '語', '😀');

function fittingText({ format, pattern, minLength = 0, maxLength = 30 }: Schema): fc.Arbitrary<string> {
  if (format === 'date-time') {
    const soon = {
      min: new Date(Date.now() - 86_400_000),
      max: new Date(Date.now() + 86_400_000),
      noInvalidDate: true,
    };
    return fc.date(soon).map(date => date.toISOString());
  }
  if (pattern !== undefined) return matching(pattern);
  return fc.string({ unit: letter, minLength, maxLength: Math.max(minLength, Math.min(maxLength, 30)) });
}

/** Each made once: to make one is dear. */
const made = new Map<string, fc.Arbitrary<string>>();
function matching(pattern: string): fc.Arbitrary<string> {
  const one = made.get(pattern) ?? fc.stringMatching(new RegExp(pattern));
  made.set(pattern, one);
  return one;
}

export interface Field {
  readonly path: readonly (string | number)[];
  readonly schema: Schema;
}

/** Every field, those inside others and the first of a list, too; each place once. */
export function fieldsOf(schema: Schema): Field[] {
  const all = inside(schema, []);
  return [...new Map(all.map(field => [field.path.join('.'), field])).values()];
}

const depthMax = 3;

function inside(schema: Schema, path: Field['path']): Field[] {
  if (path.length >= depthMax) return [];
  const items = isSchema(schema.items) ? ([[0, schema.items]] as const) : [];
  const same = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].filter(isSchema);
  return [
    ...[...Object.entries(schema.properties ?? {}), ...items].flatMap(([key, value]) =>
      isSchema(value) ? [{ path: [...path, key], schema: value }, ...inside(value, [...path, key])] : [],
    ),
    ...same.flatMap(each => inside(each, path)),
  ];
}

/** Of every kind one, and of what breaks things the worst. */
export const strange: readonly unknown[] = [
  null,
  true,
  -1,
  1.5,
  2 ** 53,
  -(2 ** 63),
  1e308,
  '',
  ' ',
  'a\0b',
  'a\ud800b',
  '\u202e\u200b\ufeff',
  '__proto__',
  '-0',
  '9'.repeat(400),
  "' OR 1=1; --",
  '../../..',
  '%00',
  'x'.repeat(20_000),
  [],
  [null],
  [[[[[[]]]]]],
  {},
  { toString: 'x', constructor: { prototype: 1 }, __defineGetter__: 1 },
  Array.from({ length: 2_000 }, () => 0),
];

/** At the bounds that a field has, and one beyond. */
export function atBounds({ schema }: Field, known: Known): unknown[] {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, items } = schema;
  const whole = [minimum, maximum].flatMap(n => (n === undefined ? [] : [n, n - 1, n + 1]));
  const lengths = [minLength, maxLength].flatMap(n => (n === undefined || n > 100_000 ? [] : [n, n - 1, n + 1]));
  const counts = [minItems, maxItems].flatMap(n => (n === undefined || n > 2_000 ? [] : [n, n - 1, n + 1]));
  const [one] = isSchema(items) ? sample(fitting(items, known), 1, 1) : [];
  const many = (count: number) => Array.from({ length: count }, () => one);
  return [
    ...whole,
    ...lengths.filter(n => n >= 0).flatMap(n => ['x'.repeat(n), '😀'.repeat(n)]),
    ...counts.filter(n => n > 0).map(many),
  ];
}

/** The same with another value in one place; places that are not there are made. */
export function withValue(whole: unknown, [key, ...rest]: Field['path'], value: unknown): unknown {
  if (key === undefined) return value;
  if (typeof key === 'number') {
    const list: unknown[] = Array.isArray(whole) ? [...whole] : [];
    list[key] = withValue(list[key], rest, value);
    return list;
  }
  const fields: Record<string, unknown> = typeof whole === 'object' && whole !== null ? { ...whole } : {};
  return { ...fields, [key]: withValue(fields[key], rest, value) };
}

export const sample = <T>(values: fc.Arbitrary<T>, seed: number, numRuns: number): T[] =>
  fc.sample(values, { seed, numRuns });
