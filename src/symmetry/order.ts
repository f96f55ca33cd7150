/**
 * The entries in another order: place h holds what place order[h] held.
 *
 * @throws {RangeError} when order is not a permutation
 */
export function inOrder<Entry>(
  act: string,
  entries: readonly Entry[],
  order: ArrayLike<number>,
): Entry[] {
  const places = Array.from(order);
  const seen = new Set<number>();
  for (const place of places) {
    const found = seen.has(place) ? `${place} twice` : `${place}`;
    if (entries[place] && !seen.has(place)) seen.add(place);
    else {
      throw new RangeError(
        `Cannot ${act} of a layer: expected each of 0 to ${entries.length - 1} once, found ${found}`,
      );
    }
  }
  return places.map((place) => entries[place]!);
}
