import type { Chain, ChainOperation, ChainRow, Precision } from "../../../src/tensor/index.ts";

/** The slices of a row with their exponents put back, one array for each pair; no zero is negative. */
export function values({ slices, exponents }: ChainRow): number[][] {
  const outputs = slices.length / exponents.length;
  return Array.from(exponents, (exponent, k) =>
    Array.from(
      slices.subarray(k * outputs, (k + 1) * outputs),
      (slice) => slice * 2 ** exponent + 0,
    ),
  );
}

/** Loads, computes one row and releases. */
export async function rowOf(
  chains: ChainOperation,
  a: Chain,
  bs: readonly Chain[],
  { precision = "float64" as Precision, symmetrise = true } = {},
): Promise<ChainRow> {
  const loaded = await Promise.all([a, ...bs].map((chain) => chains.load(chain, precision)));
  try {
    return await chains.row(loaded[0]!, loaded.slice(1), { symmetrise });
  } finally {
    for (const chain of loaded) chain.release();
  }
}
