/** Collections and objects looked into. */
const looked = 2_000;
/** Parts looked into of one of them; the further ones are taken to be like those. */
const sampled = 500;

interface Wasm {
  readonly Memory: new () => { readonly buffer: ArrayBuffer };
  readonly Instance: new () => { readonly exports: object };
}
const wasm = Reflect.get(globalThis, "WebAssembly") as unknown as Wasm;

/**
 * About how many bytes a value keeps in memory: exact for the buffers of typed arrays, a guess for
 * the rest. Shared parts are counted once per call.
 */
export function sizeOf(value: unknown): number {
  const seen = new Set<object>();
  let left = looked;
  /** Values to look into, each with how many of its like it stands for. */
  const pending: (readonly [item: unknown, like: number])[] = [[value, 1]];
  let bytes = 0;
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [item, like] = next;
    if (typeof item === "string") bytes += 2 * item.length * like;
    if (typeof item !== "object" || item === null || seen.has(item)) continue;
    seen.add(item);
    if (ArrayBuffer.isView(item)) pending.push([item.buffer, like]);
    else if (item instanceof wasm.Memory) pending.push([item.buffer, like]);
    else if (item instanceof wasm.Instance) pending.push([item.exports, like]);
    else if (item instanceof ArrayBuffer || item instanceof SharedArrayBuffer) {
      bytes += item.byteLength * like;
    } else {
      const { count, first } = partsOf(item);
      bytes += (16 + 8 * count) * like;
      if (left-- <= 0 || first.length === 0) continue;
      // What is not looked into is taken to be like what is.
      const each = (like * count) / first.length;
      for (const part of first) pending.push([part, each]);
    }
  }
  return Math.round(bytes);
}

/** What a value refers to: how many parts there are, and the first of them. */
function partsOf(item: object): { readonly count: number; readonly first: readonly unknown[] } {
  if (item instanceof Map || item instanceof Set) {
    const first: unknown[] = [];
    for (const part of item) {
      if (first.length >= sampled) break;
      first.push(part);
    }
    return { count: item.size, first };
  }
  if (Array.isArray(item)) return { count: item.length, first: item.slice(0, sampled) };
  const keys = Object.keys(item);
  // Getters are not called: they may compute.
  const first = keys
    .slice(0, sampled)
    .map((key) => Object.getOwnPropertyDescriptor(item, key)?.value as unknown);
  return { count: keys.length, first };
}
