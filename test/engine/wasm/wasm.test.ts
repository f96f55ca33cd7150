import { afterAll, describe, expect, test } from "vitest";
import "../../../src/engine/node/index.ts";
import { wasmEngine } from "../../../src/engine/index.ts";
import { matrix } from "../../../src/tensor/index.ts";
import { chainSuite } from "../support/chain-suite.ts";
import { gemmSuite } from "../support/gemm-suite.ts";
import { programSuite } from "../support/program-suite.ts";

describe.for([
  ["workers that share a memory", { threads: 2, shared: true }],
  ["workers with a memory each", { threads: 2, shared: false }],
  ["the calling thread", { threads: 0 }],
] as const)("%s", ([, options]) => {
  const engine = wasmEngine(options);
  afterAll(async () => (await engine).dispose());

  chainSuite(async () => (await engine).chains!);
  programSuite("wasm", async () => (await engine).programs!);
});

describe("gemm", () => {
  const engine = wasmEngine();
  gemmSuite(() => engine);

  test("a product beyond 32-bit addresses is a RangeError that names bytes", async () => {
    const { gemm } = await engine;
    await expect(gemm(matrix(70_000, 0), matrix(0, 70_000))).rejects.toThrow(
      new RangeError(
        'Cannot multiply [70000, 0] by [0, 70000] in engine "wasm": expected at most 4294901760 bytes of memory, found 39200000064 needed',
      ),
    );
    expect((await gemm(matrix(1, 1, [2]), matrix(1, 1, [3]))).data).toEqual(Float64Array.of(6));
  });
});
