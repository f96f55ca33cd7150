import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSeries, saveCheckpoint } from "../../../src/checkpoint/files/index.ts";
import { adapters, describeNetwork, userAdapter } from "../../../src/model/index.ts";
import { matrix, type Tensor } from "../../../src/tensor/index.ts";
import { temporaryFolder } from "../../support/folder.ts";

const text = await readFile(new URL("../../../README.md", import.meta.url), "utf8");

test("the adapter that README shows reads what it says", async () => {
  const [, example] = /```json\n(\{\n {2}"name": "mine"[\s\S]*?)```/.exec(text) ?? [];
  expect(userAdapter(example)).toHaveProperty("name", "mine");
  const table = (rows: number, columns: number): Tensor =>
    matrix(rows, columns, new Float64Array(rows * columns));
  const folder = await temporaryFolder();
  await writeFile(join(folder, "simile.json"), example!);
  await saveCheckpoint(join(folder, "step_1.safetensors"), {
    tok_emb: table(5, 8),
    ...Object.fromEntries(
      [0, 1].flatMap((n) => ["wq", "wk", "wv", "wo"].map((w) => [`block${n}.${w}`, table(8, 8)])),
    ),
    "block1.bq": { shape: [8], data: new Float64Array(8) },
    "block1.w12": table(6, 8),
    "block1.w3": table(8, 3),
    lm_head: table(5, 8),
    "block0.steps": { shape: [1], data: new Float64Array(1) },
  });
  const series = await openSeries(folder);
  expect(describeNetwork(await series.network(0))).toBe(
    "5 → linear → 8 → attention 4×2 → 8 → attention 4×2 → 8 → bilinear 3 → 8 → linear → 5, 64 positions",
  );
});

test("README names every adapter", () => {
  for (const { name } of adapters) expect(text).toContain(`\`${name}\``);
});
