import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

type Colour = readonly [lightness: number, chroma: number, hue: number];

const css = readFileSync(new URL('../src/tokens/tokens.css', import.meta.url), 'utf8');
const oklch = String.raw`oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)`;
const pairs = new Map(
  [...css.matchAll(new RegExp(String.raw`--([\w-]+): light-dark\(${oklch}, ${oklch}\);`, 'g'))].map(
    ([, name = '', ...numbers]) => {
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = numbers.map(Number);
      return [name, { light: [a, b, c] as Colour, dark: [d, e, f] as Colour }];
    },
  ),
);

/** OKLCH to relative luminance, by way of linear sRGB (CSS Color 4); what lies outside is clipped as screens do. */
function luminance([lightness, chroma, hue]: Colour): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  const red = clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string, theme: 'light' | 'dark'): number {
  const of = (name: string) => {
    const found = pairs.get(name);
    assert.ok(found, `--${name} has a value for both themes`);
    return luminance(found[theme]) + 0.05;
  };
  const [high, low] = [of(one), of(other)].sort((a, b) => b - a);
  return (high ?? 0) / (low ?? 1);
}

const grounds = ['canvas', 'side', 'raised', 'hover', 'press'];
const woods = ['oak', 'clay', 'cherry', 'plum', 'slate', 'spruce', 'moss', 'pine'];
const text: [ink: string, on: string][] = [
  ...['ink', 'ink-2', 'ink-3', 'accent-ink'].flatMap(ink => grounds.map((on): [string, string] => [ink, on])),
  ['ink', 'bubble'],
  ['ink-3', 'bubble'],
  ['ink', 'bubble-own'],
  ['ink-2', 'bubble-own'],
  ['accent-ink', 'bubble'],
  ['accent-ink', 'bubble-own'],
  ['accent-ink', 'accent-soft'],
  ['canvas', 'ink'],
  ['accent-on-ink', 'ink'],
  ['ink', 'selection'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['on-danger', 'danger-solid'],
  ['ink', 'warn-soft'],
  ['warn', 'warn-soft'],
  ['warn', 'side'],
  ['warn', 'press'],
  ['ink', 'danger-soft'],
  ['danger', 'canvas'],
  ['danger', 'raised'],
  ['danger', 'side'],
  ['danger', 'press'],
  ...woods.map((wood): [string, string] => [`id-${wood}-ink`, `id-${wood}`]),
];
const parts: [part: string, on: string][] = [
  ...['line-strong', 'accent', 'online', 'away'].flatMap(part =>
    ['canvas', 'side', 'raised'].map((on): [string, string] => [part, on]),
  ),
  ['online', 'press'],
  ['accent-line', 'canvas'],
  ['danger-solid', 'side'],
];

for (const theme of ['light', 'dark'] as const) {
  test(`text stands out from its ground, 4.5 to 1 (${theme})`, () => {
    const low = text.map(([ink, on]) => ({ ink, on, is: contrast(ink, on, theme) })).filter(({ is }) => is < 4.5);
    assert.deepEqual(low, []);
  });
  test(`borders, signs and the focus ring stand out, 3 to 1 (${theme})`, () => {
    const low = parts.map(([part, on]) => ({ part, on, is: contrast(part, on, theme) })).filter(({ is }) => is < 3);
    assert.deepEqual(low, []);
  });
}

test('no colour is written outside the tokens', () => {
  const files = globSync('**/*.css', { cwd: new URL('../src/', import.meta.url), exclude: ['tokens/tokens.css'] });
  assert.ok(files.length > 20);
  const found = files.flatMap(file => {
    const style = readFileSync(new URL(`../src/${file}`, import.meta.url), 'utf8');
    return [...style.matchAll(/oklch\(|#[\da-f]{3,8}\b|rgba?\(|hsla?\(/gi)].map(match => `${file}: ${match[0]}`);
  });
  assert.deepEqual(found, []);
});
