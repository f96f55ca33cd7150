import { expect, test } from "vitest";
import { chainsOf, referenceEngine } from "../../../src/engine/index.ts";
import { chainSuite } from "../support/chain-suite.ts";

const engine = referenceEngine();

chainSuite(async () => chainsOf(engine));

test("chainsOf gives an engine's own operation, else one and the same composed of its gemm", () => {
  const own = chainsOf(referenceEngine());
  expect(chainsOf({ ...engine, chains: own })).toBe(own);
  expect(chainsOf(engine)).toBe(chainsOf(engine));
});
