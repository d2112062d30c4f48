/** What a card says about the predicted error of its network: one row a slice and acceleration. */
import { z } from 'zod';

/** What the rank correlation has to reach. */
export const TRUST_BAR = 0.5;

export const trustRow = z.strictObject({
  data: z.string(),
  slice: z.int().min(0),
  acceleration: z.number(),
  /** Spearman's ρ inside the object of predicted error with the true error around a pixel, and with that of the pixel alone. */
  rank: z.number(),
  rankAlone: z.number(),
  /** True over predicted root-mean-square error. */
  level: z.number(),
});
export type TrustFigure = z.infer<typeof trustRow>;

/** As many digits as mean something. */
export function roundedTrust({ data, slice, acceleration, rank, rankAlone, level }: TrustFigure): TrustFigure {
  return { data, slice, acceleration, rank: Number(rank.toFixed(3)), rankAlone: Number(rankAlone.toFixed(3)), level: Number(level.toFixed(3)) };
}

/** Of ρ; relative, of levels. */
export const TRUST_TOLERANCE = { rank: 0.02, level: 0.05 } as const;

export function trustLies(stated: readonly TrustFigure[], found: readonly TrustFigure[]): readonly string[] {
  return found.flatMap((row) => {
    const name = `predicted error, ${row.data}, slice ${row.slice}, R = ${row.acceleration}`;
    const says = stated.find(({ data, slice, acceleration }) => data === row.data && slice === row.slice && acceleration === row.acceleration);
    if (says === undefined) return [`${name}: not stated`];
    const complaints: string[] = [];
    const ranks = [['ρ', says.rank, row.rank], ['ρ of single pixels', says.rankAlone, row.rankAlone]] as const;
    for (const [what, a, b] of ranks) if (!(Math.abs(a - b) <= TRUST_TOLERANCE.rank)) complaints.push(`${name}: ${what} ${a.toFixed(2)} stated, ${b.toFixed(2)} found`);
    if (!(Math.abs(says.level - row.level) <= TRUST_TOLERANCE.level * row.level)) complaints.push(`${name}: true over predicted ${says.level.toFixed(2)} stated, ${row.level.toFixed(2)} found`);
    return complaints;
  });
}
