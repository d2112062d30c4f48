/** What estimates are held against, in words. Pure. */
import type { MetricReport } from '../../../src/pipeline/step.ts';

export type ReferenceName = NonNullable<MetricReport['reference']>;

interface Words {
  /** In a table. */
  readonly brief: string;
  /** Under the title of a pane. */
  readonly title: string;
  /** After “against”. */
  readonly long: string;
}
const WORDS: Readonly<Record<ReferenceName, Words>> = {
  combined: { brief: 'combined', title: 'fully sampled, coils combined', long: 'the combined coils' },
  'root-sum-of-squares': { brief: 'RSS', title: 'fully sampled, root-sum-of-squares', long: 'the root-sum-of-squares' },
  file: { brief: 'file', title: 'the image in the file', long: 'the image in the file' },
};

/** Reports that an older studio wrote do not name their reference; null then, and their contract says it. */
export function referenceWords(report: Pick<MetricReport, 'reference'> | null | undefined): Words | null {
  return report?.reference === undefined ? null : WORDS[report.reference];
}

export const wordsOf = (name: ReferenceName | null): Words | null => (name === null ? null : WORDS[name]);
