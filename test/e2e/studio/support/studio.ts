/** A page with the studio in it, and everything that went wrong on it. */
import type { Browser, BrowserContext, FileChooser, Locator, Page } from 'playwright-core';
import type { RunningHost } from './host.ts';

export interface StudioPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Exceptions and console errors; a refused request is not one (the studio reports it itself). */
  readonly errors: string[];
  /** Violations of the Content-Security-Policy, each `directive blocked-uri`. */
  violations(): Promise<readonly string[]>;
}

export interface PageOptions {
  readonly theme?: 'dark' | 'light';
  readonly width?: number;
  readonly height?: number;
  /** Without transitions and blinking, so that no picture and no contrast is taken half way. */
  readonly calm?: boolean;
  /** Cookies of an earlier page: the token in the address opens the studio only once. */
  readonly from?: StudioPage;
}

export async function openStudio(browser: Browser, host: RunningHost, options: PageOptions = {}): Promise<StudioPage> {
  const { theme = 'dark', width = 1440, height = 900, calm = false, from } = options;
  const context = await browser.newContext({
    viewport: { width, height }, colorScheme: theme, reducedMotion: calm ? 'reduce' : 'no-preference', acceptDownloads: true,
  });
  if (from !== undefined) await context.addCookies(await from.context.cookies());
  await context.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { cspViolations: seen });
    document.addEventListener('securitypolicyviolation', (event) => {
      seen.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ''}:${event.lineNumber}`);
    });
  });
  const page = await context.newPage();
  page.setDefaultTimeout(90_000);
  // Playwright turns the interception of file dialogs on with the first listener and does not wait until it is on; a key
  // pressed meanwhile may come first. So it is on from the start.
  page.on('filechooser', () => undefined);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) errors.push(message.text());
  });
  await page.goto(from === undefined ? host.url : host.origin);
  await page.getByRole('contentinfo').getByText('Ready', { exact: true }).waitFor();
  return {
    page,
    context,
    errors,
    violations: () => page.evaluate(() => (globalThis as unknown as { cspViolations: readonly string[] }).cspViolations),
  };
}

/** From the first page to a finished reconstruction of the small sample. */
export async function openSample(page: Page, name: RegExp = /small/i): Promise<void> {
  await page.getByRole('button', { name }).click();
  await settled(page);
}

/** The reconstruction pane shows the method's own image for what the controls say. */
export async function settled(page: Page): Promise<void> {
  await reconstruction(page).and(page.locator('[aria-busy="false"]')).waitFor();
  await page.getByLabel(/^Present result/).waitFor();
}

/** Nothing is being computed, no transition runs, and what changed last is drawn. */
export async function still(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector('[aria-busy="true"]') === null &&
      document.getAnimations().every(({ playState, effect }) => playState !== 'running' || effect?.getComputedTiming().endTime === Infinity),
  );
  await page.evaluate(() => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));
}

/** What `read` gives once it gives the same twice: for pictures that are drawn in more than one go. */
export async function steady<T>(read: () => Promise<T>): Promise<T> {
  let last = await read();
  for (;;) {
    const now = await read();
    if (now === last) return now;
    last = now;
  }
}

/** Puts the focus on nothing, so that keys are the studio's. */
export const toBody = (page: Page) => page.locator('body').click({ position: { x: 5, y: 5 } });

/** Opens files through the dialog of the studio. Keys are not the studio's while one of its own dialogs is open. */
export async function chooseFiles(page: Page, files: Parameters<FileChooser['setFiles']>[0]): Promise<void> {
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  // A file dialog needs a page that was just touched.
  await toBody(page);
  const choosing = page.waitForEvent('filechooser');
  await page.keyboard.press('Control+o');
  await (await choosing).setFiles(files);
}

/** Presses a key on a button once it can be pressed; `Locator.press` alone does not wait for that. */
export async function pressOn(button: Locator, key: string): Promise<void> {
  await button.and(button.page().locator(':enabled')).waitFor();
  await button.press(key);
}

/** Panes in the order they are drawn. k-space first in the 2 × 2 layout. */
export const panes = (page: Page) => page.getByRole('application');
export const reconstruction = (page: Page) => page.locator('.grid [role="application"]').nth(1);

/** Value of a row of facts: `fact(page, 'PSNR')`. */
export async function fact(page: Page, label: string): Promise<string> {
  const row = page.locator('.row', { has: page.getByText(label, { exact: true }) }).first();
  return (await row.locator('.value').innerText()).trim();
}

/** The open recording is one of this matrix: `192 × 160`. Models tell the sizes they were trained on, elsewhere. */
export const ofMatrix = (page: Page, size: string) =>
  page.locator('.row', { has: page.getByText('Matrix', { exact: true }) }).getByText(size).waitFor();

export async function chooseMethod(page: Page, title: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Method' }).selectOption({ label: title });
}

/** How many of 64 × 64 samples of what is on screen there are not nearly black. WebGL's own buffer is empty after drawing. */
export async function litPixels(page: Page, element: Locator): Promise<number> {
  const picture = (await element.screenshot()).toString('base64');
  return page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = 64;
    canvas.height = 64;
    const context = canvas.getContext('2d');
    if (context === null) return 0;
    context.drawImage(image, 0, 0, 64, 64);
    const { data } = context.getImageData(0, 0, 64, 64);
    let lit = 0;
    for (let i = 0; i < data.length; i += 4) if ((data[i] ?? 0) + (data[i + 1] ?? 0) + (data[i + 2] ?? 0) > 60) lit++;
    return lit;
  }, picture);
}
