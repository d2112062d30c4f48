/** The shader's arithmetic, read back from the screen. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { ColormapName, ComplexDisplay } from '../../../renderer/viewers/image/types.ts';
import { sampleBilinear } from '../../../renderer/viewers/image/line-profile.ts';
import { toImage, viewTransform } from '../../../renderer/viewers/image/view-transform.ts';
import { launchBrowser } from '../support/browser.ts';
import type { StaticServer } from '../support/static-server.ts';
import { buildHarness, openHarness } from './open-harness.ts';
import { colourOf, decodePixels, pixelOf, worstDifference } from './reference-pixels.ts';
import type { Pixels } from './reference-pixels.ts';

/** Levels of 255: rounding of the 8-bit picture and of the texture filter. */
const TOLERANCE = 2;
const N = 16;

let server: StaticServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  server = await buildHarness();
  browser = await launchBrowser();
  ({ page } = await openHarness(browser, server));
  await page.evaluate((n) => {
    const { state, ndArray } = window.harness;
    // z = (column − 8) / 8 + i·(row − 8) / 8, never zero.
    const z = new Float32Array(2 * n * n);
    for (let i = 0; i < n * n; i++) {
      z[2 * i] = ((i % n) - 7.5) / 8;
      z[2 * i + 1] = (Math.floor(i / n) - 7.5) / 8;
    }
    state.image = ndArray('complex64', [n, n], z);
  }, N);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

interface Setting {
  readonly display?: ComplexDisplay;
  readonly colormap?: ColormapName;
  readonly centre?: number;
  readonly width?: number;
}
async function show(setting: Setting): Promise<Pixels> {
  const raw = await page.evaluate(async ({ display = 'magnitude', colormap = 'grey', centre = 0.5, width = 1 }) => {
    const { state } = window.harness;
    state.display = display;
    state.colormap = colormap;
    state.link.reset();
    state.link.window = { centre, width };
    await new Promise(requestAnimationFrame);
    return window.harness.panePixels('recovered');
  }, setting);
  return decodePixels(raw);
}
function expectPixels(pixels: Pixels, colour: (re: number, im: number, row: number, column: number) => readonly number[]): void {
  for (let row = 0; row < N; row++) {
    for (let column = 0; column < N; column++) {
      const seen = pixelOf(pixels, N, row, column);
      const wanted = colour((column - 7.5) / 8, (row - 7.5) / 8, row, column);
      expect(worstDifference(seen, wanted), `row ${row} column ${column}: ${seen} for ${wanted}`).toBeLessThanOrEqual(TOLERANCE);
    }
  }
}
const windowed = (value: number, centre: number, width: number): number => (value - centre) / width + 0.5;

describe('window and level', () => {
  it.each([[0.5, 1], [0.41, 0.82], [0.9, 0.2], [-0.3, 2]])('centre %f, width %f', async (centre, width) => {
    const pixels = await show({ centre, width });
    expectPixels(pixels, (re, im) => colourOf('grey', windowed(Math.hypot(re, im), centre, width)));
  });

  it.each(['viridis', 'inferno', 'cividis'] as const)('through %s', async (colormap) => {
    const pixels = await show({ colormap });
    expectPixels(pixels, (re, im) => colourOf(colormap, windowed(Math.hypot(re, im), 0.5, 1)));
  });
});

describe('complex display', () => {
  it('real', async () => {
    expectPixels(await show({ display: 'real', centre: 0, width: 2 }), (re) => colourOf('grey', windowed(re, 0, 2)));
  });
  it('imaginary', async () => {
    expectPixels(await show({ display: 'imaginary', centre: 0, width: 2 }), (_, im) => colourOf('grey', windowed(im, 0, 2)));
  });
  it('phase, on a cyclic map with a fixed scale', async () => {
    const pixels = await show({ display: 'phase', centre: 9, width: 1 });
    // The corners are brightest; the four pixels about the middle have 6.7 % of that, and 2 % to 10 % fades in.
    const brightest = (7.5 / 8) * Math.SQRT2;
    expectPixels(pixels, (re, im) => {
      const strength = Math.min(1, (Math.hypot(re, im) / brightest - 0.02) / 0.08);
      return colourOf('phase', Math.atan2(im, re) / (2 * Math.PI) + 0.5).map((v) => v * strength);
    });
  });
});

