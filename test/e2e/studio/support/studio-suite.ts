/** What most files of this folder begin with: a host of their own, a browser, one page of the studio; and pictures to look at. */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { launchBrowser } from '../../support/browser.ts';
import { type RunningHost, startStudioHost } from './host.ts';
import { type PageOptions, type StudioPage, openStudio, still } from './studio.ts';

const PICTURES = fileURLToPath(new URL('../../../../test-results/studio/', import.meta.url));
const SIZES = [[1280, 800], [1920, 1080]] as const;

export interface StudioSuite {
  readonly host: RunningHost;
  readonly browser: Browser;
  readonly studio: StudioPage;
  readonly page: Page;
  /** `<name>-<theme>-<width>.png` in both themes at both sizes, into test-results/studio. Leaves the page dark and 1280 × 800. */
  pictures(name: string): Promise<void>;
  /** Accessibility rules that are broken within a part of the page, in words. */
  violations(within?: string): Promise<readonly string[]>;
}

/** Registers set-up and tear-down; what it gives back is filled in by the time the first test runs. `folder`: of the library. */
export function studioSuite(options: PageOptions = {}, folder?: () => Promise<string>): StudioSuite {
  let host: RunningHost | undefined;
  let browser: Browser | undefined;
  let studio: StudioPage | undefined;
  const ready = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('The suite is not set up yet: read it inside of a test.');
    return value;
  };

  beforeAll(async () => {
    await mkdir(PICTURES, { recursive: true });
    host = await startStudioHost(await folder?.());
    browser = await launchBrowser();
    studio = await openStudio(browser, host, { width: 1280, height: 800, ...options });
  });
  afterAll(async () => {
    await browser?.close();
    await host?.remove();
  });

  return {
    get host() {
      return ready(host);
    },
    get browser() {
      return ready(browser);
    },
    get studio() {
      return ready(studio);
    },
    get page() {
      return ready(studio).page;
    },
    async pictures(name) {
      const { page } = ready(studio);
      for (const theme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: theme });
        for (const [width, height] of SIZES.toReversed()) {
          await page.setViewportSize({ width, height });
          await still(page);
          await page.screenshot({ path: `${PICTURES}${name}-${theme}-${width}.png` });
        }
      }
    },
    async violations(within) {
      const axe = new AxeBuilder({ page: ready(studio).page });
      const { violations } = await (within === undefined ? axe : axe.include(within)).analyze();
      return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 4).map((node) => node.target.join(' ')).join(' | ')}`);
    },
  };
}
