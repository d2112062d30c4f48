/** The hash that names made-up data: that of the parameters, which decide every bit. */
export async function sampleHash(parameters: readonly (string | number | boolean)[]): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(['lacuna sample', ...parameters])));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
