import { describe, expect, it } from 'vitest';
import { chainDistance, coverage, ellipseDistance, makeChain, smoothMin } from '../../src/mri/phantom-shapes.ts';

describe('signed distances', () => {
  it('chainDistance: tapers from node to node, and vanishes where the radius is negative', () => {
    const nodes = [
      { x: 0, y: 0, radius: 1 },
      { x: 10, y: 0, radius: 3 },
    ];
    const chain = makeChain(nodes);
    expect(chainDistance(5, 4, chain)).toBeCloseTo(4 - 2, 12);
    expect(chainDistance(-3, 4, chain)).toBeCloseTo(5 - 1, 12);
    expect(chainDistance(5, 0, makeChain(nodes.map((node) => ({ ...node, radius: -2 }))))).toBeCloseTo(2, 12);
    // Far away a lower bound is enough.
    expect(chainDistance(-100, 50, chain)).toBe(9);
  });

  it('ellipseDistance: zero on the outline, first-order right beside it, negative inside', () => {
    const turn = 0.4;
    const ellipse = { x: 3, y: -2, a: 4, b: 9, turn };
    for (const t of [0, 0.7, 2, 4.1]) {
      const [u, v] = [4 * Math.cos(t), 9 * Math.sin(t)];
      const normal = Math.hypot(Math.cos(t) / 4, Math.sin(t) / 9);
      const [nu, nv] = [Math.cos(t) / 4 / normal, Math.sin(t) / 9 / normal];
      const place = (d: number): [number, number] => {
        const [p, q] = [u + d * nu, v + d * nv];
        return [3 + p * Math.cos(turn) + q * Math.sin(turn), -2 - p * Math.sin(turn) + q * Math.cos(turn)];
      };
      expect(ellipseDistance(...place(0), ellipse)).toBeCloseTo(0, 10);
      expect(ellipseDistance(...place(0.05), ellipse)).toBeCloseTo(0.05, 3);
      expect(ellipseDistance(...place(-0.05), ellipse)).toBeCloseTo(-0.05, 3);
    }
    expect(ellipseDistance(3, -2, ellipse)).toBeLessThan(-3);
    expect(ellipseDistance(3, -2, { ...ellipse, a: -1 })).toBe(Infinity);
  });

  it('smoothMin: the minimum away from the crease, a little less on it', () => {
    expect(smoothMin(1, 5, 2)).toBe(1);
    expect(smoothMin(1, 1, 2)).toBeCloseTo(0.5, 12);
  });

  it('coverage: half on the edge, all or nothing beyond half a width, falling in between', () => {
    expect([coverage(0, 2), coverage(-1, 2), coverage(1, 2)]).toEqual([0.5, 1, 0]);
    expect(coverage(-0.4, 2)).toBeGreaterThan(coverage(0.4, 2));
    expect(coverage(-0.4, 2) + coverage(0.4, 2)).toBeCloseTo(1, 12);
  });
});
