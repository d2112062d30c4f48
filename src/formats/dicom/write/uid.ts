/** New UIDs that depend on their seed alone, so that a re-run writes the same bytes: 2.25 and a UUID as one integer (PS3.5 annex B.2). */
import { createHash } from 'node:crypto';

export function derivedUid(seed: string, role: string): string {
  const bytes = createHash('sha256').update(`${seed}\n${role}`).digest().subarray(0, 16);
  // RFC 9562 section 5.8: version 8 (vendor-specific), variant 10.
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return `2.25.${BigInt(`0x${bytes.toString('hex')}`)}`;
}
