import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generate } from "../../../src/engine/wasm/build.mjs";

test("kernels.generated.ts is what the assembly sources compile to", async () => {
  const path = new URL("../../../src/engine/wasm/kernels.generated.ts", import.meta.url);
  expect(readFileSync(path, "utf8")).toBe(await generate());
}, 30_000);