it('phase goes dark where there is hardly any signal', async () => {
  // Magnitude 1 in the lower half; in the upper half row r has 1.7 % × r of it: rows 0 and 1 below 2 %, rows 6 and 7 above 10 %.
  const raw = await page.evaluate(async (n) => {
    const { state, ndArray } = window.harness;
    const before = state.image;
    const z = Float32Array.from({ length: 2 * n * n }, (_, i) => {
      const row = Math.floor(i / (2 * n));
      return i % 2 === 0 ? 0 : row >= n / 2 ? 1 : 0.017 * row;
    });
    state.image = ndArray('complex64', [n, n], z);
    state.display = 'phase';
    state.link.reset();
    await new Promise(requestAnimationFrame);
    const made = await window.harness.panePixels('recovered');
    state.image = before;
    return made;
  }, N);
  const pixels = decodePixels(raw);
  const full = colourOf('phase', 0.75);
  for (let row = 0; row < N; row++) {
    const share = row >= N / 2 ? 1 : 0.017 * row;
    const strength = Math.min(1, Math.max(0, (share - 0.02) / 0.08));
    const wanted = full.map((v) => v * strength);
    expect(worstDifference(pixelOf(pixels, N, row, 5), wanted), `row ${row}`).toBeLessThanOrEqual(TOLERANCE);
  }
});

describe('turned', () => {
  // Bright: a row of three pixels at the top left, and one under its first: an L that no turn and no flip leaves as it is.
  const LIT = [[2, 2], [2, 3], [2, 4], [3, 2]] as const;
  const show = (flipHorizontal: boolean, turns: number) =>
    page.evaluate(async ([flip, turns, n, lit]) => {
      const { state, ndArray } = window.harness;
      const before = state.image;
      const data = new Float32Array(n * n);
      for (const [row, column] of lit) data[row * n + column] = 1;
      state.image = ndArray('float32', [n, n], data);
      state.link.reset();
      state.link.window = { centre: 0.5, width: 1 };
      state.link.flipHorizontal = flip;
      for (let i = 0; i < turns; i++) state.link.rotate(1);
      await new Promise(requestAnimationFrame);
      const made = await window.harness.panePixels('recovered');
      const letters = [...document.querySelectorAll('.pane')[1]?.querySelectorAll('.letter') ?? []].map((letter) => letter.textContent);
      state.image = before;
      state.link.reset();
      return { made, letters: letters.join('') };
    }, [flipHorizontal, turns, N, LIT] as const);

  // Letters: west, east, north, south.
  it.each([
    [false, 0, 'RLAP'], [false, 1, 'PARL'], [false, 2, 'LRPA'], [false, 3, 'APLR'],
    [true, 0, 'LRAP'], [true, 1, 'PALR'], [true, 2, 'RLPA'], [true, 3, 'APRL'],
  ] as const)('flip %s, %i quarter turns', async (flipHorizontal, turns, wantedLetters) => {
    const { made, letters } = await show(flipHorizontal, turns);
    const pixels = decodePixels(made);
    const wanted = new Set(LIT.map(([row, column]) => {
      let [r, c] = [row as number, flipHorizontal ? N - 1 - column : (column as number)];
      // A quarter turn clockwise: the first row becomes the last column.
      for (let i = 0; i < turns; i++) [r, c] = [c, N - 1 - r];
      return r * N + c;
    }));
    for (let i = 0; i < N * N; i++) {
      const [red = 0] = pixelOf(pixels, N, Math.floor(i / N), i % N);
      expect(red > 128, `screen row ${Math.floor(i / N)} column ${i % N}`).toBe(wanted.has(i));
    }
    expect(letters).toBe(wantedLetters);
  });
});

