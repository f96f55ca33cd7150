import { mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { resultFolder } from "../../../src/index.node.ts";
import { randomBilinear } from "../../../src/model/index.ts";
import {
  type PairProducts,
  SimilarityCache,
  type SimilarityMatrix,
  similarityMatrix,
} from "../../../src/similarity/index.ts";
import { Random } from "../../../src/tensor/index.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "simile-results-"));
});
afterEach(() => rm(folder, { recursive: true }));

const networks = Array.from({ length: 6 }, (_, seed) =>
  randomBilinear({ dIn: 3, dHidden: 4, dOut: 2, seed }),
);
const engine = "reference";
const numbersOf = ({ data, norms }: SimilarityMatrix) => ({ data, norms });
const hash = (letter: string) => letter.repeat(64);

function product(second: string, slices: readonly number[]): PairProducts {
  return {
    second,
    slices: Float64Array.from(slices),
    exponent: -3000,
    rounding: Number.NEGATIVE_INFINITY,
  };
}

/** Every file of results. */
async function files(): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith(".products")).map((name) => join(folder, name));
}

test("what is kept is read, to the last bit, by another process as well", async () => {
  const odd = [0, -0, 5e-324, Number.NaN, Number.NEGATIVE_INFINITY, Math.PI];
  await resultFolder(folder).append("how", hash("a"), [product(hash("b"), odd)]);
  await resultFolder(folder).append("how", hash("a"), [
    product(hash("c"), [1]),
    product(hash("a"), []),
  ]);
  const { products, damaged } = await resultFolder(folder).read("how", hash("a"));
  expect(damaged).toBe(0);
  expect([...products.values()]).toEqual([
    product(hash("b"), odd),
    product(hash("c"), [1]),
    product(hash("a"), []),
  ]);
  for (const [comparison, first] of [
    ["how", hash("b")],
    ["other", hash("a")],
  ] as const) {
    expect((await resultFolder(folder).read(comparison, first)).products.size).toBe(0);
  }
});

test("nothing is written before there is something to keep", async () => {
  const results = resultFolder(join(folder, "none"));
  expect(await results.read("how", hash("a"))).toEqual({ products: new Map(), damaged: 0 });
  expect(await readdir(folder)).toEqual([]);
});

test("a matrix is finished by another process, and is the same to the last bit", async () => {
  const cache = () => new SimilarityCache({ results: resultFolder(folder) });
  const whole = await similarityMatrix(networks, { engine });
  await similarityMatrix(networks.slice(1, 5), { engine, cache: cache() });
  const found = await similarityMatrix(networks, { engine, cache: cache() });
  expect(found).toMatchObject({ computed: 11, notes: [] });
  expect(numbersOf(found)).toEqual(numbersOf(whole));
});

test("a flipped byte at any position is found, costs the pairs it is in, and is mended", async () => {
  const results = resultFolder(folder);
  const kept = ["b", "c", "d"].map((letter, k) => product(hash(letter), [k, -k]));
  await results.append("how", hash("a"), kept);
  const [file] = await files();
  const good = await readFile(file!);
  for (let at = 0; at < good.length; at++) {
    const bad = Buffer.from(good);
    bad[at]! ^= 1 << (at % 8);
    await writeFile(file!, bad);
    const { products, damaged } = await results.read("how", hash("a"));
    expect(damaged).toBe(1);
    const record = Math.floor(at / (good.length / 3));
    expect([...products.values()]).toEqual(kept.filter((_, k) => k !== record));
    expect(await results.read("how", hash("a"))).toEqual({ products, damaged: 0 });
  }
});

test("a record torn at any length is found, and what is appended after it is read", async () => {
  const results = resultFolder(folder);
  await results.append("how", hash("a"), [product(hash("b"), [1])]);
  const [file] = await files();
  const one = await readFile(file!);
  for (let length = 1; length < one.length; length++) {
    await writeFile(file!, Buffer.concat([one, one.subarray(0, length)]));
    await results.append("how", hash("a"), [product(hash("c"), [2])]);
    const { products, damaged } = await results.read("how", hash("a"));
    expect([damaged, [...products.keys()]]).toEqual([1, [hash("b"), hash("c")]]);
  }
});

test("a file in the place of another is worth nothing", async () => {
  const results = resultFolder(folder);
  await results.append("how", hash("a"), [product(hash("b"), [1])]);
  const [first] = await files();
  await results.append("how", hash("c"), [product(hash("b"), [2])]);
  const other = (await files()).find((path) => path !== first)!;
  await writeFile(other, await readFile(first!));
  expect(await results.read("how", hash("c"))).toEqual({ products: new Map(), damaged: 1 });
});

