/**
 * Smooth noise in three dimensions, evaluated in one plane of constant z: gradient noise (Perlin, SIGGRAPH 1985, with
 * the quintic fade of 2002). Neighbouring planes of the same seed continue each other. Values lie within about ±0.9.
 */
import { mix } from './xoshiro.ts';

/** Per lattice node: value and two slopes, already blended along z. */
const PER_NODE = 3;

export class NoisePlane {
  readonly #nodes: Float64Array;
  readonly #side: number;
  readonly #half: number;
  readonly #perUnit: number;

  /** Defined for |x|, |y| ≤ `reach`; `wavelength` is the lattice spacing, `z` the height, all in the same unit. */
  constructor(seed: number, wavelength: number, z: number, reach: number) {
    this.#perUnit = 1 / wavelength;
    this.#half = Math.ceil(reach / wavelength) + 1;
    this.#side = 2 * this.#half + 1;
    this.#nodes = new Float64Array(this.#side * this.#side * PER_NODE);
    const height = z / wavelength;
    const floor = Math.floor(height);
    const below = height - floor;
    const weight = fade(below);
    for (let j = 0; j < this.#side; j++) {
      for (let i = 0; i < this.#side; i++) {
        const node = (j * this.#side + i) * PER_NODE;
        this.#addGradient(node, mix(hash(seed, i - this.#half, j - this.#half, floor)), below, 1 - weight);
        this.#addGradient(node, mix(hash(seed, i - this.#half, j - this.#half, floor + 1)), below - 1, weight);
      }
    }
  }

  /** Value at (x, y); coordinates beyond the reach are clamped to its edge. */
  at(x: number, y: number): number {
    const limit = 2 * this.#half - 1e-6;
    const u = Math.min(Math.max(x * this.#perUnit + this.#half, 0), limit);
    const v = Math.min(Math.max(y * this.#perUnit + this.#half, 0), limit);
    const i = Math.floor(u);
    const j = Math.floor(v);
    const dx = u - i;
    const dy = v - j;
    const node = (j * this.#side + i) * PER_NODE;
    const next = node + this.#side * PER_NODE;
    const a = this.#corner(node, dx, dy);
    const b = this.#corner(node + PER_NODE, dx - 1, dy);
    const c = this.#corner(next, dx, dy - 1);
    const d = this.#corner(next + PER_NODE, dx - 1, dy - 1);
    const fx = fade(dx);
    const top = a + fx * (b - a);
    return top + fade(dy) * (c + fx * (d - c) - top);
  }

  #corner(node: number, dx: number, dy: number): number {
    const n = this.#nodes;
    return (n[node] as number) + (n[node + 1] as number) * dx + (n[node + 2] as number) * dy;
  }

  #addGradient(node: number, bits: number, dz: number, weight: number): void {
    // A direction uniform on the sphere, times √2 so that the values fill about ±1.
    const gz = 2 * ((bits & 0xffff) / 65536) - 1;
    const angle = 2 * Math.PI * ((bits >>> 16) / 65536);
    const flat = Math.sqrt(1 - gz * gz) * Math.SQRT2;
    this.#nodes[node] = (this.#nodes[node] as number) + weight * gz * Math.SQRT2 * dz;
    this.#nodes[node + 1] = (this.#nodes[node + 1] as number) + weight * flat * Math.cos(angle);
    this.#nodes[node + 2] = (this.#nodes[node + 2] as number) + weight * flat * Math.sin(angle);
  }
}

function fade(t: number): number {
  return t * t * t * (t * (t * 6 - 15) + 10);
}

function hash(seed: number, i: number, j: number, k: number): number {
  return mix(seed + Math.imul(i, 0x9e3779b1)) ^ mix(Math.imul(j, 0x85ebca77) + Math.imul(k, 0xc2b2ae3d) + 0x27d4eb2f);
}
