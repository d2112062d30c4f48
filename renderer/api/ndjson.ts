/** Newline-delimited JSON over a byte stream. */
import { LacunaError } from '../../src/errors.ts';

/** A line longer than this is no event of ours; refusing it keeps a broken stream from filling the memory. */
const MAX_LINE = 4 * 1024 * 1024;

/**
 * Yields one value a line, however the stream is cut into chunks (also within a UTF-8 sequence). Empty lines are
 * skipped; a last line without newline counts. Leaving the loop early cancels the stream.
 * Throws `input.malformed` for a line that is no JSON.
 */
export async function* readNdjson<T>(stream: ReadableStream<Uint8Array>): AsyncGenerator<T, void, void> {
  const reader = stream.getReader();
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  let line = 0;
  let finished = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split('\n');
      rest = done ? '' : (lines.pop() ?? '');
      for (const text of lines) {
        line++;
        if (text.trim() !== '') yield parseLine<T>(text, line);
      }
      if (done) {
        finished = true;
        return;
      }
      if (rest.length > MAX_LINE) throw new LacunaError('input.malformed', `Line ${line + 1} of the event stream has no end`);
    }
  } finally {
    if (!finished) await reader.cancel().catch(() => undefined);
    reader.releaseLock();
  }
}

function parseLine<T>(text: string, line: number): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new LacunaError('input.malformed', `Line ${line} of the event stream is not JSON`, { cause });
  }
}
