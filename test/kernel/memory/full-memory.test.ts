import { afterEach, expect, test } from "vitest";
import { Kernel } from "../../support/kernel.ts";
import { kernelCells } from "../../support/kernel-cells.ts";

const cap = 400e6;

let kernel: Kernel;
afterEach(() => kernel.kill());

/** Each fills memory for ever in its own way. */
const kinds: Readonly<Record<string, string>> = {
  objects: "const all = []; for (;;) all.push({ text: String(Math.random()), at: all.length })",
  strings: "const all = []; for (;;) all.push('x'.repeat(1000) + Math.random())",
  "typed arrays": "const all = []; for (;;) all.push(new Float64Array(1e6).fill(1))",
  buffers: "const all = []; for (;;) all.push(Buffer.alloc(1e6, 1))",
  "wasm memory":
    "const memory = new WebAssembly.Memory({ initial: 1 }); for (;;) { memory.grow(160); new Uint8Array(memory.buffer).fill(1, memory.buffer.byteLength - 160 * 65536); }",
  "what it catches":
    "const all = []; for (;;) { try { for (;;) all.push(new Float64Array(1e6).fill(1)) } catch {} }",
  "a loop after await":
    "const all = []; for (;;) { await null; all.push(new Float64Array(1e6).fill(1)); }",
  "a loop that waits":
    "const all = []; for (;;) { await new Promise((done) => setTimeout(done, 1)); all.push(new Float64Array(1e6).fill(1)); }",
};

test.for(Object.entries(kinds))(
  "a cell that fills the memory with %s is ended at the cap, and what others hold is kept",
  async ([, source]) => {
    kernel = new Kernel(undefined, [`--max-old-space-size=700`], { cap });
    kernel.cells(
      await kernelCells(
        {
          weights: "const weights = new Float64Array(5e6).fill(2)",
          fill: `{ ${source} }`,
          sum: "const sum = weights[7] + n",
        },
        { page: ["n"], wanted: ["sum"] },
      ),
    );
    await kernel.result("weights");
    for (let round = 1; round <= 2; round++) {
      const { error } = await kernel.result("fill");
      expect(error?.name).toBe("MemoryError");
      expect(error?.message).toMatch(
        /^Cannot go on with "fill": expected at most 400 MB of memory, found \d{3} MB\nLargest variables: weights 40 MB\nAll variables are kept; SIMILE_MEMORY sets another cap$/,
      );
      expect((await kernel.result("sum", { n: round })).values).toEqual({ sum: 2 + round });
    }
  },
);
