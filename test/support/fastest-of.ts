/**
 * The shortest of up to `tries` runs, ms. A machine that is busy with something else can delay any single run; a product that
 * is slow is slow every time.
 */
export async function fastestOf(tries: number, run: () => Promise<number>): Promise<number> {
  let best = Infinity;
  for (let i = 0; i < tries; i++) best = Math.min(best, await run());
  return best;
}
