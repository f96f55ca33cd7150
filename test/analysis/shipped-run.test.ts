import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { frequencies, gap, segments, tucker } from "../../src/analysis/index.ts";
import { openSeries } from "../../src/checkpoint/files/index.ts";
import type { BilinearLayer, Network } from "../../src/model/index.ts";
import { similarityMatrix } from "../../src/similarity/index.ts";

vi.setConfig({ testTimeout: 60_000 });

const folder = join(fileURLToPath(import.meta.url), "../../../workbooks/data/grokking");
const series = await openSeries(folder);

test("five phases: memorising ends where all trained pairs are right, understanding starts at one half", async () => {
  const similarities = await similarityMatrix(series);
  const { segments: phases } = segments(similarities, 5);
  // The history has 100 % of the trained pairs from 1,374 on and half of the others from 8,176 on.
  expect(phases.map(({ steps }) => steps)).toEqual([
    [0, 102],
    [124, 1374],
    [1545, 7517],
    [8176, 23333],
    [24953, 100000],
  ]);
  // What comes after 8,176 is more alike than it is like anything before.
  expect(gap(similarities, phases[2]!.last)).toBeGreaterThan(0.5);
});

test("understanding is a few frequencies, and fewer directions", async () => {
  const [first, last] = [await series.network(0), await series.network(series.length - 1)];
  const { marginal } = await frequencies(last);
  const order = Array.from(marginal.keys()).sort((f, g) => marginal[g]! - marginal[f]!);
  expect(order.slice(0, 6)).toEqual([51, 44, 4, 14, 35, 25]);
  // Six of 57 have 45 % of the weight; before training the largest of all has 2 %.
  const share = order.slice(0, 6).reduce((sum, f) => sum + marginal[f]!, 0) / 113;
  expect(share).toBeCloseTo(0.453, 3);
  const power = Array.from({ length: 57 }, (_, f) => powerOf(last, f));
  const strongest = Array.from(power.keys())
    .sort((f, g) => power[g]! - power[f]!)
    .slice(0, 4);
  expect(strongest).toEqual([4, 44, 35, 51]);
  expect(order.slice(0, 6)).toEqual(expect.arrayContaining(strongest));
  const ranks = [first, last].map((network) =>
    Object.values(tucker(network)).map(({ effectiveRank }) => effectiveRank),
  );
  for (const [mode, rank] of [58.64, 61.5, 61.38].entries()) {
    expect(ranks[0]![mode]).toBeCloseTo(rank, 2);
  }
  for (const [mode, rank] of [43.22, 44.09, 44.09].entries()) {
    expect(ranks[1]![mode]).toBeCloseTo(rank, 2);
  }
});

/** Power of a frequency in what the left sides read of the first number, straight from the weights. */
function powerOf(network: Network, f: number): number {
  const { left } = network.layers[0] as BilinearLayer;
  let power = 0;
  for (let h = 0; h < 64; h++) {
    let [real, imaginary] = [0, 0];
    for (let j = 0; j < 113; j++) {
      const angle = (2 * Math.PI * f * j) / 113;
      real += left.data[h * 226 + j]! * Math.cos(angle);
      imaginary += left.data[h * 226 + j]! * Math.sin(angle);
    }
    power += real * real + imaginary * imaginary;
  }
  return power;
}
