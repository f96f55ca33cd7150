import { afterAll, describe } from "vitest";
import "../../../src/engine/node/index.ts";
import { wasmEngine } from "../../../src/engine/index.ts";
import { chainSuite } from "../support/chain-suite.ts";
import { gemmSuite } from "../support/gemm-suite.ts";

describe.for([
  ["workers that share a memory", { threads: 2, shared: true }],
  ["workers with a memory each", { threads: 2, shared: false }],
  ["the calling thread", { threads: 0 }],
] as const)("%s", ([, options]) => {
  const engine = wasmEngine(options);
  afterAll(async () => (await engine).dispose());

  chainSuite(async () => (await engine).chains!);
});

describe("gemm", () => {
  const engine = wasmEngine();
  gemmSuite(() => engine);
});