test("a matrix over damaged results is right, and says so", async () => {
  const random = new Random(7);
  const whole = await similarityMatrix(networks, { engine });
  for (let round = 0; round < 20; round++) {
    const cache = () => new SimilarityCache({ results: resultFolder(folder) });
    await similarityMatrix(networks, { engine, cache: cache() });
    const all = await files();
    const file = all[Math.floor(random.uniform() * all.length)]!;
    const bytes = await readFile(file);
    bytes[Math.floor(random.uniform() * bytes.length)]! ^= 1 + Math.floor(random.uniform() * 255);
    await writeFile(file, bytes);
    const found = await similarityMatrix(networks, { engine, cache: cache() });
    expect(found.computed).toBe(1);
    expect(found.notes).toEqual(["1 kept result was found damaged and computed again"]);
    expect(numbersOf(found)).toEqual(numbersOf(whole));
  }
});

test("two that append to one file at the same time mix nothing up", async () => {
  const stores = [resultFolder(folder), resultFolder(folder)];
  const seconds = Array.from({ length: 100 }, (_, k) => k.toString(16).padStart(64, "0"));
  await Promise.all(
    seconds.map((second, k) => stores[k % 2]!.append("how", hash("a"), [product(second, [k])])),
  );
  const { products, damaged } = await stores[0]!.read("how", hash("a"));
  expect([products.size, damaged]).toEqual([100, 0]);
});

test("the results unused longest go when the folder is full", async () => {
  // Records of 4 + 4 + 48 + 8 · 10 + 16 bytes.
  const results = resultFolder(folder, { limit: 16 * 152 });
  const slices = Array(10).fill(1);
  for (let k = 0; k < 16; k++) {
    await results.append("how", hash(k.toString(16)), [product(hash("f"), slices)]);
  }
  expect(await files()).toHaveLength(16);
  for (const file of await files()) await utimes(file, 1e9, 1e9);
  expect((await results.read("how", hash("3"))).products.size).toBe(1);
  await results.append("another", hash("a"), [product(hash("f"), slices)]);
  expect(await files()).toHaveLength(12);
  expect((await results.read("how", hash("3"))).products.size).toBe(1);
  expect((await results.read("another", hash("a"))).products.size).toBe(1);
  for (const file of await files()) expect((await stat(file)).size).toBe(152);
});

test("a folder that cannot be written is told, and the matrix is right", async () => {
  // A file where the folder would be.
  const path = join(folder, "taken");
  await writeFile(path, "");
  const cache = new SimilarityCache({ results: resultFolder(path) });
  const found = await similarityMatrix(networks, { engine, cache });
  expect(found.notes).toHaveLength(1);
  expect(found.notes[0]).toMatch(/^Cannot keep results in .*taken: /);
  expect(numbersOf(found)).toEqual(numbersOf(await similarityMatrix(networks, { engine })));
});

test.skipIf(process.platform !== "linux")(
  "a full disk is told, and the matrix is right",
  async () => {
    const results = resultFolder(folder);
    const whole = await similarityMatrix(networks, {
      engine,
      cache: new SimilarityCache({ results }),
    });
    // Every file becomes a link to the device that is always full.
    for (const file of await files()) {
      await rm(file);
      await symlink("/dev/full", file);
    }
    const cache = new SimilarityCache({
      results: { ...results, read: async () => ({ products: new Map(), damaged: 0 }) },
    });
    const found = await similarityMatrix(networks, { engine, cache });
    expect(found.notes).toEqual([`Cannot keep results in ${folder}: no space left on device`]);
    expect(numbersOf(found)).toEqual(numbersOf(whole));
  },
);

test("SIMILE_CACHE names the folder of a process", async () => {
  process.env["SIMILE_CACHE"] = folder;
  try {
    await similarityMatrix(networks, { engine });
    expect(await files()).toHaveLength(6);
    expect(await similarityMatrix(networks, { engine })).toMatchObject({ computed: 0 });
    process.env["SIMILE_CACHE"] = "";
    expect(await similarityMatrix(networks, { engine })).toMatchObject({ computed: 21 });
  } finally {
    delete process.env["SIMILE_CACHE"];
  }
});

test("resultFolder(folder, { limit: 0 }) throws", () => {
  expect(() => resultFolder(folder, { limit: 0 })).toThrow(
    "Cannot keep results: expected a limit above 0 bytes, found 0",
  );
});
