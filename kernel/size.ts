/** Objects looked into; what only further ones hold is not counted. */
const looked = 2_000;

/**
 * About how many bytes a value keeps in memory: exact for the buffers of typed arrays, a guess for
 * the rest. Shared parts are counted once per call.
 */
export function sizeOf(value: unknown): number {
  const seen = new Set<object>();
  const pending: unknown[] = [value];
  let bytes = 0;
  for (let item = pending.pop(); pending.length > 0 || item !== undefined; item = pending.pop()) {
    if (typeof item === "string") bytes += 2 * item.length;
    if (typeof item !== "object" || item === null || seen.has(item)) continue;
    seen.add(item);
    if (ArrayBuffer.isView(item)) pending.push(item.buffer);
    else if (item instanceof ArrayBuffer || item instanceof SharedArrayBuffer) {
      bytes += item.byteLength;
    } else {
      const { count, first } = partsOf(item);
      bytes += 16 + 8 * count;
      if (seen.size < looked) pending.push(...first);
    }
  }
  return bytes;
}

/** What a value refers to: how many parts there are, and the first of them. */
function partsOf(item: object): { readonly count: number; readonly first: readonly unknown[] } {
  if (item instanceof Map || item instanceof Set) {
    const first: unknown[] = [];
    for (const part of item) {
      if (first.length >= looked) break;
      first.push(part);
    }
    return { count: item.size, first };
  }
  if (Array.isArray(item)) return { count: item.length, first: item.slice(0, looked) };
  const keys = Object.keys(item);
  // Getters are not called: they may compute.
  const first = keys
    .slice(0, looked)
    .map((key) => Object.getOwnPropertyDescriptor(item, key)?.value as unknown);
  return { count: keys.length, first };
}
