import { join } from "node:path";
import { expect, test } from "vitest";
import { openCheckpoint, openSeries } from "../../src/checkpoint/files/index.ts";
import { tensorOf } from "../../src/checkpoint/index.ts";
import { checkNetwork } from "../../src/model/index.ts";
import { similarity, similarityMatrix } from "../../src/similarity/index.ts";
import { fixtures, fixturesPresent } from "../support/fixtures.ts";

test.skipIf(!fixturesPresent)(
  "three seeds of a classifier load and compare",
  async () => {
    const series = await openSeries(join(fixtures, "mlp-seeds"));
    expect(series.labels).toEqual(["model_seed_0", "model_seed_1", "model_seed_2"]);
    expect(series.steps).toBe(undefined);
    expect(series.describe()).toMatchObject({
      summary: '3 checkpoints; read by the adapter "embed-body-head"',
      tensors: expect.arrayContaining([{ name: "body.left.bias", type: "F32", shape: [512] }]),
    });
    expect(checkNetwork(await series.network(0))).toEqual({
      dIn: 784,
      dOut: 62,
      nonlinear: 1,
      attention: 0,
      nContext: 1,
    });
    const { data } = await similarityMatrix(series, { metric: "symmetric" });
    // An independent implementation on the same files gave 0.5131, 0.5158 and 0.5136.
    const expected = [1, 0.5131, 0.5158, 0.5131, 1, 0.5136, 0.5158, 0.5136, 1];
    for (const [i, value] of expected.entries()) {
      expect(Math.abs(data[i]! - value)).toBeLessThanOrEqual(value === 1 ? 1e-12 : 0.00005);
    }
    const options = { metric: "gaussian" } as const;
    const [first, second] = [await series.network(0), await series.network(1)];
    // As a mean over normal inputs the first pair is at 0.623.
    const gaussian = await similarity(first, second, options);
    expect(Math.abs(gaussian.value - 0.623)).toBeLessThan(0.0005);
  },
  30_000,
);

test.skipIf(!fixturesPresent)("its numbers are those that torch reads", async () => {
  const { tensors } = await openCheckpoint(join(fixtures, "mlp-seeds", "model_seed_0.pt"));
  const embed = tensorOf(tensors.get("embed.weight")!);
  expect(embed.shape).toEqual([128, 784]);
  expect([...embed.data.slice(0, 3)]).toEqual([
    0.004079141188412905, 0.016115332022309303, -0.013735785149037838,
  ]);
  expect(Array.from(embed.data).reduce((sum, value) => sum + value, 0)).toBeCloseTo(
    -1.946013424130797,
    12,
  );
});
