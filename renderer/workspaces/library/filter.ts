/** Finding rows of the library: every word typed must occur somewhere in the row. */
export function matches(query: string, fields: readonly (string | undefined)[]): boolean {
  const words = query.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const text = fields.filter((field) => field !== undefined).join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}
