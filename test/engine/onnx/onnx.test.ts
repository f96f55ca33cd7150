import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import "../../../src/engine/node/index.ts";
import { openEngine } from "../../../src/engine/index.ts";
import { onnxEngine } from "../../../src/engine/onnx/onnx.ts";
import type { Engine } from "../../../src/tensor/index.ts";
import { matrix } from "../../../src/tensor/index.ts";
import { expectAbortedAtOnce } from "../../support/aborting.ts";
import { chainSuite } from "../support/chain-suite.ts";
import { chainOf, floats, integers, type Sizes } from "../support/chains.ts";
import { gemmSuite } from "../support/gemm-suite.ts";
import { programSuite } from "../support/program-suite.ts";
import { diagonal } from "../support/recursion.ts";
import { values } from "../support/rows.ts";

const library = fileURLToPath(new URL("../../../dist/simile.js", import.meta.url));

let opened: Promise<Engine> | undefined;
const open = () => {
  opened ??= openEngine("onnx", { threads: 1 });
  return opened;
};

afterAll(async () => (await opened)?.dispose());

describe("gemm", () => gemmSuite(open));

chainSuite(async () => (await open()).chains!);
programSuite("onnx", async () => (await open()).programs!);

test("chains in any order, of two architectures, some released in between, batch the same", async () => {
  const chains = (await open()).chains!;
  const all = Array.from({ length: 12 }, (_, k) =>
    chainOf(k % 4 === 3 ? [6, [7, 4]] : [6, [5, 4]], integers(k)),
  );
  const loaded = await Promise.all(all.map((chain) => chains.load(chain, "float64")));
  loaded[4]!.release();
  const order = [11, 0, 1, 2, 10, 5, 6, 9, 8, 7, 3, 1];
  const row = chains.row(
    loaded[2]!,
    order.map((k) => loaded[k]!),
  );
  // Released while in use: the place must not be given to another.
  for (const chain of loaded) chain.release();
  const other = await chains.load(
    chainOf([6, [5, 4]], () => 9),
    "float64",
  );
  expect(values(await row)).toEqual(order.map((k) => diagonal(all[2]!, all[k]!)));
  other.release();
});

test.for<[string, Sizes, count: number]>([
  ["of many short runs", [256, [256, 32]], 2000],
  ["in the midst of a long run", [700, [900, 10]], 400],
])("a row %s is aborted at once, and the event loop turns meanwhile", async ([, sizes, count]) => {
  const chains = (await open()).chains!;
  const large = await chains.load(chainOf(sizes, floats(1)), "float64");
  const abort = new AbortController();
  // It cannot be over before the turns that are waited for.
  const row = chains.row(large, Array(count).fill(large), { signal: abort.signal });
  await expectAbortedAtOnce(row, abort);
  large.release();
  // What comes after is computed as ever.
  const small = await chains.load(chainOf([3, [2, 2]], integers(1)), "float64");
  const source = chainOf([3, [2, 2]], integers(1));
  expect(values(await chains.row(small, [small]))).toEqual([diagonal(source, source)]);
  small.release();
});

test("a large product is computed beside the calling thread, and leaves its operands as they are", async () => {
  const engine = await open();
  const one = matrix(1100, 1100);
  for (let i = 0; i < one.data.length; i++) one.data[i] = i % 7;
  let turns = 0;
  const clock = setInterval(() => turns++, 1);
  const found = await engine.gemm(one, one);
  clearInterval(clock);
  expect(turns).toBeGreaterThan(0);
  expect(one.data[8]).toBe(1);
  for (const [i, j] of [
    [0, 0],
    [3, 1099],
    [1099, 77],
  ] as const) {
    let sum = 0;
    for (let k = 0; k < 1100; k++) sum += one.data[i * 1100 + k]! * one.data[k * 1100 + j]!;
    expect(found.data[i * 1100 + j]).toBe(sum);
  }
});

test("a process that ends in the midst of a run ends as it wants to", () => {
  const program = `
    const { openEngine, randomBilinear, similarityMatrix } = await import(${JSON.stringify(library)});
    const engine = await openEngine("onnx", { threads: 1 });
    const network = randomBilinear({ dIn: 700, dHidden: 900, dOut: 10 });
    similarityMatrix([network, network, network], { engine }).catch(() => {});
    setTimeout(() => process.exit(7), 400);
  `;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([7, ""]);
});

test("a disposed engine says so", async () => {
  const engine = await onnxEngine({ threads: 1 });
  const one = matrix(1, 1, [1]);
  await engine.gemm(one, one);
  await engine.dispose();
  await expect(engine.gemm(one, one)).rejects.toThrow(
    'Cannot compute in engine "onnx": it is disposed',
  );
});
