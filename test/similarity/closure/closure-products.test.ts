import { expect, test } from "vitest";
import { programsOf, referenceEngine } from "../../../src/engine/index.ts";
import type { AttentionLayer, Network } from "../../../src/model/index.ts";
import { type Arithmetic, arithmeticOf } from "../../../src/similarity/closure/arithmetic.ts";
import { closureProducts } from "../../../src/similarity/closure/closure-products.ts";
import { type HeldMatrix, matrix, Random } from "../../../src/tensor/index.ts";

const random = new Random(5);
const drawn = (rows: number, columns: number) =>
  matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal()),
  );

function heads(): AttentionLayer {
  const legs = () => drawn(4, 3);
  return {
    kind: "attention",
    heads: 2,
    query1: legs(),
    key1: legs(),
    query2: legs(),
    key2: legs(),
    value: legs(),
    output: drawn(3, 4),
    rotaryBase: 10,
  };
}

const network = (): Network => ({ nContext: 2, layers: [heads(), heads()] });

/** An engine that stops at its `last`-th run of a program, and knows what it holds. */
function watched(last: number): {
  arithmetic: Arithmetic;
  held: Set<HeldMatrix>;
  runs: () => number;
} {
  const engine = referenceEngine();
  const programs = programsOf(engine);
  const held = new Set<HeldMatrix>();
  let runs = 0;
  const noted = (one: HeldMatrix) => {
    held.add(one);
    const release = one.release.bind(one);
    one.release = () => {
      held.delete(one);
      release();
    };
    return one;
  };
  const arithmetic: Arithmetic = {
    ...arithmeticOf(engine, async () => {}),
    programs: {
      load: async (one) => noted(await programs.load(one)),
      allocate: async (shape, precision) => noted(await programs.allocate(shape, precision)),
      read: (one) => programs.read(one),
      async run(program, groups, options) {
        if (++runs > last) throw new Error("Enough");
        return programs.run(program, groups, options);
      },
    },
  };
  return { arithmetic, held, runs: () => runs };
}

test("whenever it is stopped, the engine is left with nothing", async () => {
  const products = closureProducts({ positions: 2, substitution: undefined });
  const [a, b] = [network(), network()];
  const all = async ({ arithmetic }: Pick<ReturnType<typeof watched>, "arithmetic">) => {
    const one = await products.prepared(a, arithmetic);
    try {
      const other = await products.prepared(b, arithmetic);
      try {
        await products.slices(one, other, arithmetic);
      } finally {
        products.release?.(other);
      }
    } finally {
      products.release?.(one);
    }
  };
  const whole = watched(Number.POSITIVE_INFINITY);
  await all(whole);
  expect(whole.held.size).toBe(0);
  expect(whole.runs()).toBeGreaterThan(20);
  for (let last = 0; last < whole.runs(); last += 3) {
    const stopped = watched(last);
    await expect(all(stopped)).rejects.toThrow("Enough");
    expect(stopped.held.size, `stopped at run ${last}`).toBe(0);
  }
});
