/**
 * Where the deep structures lie, by height: key sections of the left half (x > 0), interpolated in between. Millimetres
 * in the phantom's frame: x to the patient's left, y to the back, z up, the origin in the middle of the brain at the
 * height of the foramina of Monro. Proportions after standard axial atlases.
 */
import { type Chain, type ChainNode, type Ellipse, makeChain } from './phantom-shapes.ts';

type Row = readonly number[];
interface Section {
  readonly z: number;
  readonly row: Row;
}

/** Rows of numbers, linear in z, constant beyond the ends. */
function atHeight(sections: readonly Section[], z: number): Row {
  const above = sections.findIndex((section) => section.z >= z);
  if (above <= 0) return (sections[above === 0 ? 0 : sections.length - 1] as Section).row;
  const [a, b] = [sections[above - 1] as Section, sections[above] as Section];
  const t = (z - a.z) / (b.z - a.z);
  return a.row.map((value, i) => value + t * ((b.row[i] as number) - value));
}

/** Nodes as given, with three more on a Catmull-Rom spline between each two, so that the outline has no corners. */
function toChain(row: Row): Chain {
  const last = row.length / 3 - 1;
  const value = (node: number, k: number) => row[3 * Math.min(Math.max(node, 0), last) + k] as number;
  const nodes: ChainNode[] = [];
  for (let i = 0; i <= 4 * last; i++) {
    const node = Math.min(Math.floor(i / 4), last - 1);
    const t = i / 4 - node;
    const at = (k: number) => catmullRom(value(node - 1, k), value(node, k), value(node + 1, k), value(node + 2, k), t);
    nodes.push({ x: at(0), y: at(1), radius: at(2) });
  }
  return makeChain(nodes);
}