describe('comparison', () => {
  const compare = (mode: 'swipe' | 'difference', position: number) =>
    page.evaluate(
      ([mode, position, n]) => {
        const { state, ndArray } = window.harness;
        state.compare = { image: ndArray('float32', [n, n], new Float32Array(n * n).fill(0.25)), label: 'Quarter', mode, position };
      },
      [mode, position, N] as const,
    );
  afterAll(() =>
    page.evaluate(() => {
      window.harness.state.compare = null;
    }),
  );

  it('difference: signed about a dark zero, whatever the window', async () => {
    await compare('difference', 0.5);
    const pixels = await show({ centre: 7, width: 0.1 });
    expectPixels(pixels, (re, im) => colourOf('diverging', (Math.hypot(re, im) - 0.25) / 2 + 0.5));
  });

  it('difference of two complex images, as displayed', async () => {
    await page.evaluate((n) => {
      const { state, ndArray } = window.harness;
      const half = Float32Array.from({ length: 2 * n * n }, (_, i) => (i % 2 === 0 ? 9 : 0.5));
      state.compare = { image: ndArray('complex64', [n, n], half), label: 'Half', mode: 'difference' };
    }, N);
    expectPixels(await show({ display: 'imaginary' }), (_, im) => colourOf('diverging', (im - 0.5) / 2 + 0.5));
  });

  it('swipe: own image left of the line, the other right of it', async () => {
    await compare('swipe', 0.5);
    const pixels = await show({});
    expectPixels(pixels, (re, im, _, column) => colourOf('grey', column < N / 2 ? Math.hypot(re, im) : 0.25));
  });
});

it('inverted: white where it was black', async () => {
  await page.evaluate(() => {
    window.harness.state.inverted = true;
  });
  const pixels = await show({});
  expectPixels(pixels, (re, im) => colourOf('grey', 1 - windowed(Math.hypot(re, im), 0.5, 1)));
  await page.evaluate(() => {
    window.harness.state.inverted = false;
  });
});

it('a point pattern tints the points it keeps', async () => {
  await page.evaluate((n) => {
    window.harness.state.pointMask = Uint8Array.from({ length: n * n }, (_, i) => (i % 3 === 0 ? 1 : 0));
  }, N);
  const pixels = await show({});
  await page.evaluate(() => {
    window.harness.state.pointMask = null;
  });
  expectPixels(pixels, (re, im, row, column) => {
    const t = Math.min(1, windowed(Math.hypot(re, im), 0.5, 1));
    if ((row * N + column) % 3 === 0) return [255, 180, 84].map((v) => v * (0.13 + 0.87 * t));
    return [t, t, t].map((v) => v * 255 * 0.34);
  });
});

it('draws at the resolution of a dense screen', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2 });
  const dense = await context.newPage();
  await dense.goto(`${server.url}/harness.html`);
  await dense.waitForFunction(() => window.harness !== undefined && document.querySelectorAll('.pane canvas').length === 4);
  const raw = await dense.evaluate(async (n) => {
    const { state, ndArray } = window.harness;
    state.image = ndArray('float32', [n, n], Float32Array.from({ length: n * n }, (_, i) => (i % n) / n));
    state.link.window = { centre: 0.5, width: 1 };
    await new Promise(requestAnimationFrame);
    return window.harness.panePixels('recovered');
  }, N);
  const size = await dense.locator('.pane').nth(1).boundingBox();
  await context.close();
  expect(Math.abs(raw.width - 2 * (size?.width ?? 0))).toBeLessThanOrEqual(1);
  for (let column = 0; column < N; column++) {
    const seen = pixelOf(decodePixels(raw), N, 5, column, 2);
    expect(worstDifference(seen, colourOf('grey', column / N)), `column ${column}`).toBeLessThanOrEqual(TOLERANCE);
  }
});

it('k-space: kept lines amber, skipped ones dimmed grey', async () => {
  const { mask, kspace, size, raw } = await page.evaluate(async () => {
    const { state } = window.harness;
    state.kspaceLink.reset();
    await new Promise(requestAnimationFrame);
    const { scene, size } = state;
    return { mask: [...scene.mask], kspace: [...scene.kspace.data], size, raw: await window.harness.panePixels('kspace') };
  });
  const pixels = decodePixels(raw);
  const amber = [255, 180, 84];
  for (let column = 0; column < size; column++) {
    const t = Math.min(1, Math.max(0, windowed(kspace[(size / 2) * size + column] ?? 0, -0.4, 3.2)));
    const wanted = mask[column] === 1 ? amber.map((v) => v * (0.13 + 0.87 * t)) : [t, t, t].map((v) => v * 255 * 0.34);
    expect(worstDifference(pixelOf(pixels, size, size / 2, column), wanted), `column ${column}`).toBeLessThanOrEqual(TOLERANCE);
  }
});

