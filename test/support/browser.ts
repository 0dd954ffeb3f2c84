import { chromium, type Browser } from 'playwright-core';
import { onPath } from './on-path.js';

const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

/** The browser of this machine; undefined where there is none. */
export function findBrowser(): string | undefined {
  return onPath('chromium', 'chromium-browser', 'google-chrome');
}

/** Starts a browser with no window and a profile of its own. The caller closes it. `program`: as `findBrowser` says. */
export function startBrowser(program: string): Promise<Browser> {
  return chromium.launch({ executablePath: program, args: [...QUIET, '--disable-component-update', '--disable-sync'] });
}