function catmullRom(a: number, b: number, c: number, d: number, t: number): number {
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

function toEllipse(row: Row): Ellipse {
  const [x, y, a, b, turn] = row as [number, number, number, number, number];
  return { x, y, a, b, turn };
}

/** x, y, radius of seven nodes: frontal horn, body, atrium, occipital horn. */
const LATERAL_VENTRICLE: readonly Section[] = [
  { z: 0, row: [14.5, -30, 2, 7, -21, 4.2, 3.6, -10, 1.8, 12, 8, -7, 24, 24, 1.5, 26.5, 33, 4.4, 22, 49, 1.2] },
  { z: 8, row: [14.5, -31, 2, 6.8, -21, 4.6, 4.4, -8, 2.6, 9, 8, 0.5, 21, 22, 3.4, 26, 33, 4.8, 22, 47, 1.2] },
  { z: 16, row: [13.5, -28, 1.8, 7.2, -18, 4.3, 5.8, -5, 4, 8.5, 9, 3.8, 16, 22, 4.6, 23, 33, 4, 22, 42, 0.6] },
  { z: 23, row: [11.5, -21, 1, 8.8, -12, 3.2, 8.8, 0, 3.9, 11, 11, 3.9, 16, 21, 3.3, 20, 28, 1.4, 21, 34, -1.5] },
  { z: 30, row: [10, -14, -3, 9, -8, -2.5, 9, 0, -2, 11, 9, -2, 14, 16, -2.5, 18, 22, -3, 20, 28, -3] },
];
/** Half-width of the third ventricle's slit from y = −6 to 13. */
const THIRD_VENTRICLE: readonly Section[] = [
  { z: 0, row: [0, -7, 1.2, 0, 4, 2.1, 0, 15, 1.4] },
  { z: 8, row: [0, -5, 0.4, 0, 4, 1.2, 0, 14, 0.8] },
  { z: 13, row: [0, -5, -1, 0, 4, -1, 0, 14, -1] },
];
const CAUDATE: readonly Section[] = [
  { z: 0, row: [13.2, -20, 4.6, 8.2, -0.25] },
  { z: 10, row: [13.8, -18, 3.8, 8.8, -0.2] },
  { z: 20, row: [14.2, -8, 2.3, 11, 0.05] },
  { z: 28, row: [15, 0, -1, 6, 0.1] },
];
const PUTAMEN: readonly Section[] = [
  { z: 0, row: [27, -4, 5.2, 15.5, 0.26] },
  { z: 10, row: [26.5, -3, 4, 13.5, 0.22] },
  { z: 19, row: [26, -2, -1, 8, 0.2] },
];
const PALLIDUM: readonly Section[] = [
  { z: 0, row: [20.6, -1, 3.6, 8.6, 0.42] },
  { z: 9, row: [20.4, 0, 1.6, 6.5, 0.42] },
  { z: 12, row: [20.4, 0, -1, 5, 0.42] },
];
const THALAMUS: readonly Section[] = [
  { z: 0, row: [10.2, 9, 7.2, 14, 0.5] },
  { z: 10, row: [9.8, 8, 6.4, 12.5, 0.42] },
  { z: 17, row: [9.5, 7, -1, 8, 0.4] },
];
/** A sheet of grey matter about 1 mm thick between putamen and insula. */
const CLAUSTRUM: readonly Section[] = [
  { z: 0, row: [31.8, -19, 0.3, 34.6, -6, 0.65, 34.4, 4, 0.6, 32.4, 13, 0.25] },
  { z: 14, row: [31.2, -14, 0.2, 33.4, -5, 0.5, 33.2, 3, 0.4, 31.8, 9, 0.1] },
  { z: 20, row: [31, -12, -1, 33, -5, -1, 33, 3, -1, 31, 8, -1] },
];
/** Fissure of Sylvius: the insular cleft, then the way out to the side. */
const INSULA: readonly Section[] = [
  { z: 0, row: [36.5, -25, 1.3, 40.4, -10, 1, 40.2, 3, 1, 37.4, 16, 1.1] },
  { z: 14, row: [36.5, -19, 1, 39.2, -9, 0.8, 39.2, 2, 0.8, 37, 11, 0.8] },
  { z: 24, row: [37, -12, -4, 39, -8, -3.5, 39, 0, -3.5, 37, 6, -4] },
];
const SYLVIAN: readonly Section[] = [
  { z: 0, row: [40.5, -6, 1.1, 47, -11, 0.8, 55, -9, 1.1, 70, -14, 2.6] },
  { z: 10, row: [40, -3, 0.9, 47, 1, 0.6, 55, -1, 0.9, 70, 2, 1.8] },
  { z: 18, row: [39, 1, 0.6, 47, 6, 0.5, 55, 7, 0.7, 70, 11, 1.4] },
  { z: 26, row: [39, 4, -4, 47, 8, -3, 55, 11, -1, 70, 15, 0.8] },
];
/** Front end (y < this) and back end (y > this) of the interhemispheric fissure: genu and splenium of the callosum. */
const FISSURE_ENDS: readonly Section[] = [
  { z: 0, row: [-37, 31] },
  { z: 10, row: [-38, 36] },
  { z: 18, row: [-33, 35] },
  { z: 25, row: [-18, 20] },
  { z: 29, row: [2, 2] },
];

/** Everything at one height. */
export interface Anatomy {
  readonly lateralVentricle: Chain;
  readonly thirdVentricle: Chain;
  readonly caudate: Ellipse;
  readonly putamen: Ellipse;
  readonly pallidum: Ellipse;
  readonly thalamus: Ellipse;
  readonly claustrum: Chain;
  readonly insula: Chain;
  readonly sylvian: Chain;
  readonly fissureEnds: readonly [number, number];
}

export function anatomyAt(z: number): Anatomy {
  const [front, back] = atHeight(FISSURE_ENDS, z) as readonly [number, number];
  return {
    lateralVentricle: toChain(atHeight(LATERAL_VENTRICLE, z)),
    thirdVentricle: toChain(atHeight(THIRD_VENTRICLE, z)),
    caudate: toEllipse(atHeight(CAUDATE, z)),
    putamen: toEllipse(atHeight(PUTAMEN, z)),
    pallidum: toEllipse(atHeight(PALLIDUM, z)),
    thalamus: toEllipse(atHeight(THALAMUS, z)),
    claustrum: toChain(atHeight(CLAUSTRUM, z)),
    insula: toChain(atHeight(INSULA, z)),
    sylvian: toChain(atHeight(SYLVIAN, z)),
    fissureEnds: [front, back],
  };
}