it('shows the same after the graphics context was lost and given back', async () => {
  const before = await show({});
  const after = await page.evaluate(async () => {
    const canvas = document.querySelectorAll<HTMLCanvasElement>('.pane > canvas')[1];
    const loss = canvas?.getContext('webgl2')?.getExtension('WEBGL_lose_context');
    if (!canvas || !loss) throw new Error('no context to lose');
    const event = (name: string) => new Promise((done) => canvas.addEventListener(name, done, { once: true }));
    const lost = event('webglcontextlost');
    loss.loseContext();
    await lost;
    const restored = event('webglcontextrestored');
    setTimeout(() => loss.restoreContext(), 0);
    await restored;
    return window.harness.panePixels('recovered');
  });
  expect(Buffer.compare(decodePixels(after).data, before.data)).toBe(0);
  expect(new Set(before.data).size).toBeGreaterThan(20);
});

it('interpolates displayed values bilinearly between pixels', async () => {
  const values = Float32Array.from({ length: N * N }, (_, i) => ((i * 37) % 101) / 101);
  const raw = await page.evaluate(async ([data, n]) => {
    const { state, ndArray } = window.harness;
    state.image = ndArray('float32', [n, n], Float32Array.from(data));
    state.link.reset();
    state.link.window = { centre: 0.5, width: 1 };
    state.link.interpolate = true;
    await new Promise(requestAnimationFrame);
    const made = await window.harness.panePixels('recovered');
    state.link.interpolate = false;
    return made;
  }, [[...values], N] as const);
  const pixels = decodePixels(raw);
  const pane = await page.locator('.pane').nth(1).boundingBox();
  const { width, height } = pane ?? { width: 0, height: 0 };
  const view = viewTransform({
    width, height, rows: N, columns: N, pixelAspect: 1, zoom: 1, panRow: 0, panColumn: 0, flipHorizontal: false, rotation: 0,
  });
  let compared = 0;
  for (let y = 20; y < pixels.height - 20; y += 13) {
    for (let x = Math.ceil(view.originX) + 12; x < pixels.width - view.originX - 12; x += 7) {
      const value = sampleBilinear(toImage(view, ((x + 0.5) * width) / pixels.width, ((y + 0.5) * height) / pixels.height), N, N, (i) => values[i] as number);
      const seen = [...pixels.data.subarray(4 * (y * pixels.width + x), 4 * (y * pixels.width + x) + 3)];
      expect(worstDifference(seen, colourOf('grey', value)), `x ${x} y ${y}`).toBeLessThanOrEqual(TOLERANCE);
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(500);
});

it('averages below one screen pixel per image pixel', async () => {
  const raw = await page.evaluate(async () => {
    const { state, ndArray } = window.harness;
    const n = 1024;
    const checks = Float32Array.from({ length: n * n }, (_, i) => ((i % n) + Math.floor(i / n)) % 2);
    state.image = ndArray('float32', [n, n], checks);
    state.link.reset();
    state.link.window = { centre: 0.5, width: 1 };
    await new Promise(requestAnimationFrame);
    return window.harness.panePixels('recovered');
  });
  const pixels = decodePixels(raw);
  const middle = 4 * (Math.floor(pixels.height / 2) * pixels.width + Math.floor(pixels.width / 2) - 50);
  const grey = Array.from({ length: 100 }, (_, i) => pixels.data[middle + 4 * i] ?? 0);
  // A checkerboard finer than the screen is an even grey, not a moiré of black and white.
  expect(Math.min(...grey)).toBeGreaterThan(60);
  expect(Math.max(...grey)).toBeLessThan(195);
});
