/**
 * The first run that takes less than `limit` ms, of at most `tries`; else the shortest, ms. A machine that is busy with
 * something else can delay any single run; a product that is slow is slow every time.
 */
export async function fastestOf(tries: number, limit: number, run: () => Promise<number>): Promise<number> {
  let best = Infinity;
  for (let i = 0; i < tries && !(best < limit); i++) best = Math.min(best, await run());
  return best;
}
