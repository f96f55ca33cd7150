import { join } from "node:path";
import { expect, test } from "vitest";
import { openSeries } from "../../src/checkpoint/files/index.ts";
import { tensorOf } from "../../src/checkpoint/index.ts";
import { checkNetwork, describeNetwork, type Settings } from "../../src/model/index.ts";
import { fixtures, fixturesPresent } from "../support/fixtures.ts";

const folder = join(fixtures, "induction");

/** How the checkpoints were trained. */
const trained: Settings = {
  heads: 2,
  nContext: 8,
  mask: "causal",
  rotaryBase: 1000,
  residual: "additive",
  gain: 0.35,
};

test.skipIf(!fixturesPresent)(
  "31 steps of a transformer are networks, given settings",
  async () => {
    const series = await openSeries(folder, { settings: trained });
    expect(series.steps).toEqual(Array.from({ length: 31 }, (_, i) => 500 * i));
    expect(series.describe()).toMatchObject({
      summary: '31 checkpoints, steps 0 to 15,000; read by the adapter "quadratic-transformer"',
      settings: expect.arrayContaining([{ setting: "heads", value: 2, from: "settings" }]),
    });
    for (let i = 0; i < series.length; i++) {
      const network = await series.network(i);
      expect(checkNetwork(network)).toMatchObject({ attention: 2, nContext: 8 });
      expect(describeNetwork(network)).toBe(
        "8 → linear → 8 → attention 2×4 → 8 → attention 2×4 → 8 → linear → 8, 8 positions",
      );
    }
  },
);

test.skipIf(!fixturesPresent)(
  "without settings they are read, and the settings named",
  async () => {
    const series = await openSeries(folder);
    expect(series.describe().mismatch).toMatch(
      /adapter "quadratic-transformer" has its tensors and needs settings, which tensors do not hold: heads .*, nContext .*, mask .*, rotaryBase .*, residual .*, gain /,
    );
    await expect(series.network(0)).rejects.toThrow('give them, e.g. {"heads": 8, ');
    const checkpoint = await series.checkpoint(1);
    expect(checkpoint).toMatchObject({ step: 500, metadata: { step: "500" } });
    expect([...checkpoint.tensors.keys()]).toHaveLength(10);
    const q = tensorOf(checkpoint.tensors.get("layers.0.q.weight")!);
    expect(q.shape).toEqual([8, 8]);
    expect([...q.data.slice(0, 3)]).toEqual([
      0.7158916592597961, -1.8849469423294067, -1.1176385879516602,
    ]);
  },
);
