/** A command of `lacuna`. */
import type { Arguments, Flag } from './arguments.ts';
import type { Terminal } from './terminal.ts';

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** After `lacuna NAME`: `INPUT --output FILE`. */
  readonly usage: string;
  /** How many positional arguments it takes at most; any number when absent. */
  readonly positionals?: number;
  /** Paragraphs under the flags. */
  readonly notes?: string;
  /** Flags may depend on the steps that the line names. */
  flags(argv: readonly string[]): readonly Flag[];
  /** Resolves to the exit code: 0 done. Errors are thrown. */
  run(args: Arguments, terminal: Terminal, argv: readonly string[]): Promise<number>;
}
