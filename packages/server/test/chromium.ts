import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** It has no windows, notifications or microphone, and does with half the work. */
const light = '/usr/bin/chromium-headless-shell';
const whole = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** `keeping`: the whole one, and what it leaves it keeps as it is, for the way back. Playwright itself does not know its way back then. */
export type Kind = 'light' | 'whole' | 'keeping';

/** A browser that nobody sees: the light one where it is there, unless the test needs the `whole` one. CHROMIUM: another. */
export function launch(kind: Kind = 'light', ...args: string[]): Promise<Browser> {
  const places = kind === 'light' ? [light, ...whole] : whole;
  const executablePath = process.env.CHROMIUM ?? places.find(path => existsSync(path));
  if (executablePath === undefined) throw new Error(`No Chromium is in any of ${places.join(', ')}: set CHROMIUM.`);
  return chromium.launch({
    executablePath,
    chromiumSandbox: process.getuid?.() !== 0,
    ignoreDefaultArgs: kind === 'keeping' ? ['--disable-back-forward-cache'] : [],
    args: ['--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', ...args],
  });
}
