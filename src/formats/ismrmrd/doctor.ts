/** Collects what header and data contradict each other about, and knows which fixes a person asked for. */
import type { Finding, ReadOptions } from '../../array/read-options.ts';

export class Doctor {
  readonly findings: Finding[] = [];
  readonly #fixes: ReadonlySet<string>;
  #scope = '';

  constructor(options: ReadOptions | undefined) {
    this.#fixes = new Set(options?.fixes);
  }

  /** Ids from here on end in `-name`, so that groups and encodings have their own. */
  scope(name: string): void {
    this.#scope = name === '' ? '' : `-${name}`;
  }

  note(finding: Omit<Finding, 'fix'>): void {
    this.#add({ ...finding, id: this.#id(finding.id) });
  }

  /** True where the fix was asked for. */
  offer(finding: Omit<Finding, 'fix'>, title: string): boolean {
    const id = this.#id(finding.id);
    const applied = this.#fixes.has(id);
    this.#add({ ...finding, id, fix: { title, applied } });
    return applied;
  }

  #id(id: string): string {
    return `${id}${this.#scope}`;
  }

  #add(finding: Finding): void {
    if (!this.findings.some(({ id }) => id === finding.id)) this.findings.push(finding);
  }
}

/** `1 readout`, `2 readouts`. */
export function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
