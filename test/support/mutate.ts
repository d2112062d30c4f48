/** Seeded mutations of small valid files: what a flaky disk, a broken network or an adversary makes of them. */

/** Mulberry32: 32-bit seeded generator, uniform in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

type Random = () => number;
type Mutation = (bytes: Uint8Array, random: Random, seeds: readonly Uint8Array[]) => Uint8Array;

const pick = (random: Random, n: number): number => Math.floor(random() * n);
/** Most damage goes to the first kilobyte, where headers are. */
const place = (random: Random, length: number): number => (random() < 0.6 ? pick(random, Math.min(length, 1024)) : pick(random, length));
/** Values that lengths, counts and offsets are wrong with. */
const NASTY = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

const MUTATIONS: readonly Mutation[] = [
  // Flips up to eight bits.
  (bytes, random) => {
    const out = bytes.slice();
    for (let n = 1 + pick(random, 8); n > 0; n--) {
      const at = place(random, out.length);
      out[at] = (out[at] as number) ^ (1 << pick(random, 8));
    }
    return out;
  },
  // Overwrites up to sixteen bytes in a row with noise.
  (bytes, random) => {
    const out = bytes.slice();
    const at = place(random, out.length);
    for (let i = at; i < Math.min(out.length, at + 1 + pick(random, 16)); i++) out[i] = pick(random, 256);
    return out;
  },
  // Cuts the end off.
  (bytes, random) => bytes.slice(0, place(random, bytes.length)),
  // Blows up a length: a nasty 16- or 32-bit value in either byte order.
  (bytes, random) => {
    const out = bytes.slice();
    const wide = random() < 0.5;
    const at = Math.max(0, Math.min(place(random, out.length), out.length - (wide ? 4 : 2)));
    const value = NASTY[pick(random, NASTY.length)] as number;
    const view = new DataView(out.buffer);
    if (out.length < 4) return out;
    if (wide) view.setUint32(at, value, random() < 0.7);
    else view.setUint16(at, value & 0xffff, random() < 0.7);
    return out;
  },
  // Takes a stretch out.
  (bytes, random) => {
    const at = place(random, bytes.length);
    const end = Math.min(bytes.length, at + 1 + pick(random, 64));
    return joined(bytes.subarray(0, at), bytes.subarray(end));
  },
  // Repeats a stretch in place.
  (bytes, random) => {
    const at = place(random, bytes.length);
    const end = Math.min(bytes.length, at + 1 + pick(random, 256));
    return joined(bytes.subarray(0, end), bytes.subarray(at));
  },
  // Splices the head of one seed to the tail of another.
  (bytes, random, seeds) => {
    const other = seeds[pick(random, seeds.length)] as Uint8Array;
    return joined(bytes.subarray(0, place(random, bytes.length)), other.subarray(place(random, other.length)));
  },
];

/** One to three mutations of a seed; the same `seed` number gives the same bytes. */
export function mutant(seeds: readonly Uint8Array[], seed: number): Uint8Array {
  const random = seeded(seed);
  let bytes = seeds[pick(random, seeds.length)] as Uint8Array;
  for (let n = 1 + pick(random, 3); n > 0; n--) {
    if (bytes.length === 0) return bytes;
    bytes = (MUTATIONS[pick(random, MUTATIONS.length)] as Mutation)(bytes, random, seeds);
  }
  return bytes;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
