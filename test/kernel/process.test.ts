import { afterEach, expect, test } from "vitest";
import { Kernel } from "../support/kernel.ts";
import { kernelCells } from "../support/kernel-cells.ts";

let kernel: Kernel;
afterEach(() => kernel.kill());

test("a cell is computed from a value of the page, and again when that changes", async () => {
  kernel = new Kernel();
  kernel.cells(await kernelCells({ square: "const y = n * n" }, { page: ["n"] }));
  expect((await kernel.result("square", { n: 3 })).values).toEqual({ y: 9 });
  expect((await kernel.result("square", { n: 4 })).values).toEqual({ y: 16 });
});
