import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../../renderer/theme/tokens.css', import.meta.url), 'utf8');

/** `[light, dark]` of a role. */
function role(name: string): readonly [string, string] {
  const found = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css);
  if (found === null) throw new Error(`tokens.css has no light-dark pair --${name}`);
  return [found[1] as string, found[2] as string];
}

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
    const v = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const TEXTS = ['text', 'label', 'note', 'measured', 'recovered', 'error', 'ok'];
const SURFACES = ['background', 'panel', 'raised', 'hover'];

describe.each([['light', 0], ['dark', 1]] as const)('%s theme', (_, theme) => {
  it.each(TEXTS)('%s is at least 4.5:1 on every surface', (text) => {
    for (const surface of SURFACES) {
      const ratio = contrast(role(text)[theme], role(surface)[theme]);
      expect(ratio, `--${text} on --${surface}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('primary buttons are at least 4.5:1', () => {
    expect(contrast(role('on-recovered')[theme], role('recovered')[theme])).toBeGreaterThanOrEqual(4.5);
  });

  it('edges that alone mark a control are at least 3:1 on panel', () => {
    expect(contrast(role('edge')[theme], role('panel')[theme])).toBeGreaterThanOrEqual(3);
  });
});

it('the measured amber of shader and mask strip is the dark theme’s', () => {
  const shader = readFileSync(new URL('../../../renderer/viewers/image/image-renderer.ts', import.meta.url), 'utf8');
  const [r, g, b] = [1, 3, 5].map((i) => Number.parseInt(role('measured')[1].slice(i, i + 2), 16));
  expect(r).toBe(255);
  expect(shader).toContain(`MEASURED = [1, ${g} / 255, ${b} / 255]`);
});
