import type { KeptProducts, PairProducts, ResultStore } from "./result-store.ts";

/** Bytes of an entry beside its numbers, roughly. */
const overhead = 200;

interface Strip {
  readonly products: Map<string, PairProducts>;
  bytes: number;
}

/**
 * Results kept in this process, those of the networks that were asked for longest ago dropped first.
 *
 * @param bytes - how many they may take, roughly; default 128 MiB
 */
export function memoryResults(bytes: number = 2 ** 27): ResultStore {
  // In the order of their last use.
  const strips = new Map<string, Strip>();
  const touch = (key: string): Strip => {
    const strip = strips.get(key) ?? { products: new Map(), bytes: 0 };
    strips.delete(key);
    strips.set(key, strip);
    return strip;
  };
  let kept = 0;
  const trim = (): void => {
    for (const [key, strip] of strips) {
      if (kept <= bytes) return;
      strips.delete(key);
      kept -= strip.bytes;
    }
  };
  return {
    async read(comparison, first): Promise<KeptProducts> {
      const key = `${comparison} ${first}`;
      const products = strips.has(key) ? touch(key).products : new Map();
      return { products, damaged: 0 };
    },
    async append(comparison, first, products) {
      const strip = touch(`${comparison} ${first}`);
      for (const one of products) {
        if (strip.products.has(one.second)) continue;
        strip.products.set(one.second, one);
        strip.bytes += one.slices.byteLength + overhead;
        kept += one.slices.byteLength + overhead;
      }
      trim();
    },
  };
}
