/** `npm run tour`: the pictures of the README, taken from the running studio. */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startStudioHost } from './studio/support/host.ts';
import { chooseMethod, openStudio, settled, still } from './studio/support/studio.ts';
import { launchBrowser } from './support/browser.ts';

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url));

await mkdir(DOCS, { recursive: true });
const host = await startStudioHost();
const browser = await launchBrowser();
const studio = await openStudio(browser, host, { theme: 'dark', width: 1440, height: 900 });
const { page } = studio;
await page.getByRole('button', { name: /^Brain phantom(?!, small)/ }).click();
await settled(page);
for (const method of ['Zero-filled', 'SENSE', 'L1-wavelet']) {
  await chooseMethod(page, method);
  await page.getByLabel(new RegExp(`^Present result: ${method}`)).waitFor();
  await settled(page);
  await page.keyboard.press('p');
}
await chooseMethod(page, 'Unrolled network');
await page.getByLabel(/^Present result: Unrolled/).waitFor();
await settled(page);
await page.getByRole('button', { name: 'Sweep R' }).click();
await page.getByRole('button', { name: 'Sweep R' }).and(page.locator(':enabled')).waitFor({ timeout: 120_000 });
await page.mouse.move(1010, 300);
await still(page);
await page.screenshot({ path: `${DOCS}studio.png` });
await browser.close();
await host.remove();
