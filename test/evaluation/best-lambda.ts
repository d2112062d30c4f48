/** The weight of a regulariser that serves an image best, found by going uphill on a logarithmic scale: quality has one maximum there. */

export interface LambdaRange {
  readonly start: number;
  readonly low: number;
  readonly high: number;
}

export interface Tried<T> {
  readonly lambda: number;
  readonly result: T;
}

const STEP = 2;
/** Of quality, in dB: not worth another reconstruction. */
const WORTH_IT = 0.02;

/**
 * Doubles or halves λ while `quality` (higher is better) grows, then takes the vertex of the parabola through the best three, in log λ.
 * Everything that was tried comes back, best first. Each λ has three digits and is tried once.
 */
export async function bestLambda<T>(attempt: (lambda: number) => Promise<T>, quality: (result: T) => number, { start, low, high }: LambdaRange): Promise<readonly Tried<T>[]> {
  const tried = new Map<number, T>();
  const at = async (wanted: number): Promise<Point> => {
    const lambda = Number(Math.min(high, Math.max(low, wanted)).toPrecision(3));
    const result = tried.get(lambda) ?? (await attempt(lambda));
    tried.set(lambda, result);
    return { lambda, value: quality(result) };
  };
  let [below, middle, above] = [await at(start / STEP), await at(start), await at(start * STEP)];
  while (below.value > middle.value && below.lambda < middle.lambda) [below, middle, above] = [await at(below.lambda / STEP), below, middle];
  while (above.value > middle.value && above.lambda > middle.lambda) [below, middle, above] = [middle, above, await at(above.lambda * STEP)];
  if (below.lambda < middle.lambda && middle.lambda < above.lambda) {
    const top = vertex(below, middle, above);
    if (top.value - middle.value > WORTH_IT) await at(top.lambda);
  } else {
    // At the end of the range the maximum may lie between the last two.
    await at(Math.sqrt(middle.lambda * (below.lambda < middle.lambda ? below.lambda : above.lambda)));
  }
  return [...tried].map(([lambda, result]) => ({ lambda, result })).sort((a, b) => quality(b.result) - quality(a.result));
}

interface Point {
  readonly lambda: number;
  readonly value: number;
}

/** Of the parabola through three points over log λ, the middle one being the highest; that one where they lie on a line. */
function vertex(below: Point, middle: Point, above: Point): Point {
  const [u, v] = [Math.log(below.lambda / middle.lambda), Math.log(above.lambda / middle.lambda)];
  const [a, b] = [below.value - middle.value, above.value - middle.value];
  // Of a·x² + b·x through (u, a), (0, 0) and (v, b).
  const bend = (a / u - b / v) / (u - v);
  const slope = a / u - bend * u;
  if (!(bend < 0)) return middle;
  return { lambda: middle.lambda * Math.exp(-slope / (2 * bend)), value: middle.value - slope ** 2 / (4 * bend) };
}
