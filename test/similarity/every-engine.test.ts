import "../../src/engine/node/index.ts";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { describe, expect, test } from "vitest";
import { openEngine, type Tf, tfjsEngine } from "../../src/engine/index.ts";
import type { Engine, Precision } from "../../src/tensor/index.ts";
import { type Check, failing, vectorChecks, vectorNames } from "../support/vector-checks.ts";
import { cases } from "../support/vectors.ts";

// Without this it advises to install another package.
tf.env().set("IS_TEST", true);

const vectors = Object.fromEntries(vectorNames.map((name) => [name, cases<never, never>(name)]));

const engines: { name: string; open: () => Promise<Engine>; precisions: Precision[] }[] = [
  { name: "reference", open: () => openEngine("reference"), precisions: ["float64", "float32"] },
  ...[0, 1, 2, 4].map((threads) => ({
    name: threads === 0 ? "wasm without workers" : `wasm of ${threads} workers`,
    open: () => openEngine("wasm", { threads }),
    precisions: ["float64", "float32"] as Precision[],
  })),
  { name: "onnx", open: () => openEngine("onnx"), precisions: ["float64", "float32"] },
  { name: "tfjs", open: () => tfjsEngine(tf as unknown as Tf), precisions: ["float32"] },
];

const known = new Map<Precision, readonly Check[]>();

describe.for(engines)("$name", ({ open, precisions }) => {
  test.for(precisions)("all test vectors in %s", async (precision) => {
    const engine = await open();
    try {
      expect(engine.info.precisions).toContain(precision);
      const checks = await vectorChecks(vectors, engine, precision);
      expect(failing(checks)).toEqual([]);
      expect(checks.length).toBeGreaterThan(precision === "float64" ? 1400 : 1000);
      if (engine.info.name !== "wasm") return;
      // Whatever the number of workers, the same bits.
      expect(checks).toEqual(known.get(precision) ?? checks);
      known.set(precision, checks);
    } finally {
      await engine.dispose();
    }
  });
});
