import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { gap, segments } from "../../src/analysis/index.ts";
import { openSeries } from "../../src/checkpoint/files/index.ts";
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
