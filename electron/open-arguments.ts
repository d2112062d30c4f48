/** Which files a command line asks to open. */
import { resolve } from 'node:path';

/**
 * Arguments after the program (and, unpackaged, after the app's folder). Everything that begins with `-` is left out first:
 * Chromium's switches stand before and between, and it adds some to the command line of a second instance.
 */
export function filesFromArguments(argv: readonly string[], options: { readonly packaged: boolean; readonly cwd: string }): string[] {
  const words = argv.filter((argument) => argument !== '' && !argument.startsWith('-'));
  return words.slice(options.packaged ? 1 : 2).map((argument) => resolve(options.cwd, argument));
}
