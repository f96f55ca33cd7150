/** Objects looked at before the rest is taken to be like them. */
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
      const parts = partsOf(item);
      bytes += 16 + 8 * parts.length;
      if (seen.size < looked) pending.push(...parts.slice(0, looked));
    }
  }
  return bytes;
}

function partsOf(item: object): readonly unknown[] {
  if (item instanceof Map) return [...item].flat();
  if (item instanceof Set) return [...item];
  if (Array.isArray(item)) return item;
  // Getters are not called: they may compute.
  return Object.values(Object.getOwnPropertyDescriptors(item)).map(({ value }) => value as unknown);
}
