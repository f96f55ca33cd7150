import { describe, expect, test } from "vitest";
import { similarityMatrix, toReference } from "../../../src/similarity/index.ts";
import { countingEngine } from "../../support/counting-engine.ts";
import { networks, sameSize, series } from "../../support/series.ts";

describe("toReference(series, reference)", () => {
  test.for([0, 3, 6])("is row %i of the matrix, to the last bit", async (reference) => {
    const { data, norms } = await similarityMatrix(networks);
    const { engine, count } = countingEngine();
    const found = await toReference(series(), reference, { engine: "wasm" });
    expect(found.data).toEqual(data.slice(7 * reference, 7 * (reference + 1)));
    expect(found.norms).toEqual(norms);
    expect(found).toMatchObject({ shape: [7], reference, steps: series().steps });
    await toReference(series([], sameSize), reference, { engine, memory: 512 });
    expect(count.held).toBe(0);
    expect(count.most).toBe(512);
  });

  test("reports progress and stops after an abort", async () => {
    const controller = new AbortController();
    const told: number[] = [];
    const { engine, count } = countingEngine();
    const stopped = toReference(series(), 2, {
      engine,
      signal: controller.signal,
      progress: (done, total) => {
        told.push(done);
        expect(total).toBe(13);
        if (done >= 4) controller.abort(new Error("Enough"));
      },
    });
    await expect(stopped).rejects.toThrow("Enough");
    expect(told).toEqual([0, 1, 2, 5]);
    expect(count.held).toBe(0);
  });

  test.for([-1, 7, 0.5])("throws for %d, which is no network of the series", async (reference) => {
    await expect(toReference(networks, reference)).rejects.toThrow(
      `Cannot compare with network ${reference}: expected an index from 0 to 6, found ${reference}`,
    );
  });
});
